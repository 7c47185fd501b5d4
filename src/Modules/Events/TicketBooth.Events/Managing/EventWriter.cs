using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Managing;

/// <summary>Decides a change of an event: a pure function of the event as it is and the time.</summary>
internal delegate Result<EventChange> Decide(Event current, DateTimeOffset now);

/// <summary>Changes stored events: reads, decides and writes, and evicts what readers were given before.</summary>
internal sealed class EventWriter(IEventStore store, ReadCache cache, TimeProvider clock)
{
    /// <summary>
    /// Changes an event. Retries on a version conflict: reads the event and decides again. A conflict means that some change was written,
    /// so retries end.
    /// </summary>
    /// <returns>
    /// The change that was written, or that changed nothing; the error of <paramref name="decide"/>; or <c>event-not-found</c>.
    /// </returns>
    public Task<Result<EventChange>> ChangeAsync(Guid id, Decide decide) => TryUntilWrittenAsync(id, decide, static (_, _) => true);

    /// <summary>As above, but fails with <c>event-changed</c> unless the event has the given revision; null for any.</summary>
    public Task<Result<EventChange>> ChangeAsync(Guid id, long? revision, Decide decide) =>
        TryUntilWrittenAsync(id, decide, (_, current) => revision is null || current.Revision == revision);

    /// <summary>
    /// As <see cref="ChangeAsync(Guid, Decide)"/>, but fails with <c>event-changed</c> unless the event has the given revision, or for null
    /// the one that was read first: an edit is of the event as its editor saw it, and only prices may move in between.
    /// </summary>
    public Task<Result<EventChange>> EditAsync(Guid id, long? revision, Decide decide) =>
        TryUntilWrittenAsync(id, decide, (first, current) => current.Revision == (revision ?? first.Revision));

    private async Task<Result<EventChange>> TryUntilWrittenAsync(Guid id, Decide decide, Func<Event, Event, bool> isExpected)
    {
        Event? first = null;
        while (await store.FindAsync(id) is { } current)
        {
            if (!isExpected(first ??= current, current))
            {
                return EventsErrors.Changed;
            }

            // After the event was read, so that no change is older in the history than the one before it.
            var decision = decide(current, clock.GetUtcNow());
            if (!decision.IsSuccess || !decision.Value.IsChange || await TryWriteAsync(decision.Value))
            {
                return decision;
            }
        }

        return EventsErrors.NotFound;
    }

    /// <summary>Writes a change with its records and messages; false, and nothing written, on a version conflict.</summary>
    public async Task<bool> TryWriteAsync(EventChange change)
    {
        var messages = change.Messages.Select(message => MessageCodec.Encode(message, change.After.Id, change.At));
        if (!await store.ReplaceAsync(change.After, new EventRecords([.. messages], change.Prices, change.Policy)))
        {
            return false;
        }

        await cache.EvictAsync(change.After.Id);
        return true;
    }
}
