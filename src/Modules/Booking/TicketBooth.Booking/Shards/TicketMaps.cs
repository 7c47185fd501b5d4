using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// Which tickets a lane believes taken, per event. Only spares it proposals that the store would refuse: a map that the store contradicts
/// is discarded and read again, and nobody is refused by a map alone.
/// </summary>
/// <remarks>
/// Other hosts take and free tickets of the same events. What they took is learned when the store refuses it. What they freed is learned
/// when a map is read again: before a refusal, and after <see cref="LongestLife"/>.
/// </remarks>
internal sealed class TicketMaps(IOrderStore store, TimeProvider clock)
{
    /// <summary>How long cheaper or better tickets may stay unknown that another host has freed.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, TicketMap> maps = [];
    private readonly Dictionary<Guid, long> readAt = [];
    private readonly HashSet<Guid> readInThisBatch = [];

    // Where to search first for the best tickets of an event that another host sells, too: each host has a region of its own, so that they
    // do not propose the same tickets.
    private readonly Dictionary<Guid, double> starts = [];

    /// <summary>What is read from now on is true for every item of the batch that begins.</summary>
    public void BeginBatch() => readInThisBatch.Clear();

    /// <param name="isSettled">Nothing is decided about the event in this batch: the map carries no marks, so it may be replaced.</param>
    public async ValueTask<TicketMap> OfAsync(Guid eventId, bool isSettled)
    {
        if (!maps.TryGetValue(eventId, out var map) || (isSettled && clock.GetElapsedTime(readAt[eventId]) >= LongestLife))
        {
            map = await ReadAsync(eventId);
        }

        return map;
    }

    /// <summary>Reads an event's map again, once in a batch. Only while nothing is decided about the event in this batch.</summary>
    /// <returns>False when this batch has read it.</returns>
    public async ValueTask<bool> ConfirmAsync(Guid eventId)
    {
        if (readInThisBatch.Contains(eventId))
        {
            return false;
        }

        await ReadAsync(eventId);
        return true;
    }

    /// <summary>From which share of the event's tickets on (0 to 1) to search first.</summary>
    public double StartOf(Guid eventId) => starts.GetValueOrDefault(eventId);

    /// <summary>The store has contradicted this event's map: another host sells the event, too.</summary>
    public void Discard(Guid eventId)
    {
        maps.Remove(eventId);
        starts.TryAdd(eventId, Random.Shared.NextDouble());
    }

    /// <summary>Nobody knows what was written.</summary>
    public void DiscardAll() => maps.Clear();

    /// <summary>The item proposes these numbers: no other item gets them proposed.</summary>
    public void Mark(PlaceItem item, int[] numbers)
    {
        if (maps.TryGetValue(item.EventId, out var map))
        {
            item.Marked.AddRange(numbers.Where(map.Take));
        }
    }

    /// <summary>The item gets nothing: takes its marks back.</summary>
    public void Unmark(LaneItem item)
    {
        if (item is PlaceItem place && maps.TryGetValue(place.EventId, out var map))
        {
            place.Marked.ForEach(map.Free);
            place.Marked.Clear();
        }
    }

    /// <summary>A change was written.</summary>
    public void Apply(OrderChange change)
    {
        var (takes, frees) = (change.TakesTickets, change.FreesTickets);
        if ((!takes && !frees) || !maps.TryGetValue(change.After.EventId, out var map))
        {
            return;
        }

        foreach (var ticket in change.After.Tickets)
        {
            if (frees)
            {
                map.Free(ticket.Number);
            }
            else
            {
                // Also for a new order: an item that lost may have taken back a mark that this order's item found made.
                map.Take(ticket.Number);
            }
        }
    }

    private async Task<TicketMap> ReadAsync(Guid eventId)
    {
        readAt[eventId] = clock.GetTimestamp();
        var map = new TicketMap(await store.TakenNumbersAsync(eventId));
        maps[eventId] = map;
        readInThisBatch.Add(eventId);
        return map;
    }
}
