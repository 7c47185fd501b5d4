using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Refunds;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments;

/// <summary>The one way in which facts reach payments: stored, told, and followed by the refund that they may call for.</summary>
internal sealed partial class PaymentLedger(
    IPaymentStore store,
    RetryQueue<DueRefund> refunds,
    TimeProvider clock,
    ILogger<PaymentLedger> logger
)
{
    public Task<Result<Changed>> RecordAsync(Guid paymentId, PaymentFact fact, Delivery? delivery = null)
    {
        var now = clock.GetUtcNow();
        return ChangeAsync(paymentId, payment => PaymentTransitions.Apply(payment, fact, now), delivery);
    }

    public Task<Result<Changed>> RecordAsync(Guid paymentId, GatewayNotice notice, Delivery? delivery = null)
    {
        var now = clock.GetUtcNow();
        return ChangeAsync(paymentId, payment => PaymentTransitions.Hear(payment, notice, now), delivery);
    }

    /// <summary>Remembers the gateway's id, unless a webhook was faster.</summary>
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

    [LoggerMessage(Level = LogLevel.Error, Message = "What was said about payment {PaymentId} was not taken: {Code}")]
    private static partial void LogRefused(ILogger logger, Guid paymentId, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A decline of payment {PaymentId} came although it is {Status}; ignored")]
    private static partial void LogContradiction(ILogger logger, Guid paymentId, PaymentStatus status);
}
