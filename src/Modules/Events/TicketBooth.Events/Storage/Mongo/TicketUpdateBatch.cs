using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>
/// What some ticket updates do to one event that is stored as documents: pure, from what is stored to what is to be written. The result
/// depends neither on how updates are cut into batches nor on the order in which they arrive.
/// </summary>
/// <param name="tiers">The event's tiers.</param>
/// <param name="stored">What is stored of the orders in this batch, and of every order that holds one of their tickets.</param>
internal sealed class TicketUpdateBatch(IReadOnlySet<Guid> tiers, IReadOnlyCollection<StoredOrder> stored)
{
    private readonly Dictionary<Guid, StoredOrder> orders = stored.ToDictionary(order => order.OrderId);
    private readonly Dictionary<int, Dictionary<Guid, TicketState>> claims = ClaimsOf(stored);
    private readonly HashSet<Guid> written = [];
    private readonly Dictionary<(long Minute, Guid TierId), (int Held, int Sold)> minutes = [];

    /// <summary>The orders to write.</summary>
    public IEnumerable<StoredOrder> Written => written.Select(order => orders[order]);

    /// <summary>When the last of it happened that a reader sees.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>By how much each tier's counters change, minute by minute; tiers whose counters stay are missing.</summary>
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

    /// <summary>Applies an update unless a newer revision of its order is known; false when nothing changed that a reader sees.</summary>
    /// <exception cref="InvalidOperationException">The event does not have a tier of its tickets. Nothing changed.</exception>
    public bool Apply(TicketUpdate update)
    {
        var known = orders.GetValueOrDefault(update.OrderId);
        if (known is not null && known.Revision >= update.Revision)
        {
            return false;
        }

        var isSame = (known?.State ?? TicketState.Available) == update.State && !update.HasReleased;
        if (!isSame && update.Tickets.FirstOrDefault(ticket => !tiers.Contains(ticket.TierId)) is { } strange)
        {
            throw new InvalidOperationException(
                $"Order {update.OrderId} has tickets of the tier {strange.TierId}, which the event {update.EventId} does not have."
            );
        }

        orders[update.OrderId] = new StoredOrder(
            update.OrderId,
            update.Revision,
            update.State,
            [.. update.Tickets.Where(ticket => !ticket.Released).Select(ticket => ticket.Number)],
            update.Tickets.Count(ticket => ticket.Released)
        );
        written.Add(update.OrderId);
        if (isSame)
        {
            return false;
        }

        LastAt = update.At > LastAt ? update.At : LastAt;
        var minute = DemandMinute.Of(update.At);
        foreach (var ticket in update.Tickets)
        {
            var before = StateOf(ticket.Number);
            Claim(claims, ticket.Number, update.OrderId, update.StateOf(ticket));
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

    /// <summary>What readers see of a ticket: the highest state that an order gives it.</summary>
    private TicketState StateOf(int number) =>
        claims.TryGetValue(number, out var holders) && holders.Count > 0 ? holders.Values.Max() : TicketState.Available;

    private static Dictionary<int, Dictionary<Guid, TicketState>> ClaimsOf(IReadOnlyCollection<StoredOrder> stored)
    {
        var tickets = new Dictionary<int, Dictionary<Guid, TicketState>>();
        foreach (var order in stored)
        {
            foreach (var number in order.Numbers)
            {
                Claim(tickets, number, order.OrderId, order.State);
            }
        }

        return tickets;
    }

    private static void Claim(Dictionary<int, Dictionary<Guid, TicketState>> tickets, int number, Guid orderId, TicketState state)
    {
        if (!tickets.TryGetValue(number, out var holders))
        {
            tickets[number] = holders = [];
        }

        if (state == TicketState.Available)
        {
            holders.Remove(orderId);
        }
        else
        {
            holders[orderId] = state;
        }
    }

    private static int One(bool isSo) => isSo ? 1 : 0;
}
