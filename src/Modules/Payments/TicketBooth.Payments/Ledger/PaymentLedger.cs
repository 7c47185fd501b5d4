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
    NewExternalIds externalIds,
    TimeProvider clock,
    ILogger<PaymentLedger> logger
)
{
    public Task<Result<Changed>> RecordAsync(Guid paymentId, PaymentFact fact, Delivery? delivery = null) =>
        ChangeAsync(paymentId, payment => PaymentTransitions.Apply(payment, fact, clock.NotBefore(payment.ChangedAt)), delivery);

    /// <summary>
    /// Records what a gateway reports; the one way in for all gateways, whoever asked. A gateway's webhook that has called this answers
    /// 2xx: what the ledger made of the report is nothing to the gateway.
    /// </summary>
    public Task<Result<Changed>> RecordAsync(GatewayNotice notice, Delivery? delivery = null) =>
        ChangeAsync(notice.PaymentId ?? Guid.Empty, payment => PaymentTransitions.ApplyNotice(payment, notice, clock.NotBefore(payment.ChangedAt)), delivery);

    /// <summary>Takes note of the gateway's id of a payment. It is stored with the payment's next change, or within seconds.</summary>
    public void NoteExternalId(Guid paymentId, string externalId) => externalIds.Add(paymentId, externalId);

    /// <summary>Stores the gateway's id of the payment, unless a change of it has already done so.</summary>
    public async Task StoreExternalIdAsync(Guid paymentId)
    {
        await ChangeAsync(paymentId, payment => new Step(payment), delivery: null);
        externalIds.Remove(paymentId);
    }

    private async Task<Result<Changed>> ChangeAsync(Guid paymentId, Func<Payment, Result<Step>> decide, Delivery? delivery)
    {
        var outcome = await store.ChangeAsync(paymentId, payment => decide(externalIds.Complete(payment)), delivery);
        if (outcome.Error is { } error)
        {
            LogRefused(logger, paymentId, error.Code);
            return outcome;
        }

        if (outcome.Value.Payment.ExternalId is not null)
        {
            externalIds.Remove(paymentId);
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
