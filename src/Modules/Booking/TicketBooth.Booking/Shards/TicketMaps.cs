using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// Which tickets a lane believes taken, per event. Only spares it proposals that the store would refuse: a map that the store contradicts
/// is discarded and read again.
/// </summary>
internal sealed class TicketMaps(IOrderStore store)
{
    private readonly Dictionary<Guid, TicketMap> maps = [];

    // Where to search first for the best tickets of an event that another host sells, too: each host has a region of its own, so that they
    // do not propose the same tickets.
    private readonly Dictionary<Guid, double> starts = [];

    public async ValueTask<TicketMap> OfAsync(Guid eventId)
    {
        if (!maps.TryGetValue(eventId, out var map))
        {
            map = new TicketMap(await store.TakenNumbersAsync(eventId));
            maps.Add(eventId, map);
        }

        return map;
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
}
