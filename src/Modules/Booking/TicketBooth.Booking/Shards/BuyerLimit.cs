using TicketBooth.Booking.Storage;

namespace TicketBooth.Booking.Shards;

/// <summary>Checks how many tickets of one event a buyer may have; see <see cref="BookingOptions.MaxTicketsPerBuyer"/>.</summary>
internal sealed class BuyerLimit(IOrderStore store, OverdueHolds holds, int limit)
{
    private readonly Dictionary<(Guid Event, Guid Buyer), (int Stored, int Wanted)> tickets = [];

    public int Tickets => limit;

    public async ValueTask<LimitCheck> CheckAsync(PlaceItem item)
    {
        if (limit == 0)
        {
            return LimitCheck.Kept;
        }

        var key = (item.EventId, item.BuyerId);
        if (!tickets.TryGetValue(key, out var count))
        {
            count = (await store.CountTicketsAsync(item.EventId, item.BuyerId), 0);
        }

        if (count.Stored + item.Quantity > limit)
        {
            // Perhaps only because of holds that are over.
            await holds.ReleaseAllAsync();
            count = count with { Stored = await store.CountTicketsAsync(item.EventId, item.BuyerId) };
        }

        if (count.Stored + item.Quantity > limit)
        {
            return LimitCheck.Exceeded;
        }

        if (count.Stored + count.Wanted + item.Quantity > limit)
        {
            return LimitCheck.DependsOnThisBatch;
        }

        tickets[key] = count with { Wanted = count.Wanted + item.Quantity };
        return LimitCheck.Kept;
    }
}

internal enum LimitCheck
{
    Kept,
    Exceeded,

    /// <summary>Other items of this batch want tickets for the same buyer; whether they get them decides.</summary>
    DependsOnThisBatch,
}
