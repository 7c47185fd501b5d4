using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>Removes from the inboxes of the embedded stores the messages that are too old to be delivered again.</summary>
internal sealed class ForgetOldMessagesWorker(OutboxRelay relay, WorkServices services) : PeriodicWork(new WorkSchedule(Interval), services)
{
    /// <summary>How long the inboxes keep a message: longer than any dead letter waits for its replay.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(60);

    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override Task RunRoundAsync(CancellationToken cancellationToken) =>
        EachAsync(
            relay.Outboxes.OfType<IOutboxSource>(),
            (source, _) => source.ForgetMessagesAsync(Clock.GetUtcNow() - Memory),
            cancellationToken
        );
}
