using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Deletes the minutes of demand that nobody looks back to any more.</summary>
internal sealed class ForgetDemandWorker(ITicketStateStore tickets, WorkServices services)
    : PeriodicWork(
        new WorkSchedule(Interval)
        {
            StartsAtOnce = true,
            Lease = "events-demand",

            // From round to round: with less, the next host would repeat the round when this one's lease has run out.
            LeaseTime = Interval,
        },
        services
    )
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        tickets.ForgetDemandAsync(DemandMinute.Of(Clock.GetUtcNow() - DemandMinute.Kept));
}
