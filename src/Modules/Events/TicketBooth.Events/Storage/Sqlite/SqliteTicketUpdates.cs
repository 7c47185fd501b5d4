using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>Applies a ticket update within the transaction of a session.</summary>
internal static class SqliteTicketUpdates
{
    /// <summary>False when nothing changed that a reader sees.</summary>
    public static bool Apply(SqliteSession session, TicketUpdate update)
    {
        var known = OrderRows.Find(session, update.EventId, update.OrderId);
        if (known is not null && known.Revision >= update.Revision)
        {
            return false;
        }

        WriteOrder(session, update);
        var former = known?.State ?? TicketState.Available;
        if (former == update.State)
        {
            return false;
        }

        var changes = new Dictionary<Guid, (int Held, int Sold)>(1);
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
            var (before, after) = (Max(others, former), Max(others, update.State));
            var (held, sold) = changes.GetValueOrDefault(ticket.TierId);
            changes[ticket.TierId] = (
                held + One(after == TicketState.OnPayment) - One(before == TicketState.OnPayment),
                sold + One(after == TicketState.Sold) - One(before == TicketState.Sold)
            );
            WriteClaim(session, update, ticket.Number);
        }

        foreach (var (tierId, (held, sold)) in changes)
        {
            WriteCounters(session, update, tierId, held, sold);
        }

        return true;
    }

    private static void WriteOrder(SqliteSession session, TicketUpdate update) =>
        session.Execute(
            """
            INSERT INTO sales(event_id, order_id, revision, state, tickets) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT(event_id, order_id) DO UPDATE SET revision = excluded.revision, state = excluded.state
            """,
            update.EventId,
            update.OrderId,
            update.Revision,
            (int)update.State,
            update.Tickets.Count
        );

    private static void WriteClaim(SqliteSession session, TicketUpdate update, int number)
    {
        if (update.State == TicketState.Available)
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
                update.State == TicketState.Sold
            );
        }
    }

    private static void WriteCounters(SqliteSession session, TicketUpdate update, Guid tierId, int held, int sold)
    {
        // Also when nothing is added: a tier that does not exist must not go unnoticed.
        var rows = session.Execute(
            "UPDATE tiers SET held = held + ?3, sold = sold + ?4 WHERE event_id = ?1 AND id = ?2",
            update.EventId,
            tierId,
            held,
            sold
        );
        if (rows == 0)
        {
            throw new InvalidOperationException(
                $"Order {update.OrderId} has tickets of the tier {tierId}, which the event {update.EventId} does not have."
            );
        }

        if ((held, sold) != default)
        {
            session.Execute(
                """
                INSERT INTO demand(event_id, minute, tier_id, held, sold) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT(event_id, minute, tier_id) DO UPDATE SET held = held + excluded.held, sold = sold + excluded.sold
                """,
                update.EventId,
                DemandMinute.Of(update.At),
                tierId,
                held,
                sold
            );
        }
    }

    private static TicketState Max(TicketState one, TicketState other) => one > other ? one : other;

    private static int One(bool isSo) => isSo ? 1 : 0;
}
