using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Retries;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Refunds;

/// <summary>
/// Gives money back, each refund under an id of its own, until the gateway has done it or refuses it. The ledger queues what becomes due
/// here; each round also queues what a crash or another host left behind, and asks again about what the gateway has accepted.
/// </summary>
/// <remarks>A gateway that cannot be reached has refused nothing: only its answers count as tries.</remarks>
internal sealed partial class RefundPaymentsWorker(
    IPaymentStore store,
    IMoneyStore money,
    PaymentLedger ledger,
    PaymentGateways gateways,
    RetryQueue<DueRefund> queue,
    IOptions<PaymentsOptions> options,
    WorkServices services,
    ILogger<RefundPaymentsWorker> logger
) : PeriodicWork(new WorkSchedule(Interval) { StartsAtOnce = true }, services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const int Parallelism = 8;
    private const int PageSize = 500;
    private const string NotCaptured = "not-captured";

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        queue.Start(Parallelism, RefundAsync);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Waits for the refunds under way, but no longer than the host does: what is not done is stored.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await queue.StopAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var after = Guid.Empty;
        IReadOnlyList<Guid> page;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            page = await store.ListAwaitingRefundAsync(after, PageSize);
            foreach (var stored in await store.FindAsync(page))
            {
                ledger.QueueRefunds(stored.Payment);
            }

            after = page.Count > 0 ? page[^1] : after;
        } while (page.Count == PageSize);

        await QueueUnmatchedAsync(cancellationToken);
    }

    private async Task QueueUnmatchedAsync(CancellationToken cancellationToken)
    {
        var after = Guid.Empty;
        IReadOnlyList<UnmatchedMoney> page;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            page = await money.ListAsync(openOnly: true, after, PageSize);
            foreach (var unmatched in page)
            {
                after = unmatched.Id;
                if (unmatched.State == UnmatchedState.Refunding)
                {
                    queue.Add(new DueRefund(unmatched.Id, RefundId: null));
                }
            }
        } while (page.Count == PageSize);
    }

    private Task<bool> RefundAsync(DueRefund due, CancellationToken cancellationToken) =>
        due.RefundId is { } refundId
            ? RefundAsync(due.Subject, refundId, cancellationToken)
            : RefundUnmatchedAsync(due.Subject, cancellationToken);

    /// <summary>True when the queue need not ask again; the stored refund tells what became of it.</summary>
    private async Task<bool> RefundAsync(Guid paymentId, Guid refundId, CancellationToken cancellationToken)
    {
        var payment = await store.FindAsync(paymentId);
        var refund = payment?.Money.Refunds.FirstOrDefault(one => one is { State: RefundState.Asked } && one.KnownAs == refundId);
        var capture = payment?.Money.Captures.FirstOrDefault(one => one.Id == refund?.CaptureId);
        if (payment is null || refund is null || capture is null)
        {
            return true;
        }

        var ask = new RefundAsk(
            refundId,
            PaymentReference.Of(payment) with
            {
                ExternalId = capture.ExternalId ?? payment.ExternalId,
            },
            capture.Id,
            refund.Amount,
            refund.Currency,
            refund.Reason
        );
        switch (await AskAsync(payment.Gateway, ask, cancellationToken))
        {
            case RefundAnswer.Settled settled:
                await ledger.RecordAsync(
                    paymentId,
                    new PaymentFact.RefundAccepted(refundId, settled.ExternalId, ask.Amount, IsSettled: true)
                );
                return true;
            case RefundAnswer.Asked asked:
                await ledger.RecordAsync(
                    paymentId,
                    new PaymentFact.RefundAccepted(refundId, asked.ExternalId, ask.Amount, IsSettled: false)
                );
                return true;
            case RefundAnswer.Refused refused:
                LogNotRefunded(logger, paymentId, refundId, refused.Reason);
                await ledger.RecordAsync(paymentId, new PaymentFact.RefundNotDone(refundId, refused.Reason, IsFinal: true));
                return true;
            case RefundAnswer.NotCaptured:
                LogNotRefunded(logger, paymentId, refundId, NotCaptured);
                var isLast = refund.Tries + 1 >= options.Value.RefundTries;
                await ledger.RecordAsync(paymentId, new PaymentFact.RefundNotDone(refundId, NotCaptured, isLast));
                return isLast;
            default:
                LogNotRefunded(logger, paymentId, refundId, "unreachable");
                return false;
        }
    }

    private async Task<bool> RefundUnmatchedAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await money.FindAsync(id) is not { State: UnmatchedState.Refunding, AskedAs: { } refundId } unmatched)
        {
            return true;
        }

        var ask = new RefundAsk(
            refundId,
            new PaymentReference(unmatched.PaymentId ?? Guid.Empty, unmatched.ExternalId, unmatched.At),
            unmatched.CaptureId,
            unmatched.Amount - unmatched.Returned,
            unmatched.Currency,
            "unmatched"
        );
        var answer = await AskAsync(unmatched.Gateway, ask, cancellationToken);
        var failure = answer switch
        {
            RefundAnswer.Refused refused => refused.Reason,
            RefundAnswer.NotCaptured => NotCaptured,
            _ => null,
        };
        var isLast = answer is RefundAnswer.Refused || unmatched.Tries + 1 >= options.Value.RefundTries;
        if (answer is RefundAnswer.Settled settled)
        {
            await ChangeAsync(one =>
                one with
                {
                    State = UnmatchedState.Refunded,
                    Returns = [.. one.Returns, new(settled.ExternalId, ask.Amount)],
                }
            );
            return true;
        }

        if (failure is not null)
        {
            LogNotRefunded(logger, id, refundId, failure);
            await ChangeAsync(one =>
                one with
                {
                    Tries = one.Tries + 1,
                    Failure = failure,
                    State = isLast ? UnmatchedState.Open : one.State,
                }
            );
            return isLast;
        }

        return answer is RefundAnswer.Asked;

        Task ChangeAsync(Func<UnmatchedMoney, UnmatchedMoney> change) =>
            money.ChangeAsync(id, one => one is { State: UnmatchedState.Refunding } && one.AskedAs == refundId ? change(one) : one!);
    }

    private async Task<RefundAnswer> AskAsync(string gateway, RefundAsk ask, CancellationToken cancellationToken) =>
        gateways.Named(gateway) is { } named ? await named.RefundAsync(ask, cancellationToken) : new RefundAnswer.Unreachable();

    [LoggerMessage(EventId = 5020, Level = LogLevel.Warning, Message = "The gateway did not do refund {RefundId} of {PaymentId}: {Reason}")]
    private static partial void LogNotRefunded(ILogger logger, Guid paymentId, Guid refundId, string reason);
}
