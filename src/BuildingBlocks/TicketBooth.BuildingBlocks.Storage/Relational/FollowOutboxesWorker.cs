using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>
/// Has the outboxes relayed, and sees what other hosts have added to those in shared tables. One host relays an outbox at a time; another
/// one takes over when its lease has run out.
/// </summary>
internal sealed class FollowOutboxesWorker(IEnumerable<RelationalOutbox> outboxes, OutboxRelay relay, ILeases leases, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)) { StartsAtOnce = true }, services)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);

    protected override Task RunRoundAsync(CancellationToken cancellationToken) => EachAsync(outboxes, FollowAsync, cancellationToken);

    private async Task FollowAsync(RelationalOutbox outbox, CancellationToken cancellationToken)
    {
        relay.Attach(outbox);
        if (await leases.TryHoldAsync("outbox-" + outbox.Name, LeaseTime, cancellationToken))
        {
            outbox.Follow(await outbox.NewestAsync(cancellationToken));
        }
        else
        {
            outbox.Leave();
        }
    }
}
