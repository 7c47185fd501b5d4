using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>Removes old entries from the inboxes of the embedded stores: those that no failed message can repeat any more.</summary>
internal sealed class ForgetOldMessagesWorker(OutboxRelay relay, WorkServices services)
    : PeriodicWork(new WorkSchedule(Interval), services)
{
    /// <summary>Longer than any failed message waits for its replay.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(60);

    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        EachAsync(
            relay.Outboxes.OfType<IOutboxSource>(),
            (source, _) => source.ForgetMessagesAsync(Clock.GetUtcNow() - Memory),
            cancellationToken
        );
}
