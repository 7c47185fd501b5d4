using TicketBooth.Events.Domain;
using TicketBooth.Events.Pricing;

namespace TicketBooth.Events.Storage;

/// <summary>
/// What some sales do to one event that is stored as documents: pure, from what is stored to what must be written. What comes out does not depend on how the
/// sales are cut into rounds, nor on the order in which they arrive.
/// </summary>
/// <param name="tiers">The event's tiers.</param>
/// <param name="stored">Of the orders in this round what is known, and every order that stands on one of their tickets.</param>
internal sealed class SaleRound(IReadOnlySet<Guid> tiers, IReadOnlyCollection<StoredSale> stored)
{
    private readonly Dictionary<Guid, StoredSale> sales = stored.ToDictionary(sale => sale.OrderId);
    private readonly Dictionary<int, Dictionary<Guid, TicketState>> standing = StandingOf(stored);
    private readonly HashSet<Guid> written = [];
    private readonly Dictionary<(long Minute, Guid TierId), (int Held, int Sold)> minutes = [];

    /// <summary>The sales to write in place of what is stored.</summary>
    public IEnumerable<StoredSale> Written => written.Select(order => sales[order]);

    /// <summary>By how much each tier's counters change, minute by minute; what stays is missing.</summary>
    public IEnumerable<DemandMinute> Minutes =>
        minutes
            .Where(change => change.Value != default)
            .Select(change => new DemandMinute(change.Key.Minute, change.Key.TierId, change.Value.Held, change.Value.Sold));

    /// <summary>By how much each tier's counters change altogether; tiers whose counters stay are missing.</summary>
    public IEnumerable<(Guid TierId, int Held, int Sold)> Counts =>
        Minutes
            .GroupBy(
                change => change.TierId,
                (tier, changes) => (tier, changes.Sum(change => change.Held), changes.Sum(change => change.Sold))
            )
            .Where(tier => (tier.Item2, tier.Item3) != default);

    /// <summary>Takes a sale in unless a newer revision of its order is known; false when it changes nothing that a reader sees.</summary>
    /// <exception cref="InvalidOperationException">It has tickets of a tier that is not the event's. It changed nothing.</exception>
    public bool TakeIn(Sale sale)
    {
        var known = sales.GetValueOrDefault(sale.OrderId);
        if (known is not null && known.Revision >= sale.Revision)
        {
            return false;
        }

        var former = known?.State ?? TicketState.Available;
        if (former != sale.State && sale.Tickets.FirstOrDefault(ticket => !tiers.Contains(ticket.TierId)) is { } strange)
        {
            throw new InvalidOperationException(
                $"Order {sale.OrderId} has tickets of the tier {strange.TierId}, which the event {sale.EventId} does not have."
            );
        }

        sales[sale.OrderId] = new StoredSale(sale.OrderId, sale.Revision, sale.State, [.. sale.Tickets.Select(ticket => ticket.Number)]);
        written.Add(sale.OrderId);
        if (former == sale.State)
        {
            return false;
        }

        var minute = DemandMinute.Of(sale.At);
        foreach (var ticket in sale.Tickets)
        {
            var before = StateOf(ticket.Number);
            Stand(standing, ticket.Number, sale.OrderId, sale.State);
            var after = StateOf(ticket.Number);
            var key = (minute, ticket.TierId);
            var (held, sold) = minutes.GetValueOrDefault(key);
            minutes[key] = (
                held + One(after == TicketState.OnPayment) - One(before == TicketState.OnPayment),
                sold + One(after == TicketState.Sold) - One(before == TicketState.Sold)
            );
        }

        return true;
    }

    /// <summary>What readers see of a ticket: of all orders that stand on it the highest state.</summary>
    private TicketState StateOf(int number) =>
        standing.TryGetValue(number, out var orders) && orders.Count > 0 ? orders.Values.Max() : TicketState.Available;

    private static Dictionary<int, Dictionary<Guid, TicketState>> StandingOf(IReadOnlyCollection<StoredSale> stored)
    {
        var tickets = new Dictionary<int, Dictionary<Guid, TicketState>>();
        foreach (var sale in stored)
        {
            foreach (var number in sale.Numbers)
            {
                Stand(tickets, number, sale.OrderId, sale.State);
            }
        }

        return tickets;
    }

    private static void Stand(Dictionary<int, Dictionary<Guid, TicketState>> tickets, int number, Guid orderId, TicketState state)
    {
        if (!tickets.TryGetValue(number, out var orders))
        {
            tickets[number] = orders = [];
        }

        if (state == TicketState.Available)
        {
            orders.Remove(orderId);
        }
        else
        {
            orders[orderId] = state;
        }
    }

    private static int One(bool isSo) => isSo ? 1 : 0;
}

/// <summary>What is stored of an order.</summary>
/// <param name="Numbers">Its tickets.</param>
internal sealed record StoredSale(Guid OrderId, int Revision, TicketState State, IReadOnlyList<int> Numbers);
