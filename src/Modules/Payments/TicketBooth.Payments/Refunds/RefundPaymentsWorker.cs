using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Retries;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Refunds;

/// <summary>
/// Gives captured money back that pays no order, and retries until the gateway has confirmed it. The ledger queues what becomes due here;
/// each round also queues what a crash or another host left behind.
/// </summary>
internal sealed partial class RefundPaymentsWorker(
    IPaymentStore store,
    PaymentLedger ledger,
    PaymentGateways gateways,
    RetryQueue<DueRefund> queue,
    WorkServices services,
    ILogger<RefundPaymentsWorker> logger
) : PeriodicWork(new WorkSchedule(Interval) { StartsAtOnce = true }, services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const int Parallelism = 8;
    private const int PageSize = 500;

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
            foreach (var paymentId in page)
            {
                queue.Add(new DueRefund(paymentId));
                after = paymentId;
            }
        } while (page.Count == PageSize);
    }

    private async Task<bool> RefundAsync(DueRefund due, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(due.PaymentId) is not { AwaitsRefund: true } payment)
        {
            return true;
        }

        var answer = gateways.Named(payment.Gateway) is { } gateway
            ? await gateway.RefundAsync(AskOf(payment), cancellationToken)
            : new RefundAnswer.Unreachable();
        switch (answer)
        {
            case RefundAnswer.Settled:
                await ledger.RecordAsync(due.PaymentId, new PaymentFact.Refunded());
                return true;
            case RefundAnswer.Asked:
                return true;
            default:
                LogNotRefunded(logger, due.PaymentId, answer.GetType().Name);
                return false;
        }
    }

    private static RefundAsk AskOf(Payment payment) =>
        new(
            payment.Id,
            PaymentReference.Of(payment),
            payment.ExternalId ?? "",
            payment.Amount,
            payment.Currency,
            payment.RefundReason!
        );

    [LoggerMessage(
        EventId = 5020,
        Level = LogLevel.Warning,
        Message = "The gateway did not refund payment {PaymentId} ({Answer}); the refund will be retried"
    )]
    private static partial void LogNotRefunded(ILogger logger, Guid paymentId, string answer);
}
