using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>
/// I4, on a host that serves: what is in an outbox is delivered. A relay that was told nothing of an entry is made to look again; what then
/// still waits has a destination that does not take it.
/// </summary>
internal sealed class OutboxInvariant(OutboxRelay relay, TimeProvider clock) : IInvariantCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DeliveredWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        if (!report.IsServed)
        {
            return;
        }

        foreach (var outbox in relay.Outboxes)
        {
            if (await outbox.OldestAsync(cancellationToken) is { } oldest && oldest < clock.GetUtcNow() - Patience)
            {
                report.Violation(
                    "I4",
                    FormattableString.Invariant($"a message of the outbox {outbox.Name} waits since {oldest:O}"),
                    ending => DeliverAsync(outbox, oldest, ending)
                );
            }

            await report.StepAsync(cancellationToken);
        }
    }

    private async Task<bool> DeliverAsync(IOutbox outbox, DateTimeOffset waiting, CancellationToken cancellationToken)
    {
        outbox.Wake();
        for (var began = clock.GetTimestamp(); clock.GetElapsedTime(began) < DeliveredWithin;)
        {
            if (await outbox.OldestAsync(cancellationToken) is not { } oldest || oldest > waiting)
            {
                return true;
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }

        return false;
    }
}
