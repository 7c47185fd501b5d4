using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// Decides for one batch whether buyers may have more tickets of an event, and which of their turns it is; see <see cref="BuyerRules"/> and
/// <see cref="Order.Turn"/>. One order of a buyer in a batch: the next one must know what became of it.
/// </summary>
internal sealed class BuyerTurns(IOrderStore store, KnownBuyers known, BuyerLimits limits, DateTimeOffset now)
{
    private readonly HashSet<BuyerOfEvent> taken = [];
    private ILookup<BuyerOfEvent, Order> theirs = Enumerable.Empty<Order>().ToLookup(BuyerOfEvent.Of);

    /// <summary>Reads, in one query, what those have who have ordered before.</summary>
    public async Task LoadAsync(IEnumerable<LaneItem> items)
    {
        var buyers = items
            .OfType<PlaceItem>()
            .Where(item => LimitsOf(item) is { AreOff: false })
            .Select(item => item.Buyer)
            .Where(known.Contains)
            .ToHashSet();
        if (buyers.Count > 0)
        {
            theirs = (await store.OfBuyersAsync(buyers)).ToLookup(BuyerOfEvent.Of);
        }
    }

    /// <summary>The turn of a new order, null when no limit is on; or why the buyer may not have it.</summary>
    /// <returns>Null when the item must wait for the next batch.</returns>
    public Result<int?>? Check(PlaceItem item)
    {
        var bounds = LimitsOf(item);
        if (bounds.AreOff)
        {
            return Result<int?>.From((int?)null);
        }

        // Not the order itself: this may be a repetition of the request that placed it.
        var others = theirs[item.Buyer].Where(order => order.Id != item.OrderId).ToList();
        if (BuyerRules.WhyNot(others, item.Quantity, bounds, now) is { } refusal)
        {
            return item.IsComplimentary
                ? BookingErrors.AllowanceUsed(Math.Max(0, bounds.MaxTickets - others.Sum(order => order.Held.Count)))
                : refusal;
        }

        return taken.Contains(item.Buyer) ? (Result<int?>?)null : Result<int?>.From(Next(theirs[item.Buyer]));
    }

    /// <summary>The change decided for an order that claims its tickets again, with the buyer's other orders in mind.</summary>
    /// <returns>Null when it must wait for the next batch.</returns>
    public async ValueTask<OrderChange?> CheckAsync(OrderChange change)
    {
        var buyer = BuyerOfEvent.Of(change.After);
        if (limits.AreOff)
        {
            return change;
        }

        if (taken.Contains(buyer))
        {
            return null;
        }

        var all = await store.OfBuyersAsync([buyer]);
        var others = all.Where(order => order.Id != change.After.Id);
        return change.IfOverLimit is { } otherwise && BuyerRules.HaveTooMany(others, change.After.Tickets.Count, limits, now)
            ? otherwise
            : change with
            {
                After = change.After with { Turn = Next(all) },
            };
    }

    /// <summary>The batch writes an order with this turn.</summary>
    public void Take(Order order)
    {
        if (order.Turn is not null)
        {
            taken.Add(BuyerOfEvent.Of(order));
        }
    }

    /// <summary>The buyer has an order of the event, written by this host or another one.</summary>
    public void Learn(Order order)
    {
        if (order.Turn is not null)
        {
            known.Add(BuyerOfEvent.Of(order));
        }
    }

    /// <summary>
    /// What is given away is within the event's allowance; what is sold at the counter has no limit, for a clerk sells to many.
    /// </summary>
    private BuyerLimits LimitsOf(PlaceItem item) =>
        item.Counter is not { Sale: var sale } ? limits : new BuyerLimits(sale.Allowance ?? 0, MaxHolds: 0, TimeSpan.Zero);

    private static int Next(IEnumerable<Order> orders) => orders.Max(order => order.Turn).GetValueOrDefault() + 1;
}
