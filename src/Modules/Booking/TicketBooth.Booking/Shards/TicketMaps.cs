using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// Which tickets a lane believes taken, per event. Only spares it proposals that the store would refuse: a map that the store contradicts
/// is discarded and read again, and nobody is refused by a map alone.
/// </summary>
/// <remarks>
/// Other hosts take and free tickets of the same events. What they took is learned when the store refuses it. If a buyer names a ticket
/// that the map has as taken, the store is asked for that ticket. What else they freed is learned before a refusal, and before a dearer
/// tier is proposed by a map that was not checked for <see cref="LongestLife"/>: the store counts how often tickets of an event became
/// free, and when that has grown by more than what this lane freed, the map is read again.
/// </remarks>
/// <param name="taken">What everybody may know of it; kept along.</param>
internal sealed class TicketMaps(IOrderStore store, TakenTickets taken, TimeProvider clock)
{
    /// <summary>How long cheaper tickets may stay unknown that another host has freed.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, Remembered> maps = [];
    private readonly HashSet<Guid> checkedInThisBatch = [];

    // Where to search first for the best tickets of an event that another host sells, too: each host has a region of its own, so that they
    // do not propose the same tickets.
    private readonly Dictionary<Guid, double> starts = [];

    public TakenTickets Taken => taken;

    /// <summary>What is checked from now on is true for every item of the batch that begins.</summary>
    public void BeginBatch() => checkedInThisBatch.Clear();

    public async ValueTask<TicketMap> OfAsync(Guid eventId) =>
        maps.TryGetValue(eventId, out var known) ? known.Map : await ReadAsync(eventId, await store.CountFreesAsync(eventId));

    /// <summary>
    /// Finds out, once in a batch, whether tickets of an event became free that its map does not know of. Only while nothing is decided
    /// about the event in this batch: the map then carries no marks and may be replaced.
    /// </summary>
    /// <returns>Whether there is another map now.</returns>
    public async ValueTask<bool> CheckAsync(Guid eventId)
    {
        if (!checkedInThisBatch.Add(eventId) || !maps.TryGetValue(eventId, out var known))
        {
            return false;
        }

        known.CheckedAt = clock.GetTimestamp();
        var frees = await store.CountFreesAsync(eventId);
        if (frees == known.Frees)
        {
            return false;
        }

        await ReadAsync(eventId, frees);
        return true;
    }

    /// <summary>As <see cref="CheckAsync"/>, unless that was done a short while ago.</summary>
    public ValueTask<bool> CheckOldAsync(Guid eventId) =>
        maps.TryGetValue(eventId, out var known) && clock.GetElapsedTime(known.CheckedAt) >= LongestLife
            ? CheckAsync(eventId)
            : ValueTask.FromResult(false);

    /// <summary>From which share of the event's tickets on (0 to 1) to search first.</summary>
    public double StartOf(Guid eventId) => starts.GetValueOrDefault(eventId);

    /// <summary>The store has contradicted this event's map: another host sells the event, too.</summary>
    public void Discard(Guid eventId)
    {
        maps.Remove(eventId);
        starts.TryAdd(eventId, Random.Shared.NextDouble());
    }

    /// <summary>Drops the map of an event: whoever needs it next reads it from the store.</summary>
    public void Forget(Guid eventId) => maps.Remove(eventId);

    /// <summary>Nobody knows what was written.</summary>
    public void DiscardAll() => maps.Clear();

    /// <summary>Gives the memory back, between batches.</summary>
    public void Rest()
    {
        maps.Clear();
        starts.Clear();
        taken.Clear();
    }

    /// <summary>The item proposes these numbers: no other item gets them proposed.</summary>
    public void Mark(PlaceItem item, int[] numbers)
    {
        // Marks of an earlier pass were taken back, or are in a map that was discarded.
        item.Marked.Clear();
        item.IsFree = true;
        if (maps.TryGetValue(item.EventId, out var known))
        {
            item.Marked.AddRange(numbers.Where(known.Map.Take));
            item.IsFree = item.Marked.Count == numbers.Length;
        }
    }

    /// <summary>The item gets nothing: takes its marks back.</summary>
    public void Unmark(LaneItem item)
    {
        if (item is PlaceItem place && maps.TryGetValue(place.EventId, out var known))
        {
            place.Marked.ForEach(known.Map.Free);
            place.Marked.Clear();
        }
    }

    /// <summary>
    /// Notes which tickets of an order are taken, as the store has said. An event whose tickets were not disputed before has no map yet: it
    /// is read now, and from then on spares the writes of those who come too late.
    /// </summary>
    public async ValueTask CorrectAsync(Order wanted, Func<Guid, bool> isTaken)
    {
        var map = await OfAsync(wanted.EventId);
        foreach (var ticket in wanted.Tickets)
        {
            if (isTaken(ticket.Id))
            {
                map.Take(ticket.Number);
            }
            else
            {
                map.Free(ticket.Number);
            }
        }
    }

    /// <summary>A change was written.</summary>
    public void Apply(OrderChange change)
    {
        var (takes, frees) = (change.TakesTickets, change.FreesTickets);
        if ((!takes && !frees) || !maps.TryGetValue(change.After.EventId, out var known))
        {
            return;
        }

        known.Frees += frees ? 1 : 0;
        foreach (var ticket in frees ? change.Freed : change.After.Tickets)
        {
            if (frees)
            {
                known.Map.Free(ticket.Number);
            }
            else
            {
                // Also for a new order: an item that lost may have taken back a mark that this order's item found made.
                known.Map.Take(ticket.Number);
            }
        }
    }

    /// <summary>A block was written: its tickets are taken, or free again.</summary>
    public void Apply(TicketBlock block)
    {
        if (!maps.TryGetValue(block.EventId, out var known))
        {
            return;
        }

        known.Frees += block.IsReleased ? 1 : 0;
        foreach (var number in block.Numbers)
        {
            if (block.IsReleased)
            {
                known.Map.Free(number);
            }
            else
            {
                known.Map.Take(number);
            }
        }
    }

    /// <param name="eventId">Whose map.</param>
    /// <param name="frees">Counted before: what becomes free later is noticed by the next check, whether this read sees it or not.</param>
    private async Task<TicketMap> ReadAsync(Guid eventId, long frees)
    {
        var checkedAt = clock.GetTimestamp();
        var map = new TicketMap(await store.TakenNumbersAsync(eventId));
        maps[eventId] = new Remembered(map) { Frees = frees, CheckedAt = checkedAt };
        checkedInThisBatch.Add(eventId);
        return map;
    }

    private sealed class Remembered(TicketMap map)
    {
        public TicketMap Map => map;

        /// <summary>How often tickets of the event had become free when the map was right, with those that this lane freed since.</summary>
        public long Frees { get; set; }

        public long CheckedAt { get; set; }
    }
}
