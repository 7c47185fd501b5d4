using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Ledger;

/// <summary>
/// Removes the marks of webhooks and messages that are too old to be delivered again, and webhooks that nobody could read for long.
/// </summary>
internal sealed class ForgetDeliveriesWorker(IPaymentStore store, IMoneyStore money, WorkServices services)
    : PeriodicWork(new WorkSchedule(Interval), services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(6);

    /// <summary>Gateways repeat a webhook for days, and a failed message may be replayed weeks later.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(60);

    /// <summary>
    /// A gateway's endpoint that is not told which kinds to send sends all of them, some for each payment, with what they say of people.
    /// </summary>
    public static readonly TimeSpan UnreadMemory = TimeSpan.FromDays(30);

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await store.ForgetDeliveriesAsync(Clock.GetUtcNow() - Memory);
        await money.ForgetUnreadAsync(Clock.GetUtcNow() - UnreadMemory);
    }
}
