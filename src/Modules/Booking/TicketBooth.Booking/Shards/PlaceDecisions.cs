using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>Decides new orders: checks them against what is on sale, and proposes tickets at their current prices.</summary>
/// <param name="unsettled">Events whose tickets the batch is about to take or free.</param>
internal sealed class PlaceDecisions(
    OnSaleCatalog catalog,
    BookingOptions options,
    TimeProvider clock,
    TicketMaps maps,
    OverdueHolds holds,
    BuyerTurns turns,
    HashSet<Guid> unsettled
)
{
    /// <returns>Null when the item must wait for the next batch.</returns>
    public async ValueTask<Result<OrderChange>?> DecideAsync(PlaceItem item)
    {
        var sale = catalog.Newest(item.EventId);

        // After the prices were read: an order must not quote a price that came into force after the order was placed (promise I6).
        var placedAt = clock.NotBefore(sale.ChangedAt);
        if (sale.IsCanceled)
        {
            return BookingErrors.EventCanceled;
        }

        if (turns.Check(item) is not { } turn)
        {
            return null;
        }

        if (turn.Error is { } refusal)
        {
            return refusal;
        }

        var numbers = item.Numbers ?? await BestAsync(item, sale);
        if (item.Numbers is null && (numbers is null || !IsExpected(item, sale, numbers)))
        {
            if (unsettled.Contains(item.EventId))
            {
                // What this batch has marked may not be written, and what it frees is not free yet.
                return null;
            }

            // The map only proposes: a refusal must be true at the store, where another host may have freed tickets.
            var hasReleased = await holds.ReleaseAllAsync();
            if (await maps.CheckAsync(item.EventId) || hasReleased)
            {
                numbers = await BestAsync(item, sale);
            }
        }

        if (numbers is null)
        {
            return BookingErrors.NotEnoughTickets;
        }

        if (!IsExpected(item, sale, numbers))
        {
            return BookingErrors.PriceChanged(sale.TotalOf(numbers));
        }

        var decided = Decide(item, sale, numbers, placedAt);
        if (decided.IsSuccess)
        {
            maps.Mark(item, numbers);
        }

        return decided.Map(change => change with { After = change.After with { Turn = turn.Value } });
    }

    private Result<OrderChange> Decide(PlaceItem item, EventOnSale sale, int[] numbers, DateTimeOffset placedAt)
    {
        var tickets = Array.ConvertAll(numbers, sale.Ticket);
        var placed = OrderRules.Place(
            item.OrderId,
            item.EventId,
            item.BuyerId,
            item.IsComplimentary ? Array.ConvertAll(tickets, ticket => ticket with { Price = 0 }) : tickets,
            sale.Currency,
            placedAt,
            options.Hold,
            item.Language
        );
        return item.Counter is { } terms ? CounterRules.Sell(placed, terms, placedAt)
            : placed.After.Total == 0 ? OrderRules.PayAtOnce(placed, counter: null)
            : placed;
    }

    private static bool IsExpected(PlaceItem item, EventOnSale sale, int[] numbers) =>
        item.ExpectedTotal is not { } expected || expected == sale.TotalOf(numbers);

    private async ValueTask<int[]?> BestAsync(PlaceItem item, EventOnSale sale)
    {
        var (numbers, passesOver) = Propose(item, sale, await maps.OfAsync(item.EventId));
        return passesOver && !unsettled.Contains(item.EventId) && await maps.CheckOldAsync(item.EventId)
            ? Propose(item, sale, await maps.OfAsync(item.EventId)).Numbers
            : numbers;
    }

    /// <returns>The best tickets, and whether a lower-priced tier was passed over for want of tickets.</returns>
    private (int[]? Numbers, bool PassesOver) Propose(PlaceItem item, EventOnSale sale, TicketMap map)
    {
        var passesOver = false;
        var tiers = item.TierId is { } wanted ? sale.TiersByPrice.Where(tier => tier.Id == wanted) : sale.TiersByPrice;
        foreach (var tier in tiers)
        {
            if (map.Best(tier.Tickets, item.Quantity, maps.StartOf(item.EventId)) is { } numbers)
            {
                return (numbers, passesOver);
            }

            passesOver = true;
        }

        return (null, false);
    }
}
