using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Retries;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Ledger;

/// <summary>
/// The one way to change a payment: the fact is stored, published to the other modules, and followed by the refunds that it may call for.
/// Money that no payment of ours expects is stored too.
/// </summary>
internal sealed partial class PaymentLedger(
    IPaymentStore store,
    IMoneyStore money,
    RetryQueue<DueRefund> refunds,
    NewExternalIds externalIds,
    TimeProvider clock,
    ILogger<PaymentLedger> logger
)
{
    public Task<Result<Changed>> RecordAsync(Guid paymentId, PaymentFact fact, Delivery? delivery = null) =>
        ChangeAsync(paymentId, payment => PaymentTransitions.Apply(payment, fact, clock.NotBefore(payment.ChangedAt)), delivery);

    /// <summary>As the fact says, if the payment is as <paramref name="demand"/> demands; otherwise fails as that does.</summary>
    public Task<Result<Changed>> RecordAsync(Guid paymentId, Func<Payment, Error?> demand, PaymentFact fact) =>
        ChangeAsync(
            paymentId,
            payment => demand(payment) is { } error ? error : PaymentTransitions.Apply(payment, fact, clock.NotBefore(payment.ChangedAt)),
            delivery: null
        );

    /// <summary>
    /// Records what a gateway reports; the one way in for all gateways, whoever asked. No report about money is refused: a webhook that
    /// has called this answers 2xx.
    /// </summary>
    /// <returns>Null when the report is about no payment of ours.</returns>
    public async Task<Changed?> RecordAsync(GatewayNotice notice, Delivery? delivery = null)
    {
        if (notice.PaymentId is { } paymentId)
        {
            var outcome = await ChangeAsync(
                paymentId,
                payment => PaymentTransitions.Apply(payment, notice, clock.NotBefore(payment.ChangedAt)),
                delivery
            );
            if (outcome.IsSuccess)
            {
                return outcome.Value;
            }
        }

        await RecordUnmatchedAsync(notice);
        return null;
    }

    /// <summary>
    /// Takes note of the gateway's id of a payment, and of what it told for the buyer. They are stored with the payment's next change, or
    /// within seconds.
    /// </summary>
    public void NoteTaken(
        Guid paymentId,
        string externalId,
        string? pixCode = null,
        NextAction? nextAction = null,
        string? tokenMark = null
    ) => externalIds.Add(paymentId, externalId, new PaymentFact.Taken(pixCode, nextAction, tokenMark));

    /// <summary>The payment with what this host knows and has not stored yet.</summary>
    public Payment Complete(Payment payment) => externalIds.Complete(payment);

    /// <summary>Stores the gateway's id of the payment, unless a change of it has already done so.</summary>
    public async Task StoreExternalIdAsync(Guid paymentId)
    {
        await ChangeAsync(paymentId, payment => new Step(payment), delivery: null);
        externalIds.Remove(paymentId);
    }

    /// <summary>Queues what the gateway must be asked for.</summary>
    public void QueueRefunds(Payment payment)
    {
        foreach (var refund in payment.Money.Refunds)
        {
            if (refund is { State: RefundState.Asked, IsOurs: true, KnownAs: { } id })
            {
                refunds.Add(new DueRefund(payment.Id, id));
            }
        }
    }

    private async Task<Result<Changed>> ChangeAsync(Guid paymentId, Func<Payment, Result<Step>> decide, Delivery? delivery)
    {
        var outcome = await store.ChangeAsync(paymentId, payment => decide(externalIds.Complete(payment)), delivery);
        if (outcome.Error is not null)
        {
            return outcome;
        }

        var payment = outcome.Value.Payment;
        if (payment.ExternalId is not null)
        {
            externalIds.Remove(paymentId);
        }

        if (outcome.Value.Contradiction)
        {
            LogContradiction(logger, paymentId, payment.Status);
        }

        // An accepted refund is asked about again only by the worker's rounds.
        if (payment.AwaitsRefund)
        {
            foreach (var refund in payment.Money.Refunds)
            {
                if (refund is { State: RefundState.Asked, IsOurs: true, ExternalId: null, KnownAs: { } id })
                {
                    refunds.Add(new DueRefund(paymentId, id));
                }
            }
        }

        return outcome;
    }

    private async Task RecordUnmatchedAsync(GatewayNotice notice)
    {
        var captureId = notice.Fact switch
        {
            GatewayFact.Captured { Capture: var captured } => captured.Id,
            GatewayFact.Refund { Money: { } refund } => refund.CaptureId,
            GatewayFact.Dispute { Money: { } dispute } => dispute.CaptureId,
            _ => null,
        };
        if (captureId is null)
        {
            LogIgnored(logger, notice.Gateway, notice.ExternalId, notice.Fact.GetType().Name);
            return;
        }

        await money.ChangeAsync(RefundIds.OfUnmatched(notice.Gateway, captureId), known =>
        {
            known ??= new UnmatchedMoney(notice.Gateway, notice.ExternalId, captureId, clock.GetUtcNow()) { PaymentId = notice.PaymentId };
            return notice.Fact switch
            {
                GatewayFact.Captured { Capture: var captured } => known.Hear(captured),
                GatewayFact.Refund { Money: var refund } => known.Hear(refund),
                GatewayFact.Dispute { Money: var dispute } => known.Hear(dispute),
                _ => known,
            };
        });
        LogUnmatched(logger, notice.Gateway, notice.ExternalId, notice.PaymentId);
    }

    [LoggerMessage(
        EventId = 5010,
        Level = LogLevel.Error,
        Message = "{Gateway} told of money of its charge {ExternalId}, which no payment of ours expects ({PaymentId}); staff must decide"
    )]
    private static partial void LogUnmatched(ILogger logger, string gateway, string externalId, Guid? paymentId);

    [LoggerMessage(
        EventId = 5012,
        Level = LogLevel.Warning,
        Message = "{Gateway} reported {Fact} of its charge {ExternalId}, which no payment of ours expects; no money is in it"
    )]
    private static partial void LogIgnored(ILogger logger, string gateway, string externalId, string fact);

    [LoggerMessage(
        EventId = 5011,
        Level = LogLevel.Warning,
        Message = "The gateway reported a decline of payment {PaymentId}, but it is {Status}; the report was ignored"
    )]
    private static partial void LogContradiction(ILogger logger, Guid paymentId, Contracts.PaymentStatus status);
}
