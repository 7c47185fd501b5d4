using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>
/// Applies ticket updates within the transaction of a session. What they add to the counters is summed up first: a page of a few hundred
/// orders changes few tiers, and few minutes of demand.
/// </summary>
internal sealed class SqliteTicketUpdates(SqliteSession session)
{
    private readonly Dictionary<(Guid EventId, Guid TierId), Sum> tiers = [];
    private readonly Dictionary<(Guid EventId, long Minute, Guid TierId), Sum> minutes = [];

    /// <returns>The events of which a reader sees a change.</returns>
    public IReadOnlyCollection<Guid> Apply(IReadOnlyList<TicketUpdate> updates)
    {
        var changed = new HashSet<Guid>();
        foreach (var update in updates)
        {
            if (Apply(update))
            {
                changed.Add(update.EventId);
            }
        }

        WriteCounters();
        return changed;
    }

    /// <summary>False when nothing changed that a reader sees.</summary>
    private bool Apply(TicketUpdate update)
    {
        if (WriteOrder(update) is not { } former || (former == update.State && !update.HasReleased))
        {
            return false;
        }

        foreach (var ticket in update.Tickets)
        {
            // What the ticket is without this order; a higher state outranks a lower one.
            var others = (TicketState)
                session.Number(
                    "SELECT MAX(sold) + 1 FROM holders WHERE event_id = ?1 AND number = ?2 AND order_id <> ?3",
                    update.EventId,
                    ticket.Number,
                    update.OrderId
                );
            // Messages overtake each other: which tickets the order still holds here, only their rows say.
            var own = update.HasReleased ? StateOf(update, ticket.Number) : former;
            var state = update.StateOf(ticket);
            WriteClaim(update, ticket.Number, state);
            Count(update, ticket.TierId, before: Max(others, own), after: Max(others, state));
        }

        return true;
    }

    /// <summary>What the ticket is by this order.</summary>
    private TicketState StateOf(TicketUpdate update, int number) =>
        (TicketState)
            session.Number(
                "SELECT MAX(sold) + 1 FROM holders WHERE event_id = ?1 AND number = ?2 AND order_id = ?3",
                update.EventId,
                number,
                update.OrderId
            );

    /// <returns>The order's state before; null when this revision of it, or a newer one, is known.</returns>
    private TicketState? WriteOrder(TicketUpdate update)
    {
        // Most orders are new, and then one statement is enough.
        var isNew = session.Execute(
            "INSERT OR IGNORE INTO sales(event_id, order_id, revision, state, tickets, released) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            update.EventId,
            update.OrderId,
            update.Revision,
            (int)update.State,
            update.Tickets.Count,
            update.Tickets.Count(ticket => ticket.Released)
        );
        if (isNew == 1)
        {
            return TicketState.Available;
        }

        var known = OrderRows.Find(session, update.EventId, update.OrderId)!;
        if (known.Revision >= update.Revision)
        {
            return null;
        }

        session.Execute(
            "UPDATE sales SET revision = ?3, state = ?4, released = ?5 WHERE event_id = ?1 AND order_id = ?2",
            update.EventId,
            update.OrderId,
            update.Revision,
            (int)update.State,
            update.Tickets.Count(ticket => ticket.Released)
        );
        return known.State;
    }

    private void WriteClaim(TicketUpdate update, int number, TicketState state)
    {
        if (state == TicketState.Available)
        {
            session.Execute(
                "DELETE FROM holders WHERE event_id = ?1 AND number = ?2 AND order_id = ?3",
                update.EventId,
                number,
                update.OrderId
            );
        }
        else
        {
            session.Execute(
                """
                INSERT INTO holders(event_id, number, order_id, sold) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT(event_id, number, order_id) DO UPDATE SET sold = excluded.sold
                """,
                update.EventId,
                number,
                update.OrderId,
                state == TicketState.Sold
            );
        }
    }

    private void Count(TicketUpdate update, Guid tierId, TicketState before, TicketState after)
    {
        var held = One(after == TicketState.OnPayment) - One(before == TicketState.OnPayment);
        var sold = One(after == TicketState.Sold) - One(before == TicketState.Sold);
        SumOf(tiers, (update.EventId, tierId), update).Add(held, sold, update.At);
        SumOf(minutes, (update.EventId, DemandMinute.Of(update.At), tierId), update).Add(held, sold, update.At);
    }

    private void WriteCounters()
    {
        // Also when nothing is added: a tier that does not exist must not go unnoticed.
        foreach (var ((eventId, tierId), sum) in tiers)
        {
            var rows = session.Execute(
                """
                UPDATE tiers SET held = held + ?3, sold = sold + ?4, ordered_at = MAX(ordered_at, ?5)
                WHERE event_id = ?1 AND id = ?2
                """,
                eventId,
                tierId,
                sum.Held,
                sum.Sold,
                sum.LastAt
            );
            if (rows == 0)
            {
                throw new InvalidOperationException(
                    $"Order {sum.FirstOrderId} has tickets of the tier {tierId}, which the event {eventId} does not have."
                );
            }
        }

        foreach (var ((eventId, minute, tierId), sum) in minutes.Where(minute => !minute.Value.IsNothing))
        {
            session.Execute(
                """
                INSERT INTO demand(event_id, minute, tier_id, held, sold) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT(event_id, minute, tier_id) DO UPDATE SET held = held + excluded.held, sold = sold + excluded.sold
                """,
                eventId,
                minute,
                tierId,
                sum.Held,
                sum.Sold
            );
        }
    }

    private static Sum SumOf<TKey>(Dictionary<TKey, Sum> sums, TKey key, TicketUpdate update)
        where TKey : notnull
    {
        if (!sums.TryGetValue(key, out var sum))
        {
            sums.Add(key, sum = new Sum(update.OrderId));
        }

        return sum;
    }

    private static TicketState Max(TicketState one, TicketState other) => one > other ? one : other;

    private static int One(bool isSo) => isSo ? 1 : 0;

    /// <param name="firstOrderId">One of the orders in it, to be named when it cannot be written.</param>
    private sealed class Sum(Guid firstOrderId)
    {
        public Guid FirstOrderId => firstOrderId;

        public int Held { get; private set; }

        public int Sold { get; private set; }

        public DateTimeOffset LastAt { get; private set; }

        public bool IsNothing => (Held, Sold) == default;

        public void Add(int held, int sold, DateTimeOffset at) =>
            (Held, Sold, LastAt) = (Held + held, Sold + sold, at > LastAt ? at : LastAt);
    }
}
