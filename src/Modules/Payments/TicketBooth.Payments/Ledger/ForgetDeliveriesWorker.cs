using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Ledger;

/// <summary>Removes the marks of webhooks and messages that are too old to be delivered again.</summary>
internal sealed class ForgetDeliveriesWorker(IPaymentStore store, WorkServices services)
    : PeriodicWork(new WorkSchedule(Interval), services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    /// <summary>Gateways repeat a webhook for days, and a failed message may be replayed weeks later.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(60);

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => store.ForgetDeliveriesAsync(Clock.GetUtcNow() - Memory);
}
