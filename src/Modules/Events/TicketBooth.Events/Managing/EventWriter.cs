using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Managing;

/// <summary>Decides a change of an event: a pure function of the event as it is and the time.</summary>
internal delegate Result<EventChange> Decide(Event current, DateTimeOffset now);

/// <summary>Changes stored events: reads, decides and writes, and evicts what readers were given before.</summary>
internal sealed class EventWriter(IEventStore store, ReadCache cache, PriceMetrics metrics, TimeProvider clock)
{
    /// <summary>
    /// Changes an event. Decides where the change is written, and again when another change came in between, so a change is never dated
    /// before it waited.
    /// </summary>
    /// <returns>
    /// The change that was written, or that changed nothing; the error of <paramref name="decide"/>; or <c>event-not-found</c>.
    /// </returns>
    public Task<Result<EventChange>> ChangeAsync(Guid id, Decide decide) => WriteAsync(id, decide, static (_, _) => true);

    /// <summary>As above, but changes nothing when the operation has changed the event before; null for none.</summary>
    public Task<Result<EventChange>> ChangeAsync(Guid id, Guid? operationId, Decide decide) =>
        WriteAsync(id, decide, static (_, _) => true, operationId);

    /// <summary>As above, and fails with <c>event-changed</c> unless the event has the given revision; null for any.</summary>
    public Task<Result<EventChange>> ChangeAsync(Guid id, Guid? operationId, long? revision, Decide decide) =>
        WriteAsync(id, decide, (_, current) => revision is null || current.Revision == revision, operationId);

    /// <summary>
    /// As <see cref="ChangeAsync(Guid, Decide)"/>, but fails with <c>event-changed</c> unless the event has the given revision, or for null
    /// the one that was read first: an edit is of the event as its editor saw it, and only prices may move in between.
    /// </summary>
    public Task<Result<EventChange>> EditAsync(Guid id, long? revision, Decide decide) =>
        WriteAsync(id, decide, (first, current) => current.Revision == (revision ?? first.Revision));

    private async Task<Result<EventChange>> WriteAsync(
        Guid id,
        Decide decide,
        Func<Event, Event, bool> isExpected,
        Guid? operationId = null
    )
    {
        Event? first = null;
        Result<EventChange> outcome = EventsErrors.NotFound;
        var isWritten = await store.ChangeAsync(id, current =>
        {
            first ??= current;
            outcome =
                operationId is { } operation && current.Operations.Contains(operation)
                    ? EventChange.None(current, DateOf(current))
                : isExpected(first, current) ? decide(current, DateOf(current)).Map(change => change.By(operationId))
                : EventsErrors.Changed;
            return outcome is { IsSuccess: true, Value: { IsChange: true } change } ? WriteOf(change) : null;
        });
        if (isWritten)
        {
            metrics.Changed(outcome.Value.Prices);
            await cache.EvictAsync(id);
        }

        return outcome;
    }

    /// <summary>
    /// Whatever the clock says, a change is not dated before the last one, nor before an order that is known: the order quoted the prices
    /// that were in force until the change (promise I6).
    /// </summary>
    private DateTimeOffset DateOf(Event current) =>
        clock.NotBefore(current.ChangedAt > current.OrderedAt ? current.ChangedAt : current.OrderedAt);

    private static EventWrite WriteOf(EventChange change)
    {
        var messages = change.Messages.Select(message => MessageCodec.Encode(message, change.After.Id, change.At));
        return new EventWrite(change.After, new EventRecords([.. messages], change.Prices, change.Policy));
    }
}
