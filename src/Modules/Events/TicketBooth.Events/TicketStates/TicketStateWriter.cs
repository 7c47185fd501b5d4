using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.TicketStates;

/// <summary>Stores what orders' messages say about their tickets, and evicts what readers were given before.</summary>
internal sealed class TicketStateWriter(ITicketStateStore tickets, ReadCache cache) : IBatchWriter<TicketUpdate>
{
    public async Task ApplyAsync(IReadOnlyList<TicketUpdate> changes, CancellationToken cancellationToken)
    {
        var applying = tickets.ApplyAsync(changes);
        await ((Task)applying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Of a batch that failed some may be stored, and when they come again they change nothing.
        var changed = applying.IsCompletedSuccessfully ? await applying : [.. changes.Select(update => update.EventId).Distinct()];
        foreach (var eventId in changed)
        {
            await cache.EvictAsync(eventId);
        }

        await applying;
    }
}
