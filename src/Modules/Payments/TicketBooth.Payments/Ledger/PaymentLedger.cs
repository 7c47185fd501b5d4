using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Retries;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Ledger;

/// <summary>
/// The one way to change a payment: the fact is stored, published to the other modules, and followed by the refund that it may call for.
/// </summary>
internal sealed partial class PaymentLedger(
    IPaymentStore store,
    RetryQueue<DueRefund> refunds,
    TimeProvider clock,
    ILogger<PaymentLedger> logger
)
{
    public Task<Result<Changed>> RecordAsync(Guid paymentId, PaymentFact fact, Delivery? delivery = null) =>
        ChangeAsync(paymentId, payment => PaymentTransitions.Apply(payment, fact, clock.NotBefore(payment.ChangedAt)), delivery);

    public Task<Result<Changed>> RecordAsync(Guid paymentId, GatewayNotice notice, Delivery? delivery = null) =>
        ChangeAsync(paymentId, payment => PaymentTransitions.ApplyNotice(payment, notice, clock.NotBefore(payment.ChangedAt)), delivery);

    /// <summary>Stores the gateway's id of the payment, unless a webhook has already done so.</summary>
    public Task<Result<Changed>> RecordExternalIdAsync(Guid paymentId, string externalId) =>
        ChangeAsync(paymentId, payment => new Step(payment with { ExternalId = payment.ExternalId ?? externalId }), delivery: null);

    private async Task<Result<Changed>> ChangeAsync(Guid paymentId, Func<Payment, Result<Step>> decide, Delivery? delivery)
    {
        var outcome = await store.ChangeAsync(paymentId, decide, delivery);
        if (outcome.Error is { } error)
        {
            LogRefused(logger, paymentId, error.Code);
            return outcome;
        }

        if (outcome.Value.Contradiction)
        {
            LogContradiction(logger, paymentId, outcome.Value.Payment.Status);
        }

        if (outcome.Value.Payment.AwaitsRefund)
        {
            refunds.Add(new DueRefund(paymentId));
        }

        return outcome;
    }

    [LoggerMessage(EventId = 5010, Level = LogLevel.Error, Message = "A change of payment {PaymentId} was refused: {Code}")]
    private static partial void LogRefused(ILogger logger, Guid paymentId, string code);

    [LoggerMessage(
        EventId = 5011,
        Level = LogLevel.Warning,
        Message = "The gateway reported a decline of payment {PaymentId}, but it is {Status}; the report was ignored"
    )]
    private static partial void LogContradiction(ILogger logger, Guid paymentId, PaymentStatus status);
}
