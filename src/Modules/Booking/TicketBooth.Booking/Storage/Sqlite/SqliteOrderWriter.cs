using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <summary>Writes one order of a batch: claims, row and inbox mark, all of it or nothing. Messages are left to the batch.</summary>
internal static class SqliteOrderWriter
{
    /// <param name="session">The batch's.</param>
    /// <param name="write">The order.</param>
    /// <param name="messages">Gets the messages about an order that was written.</param>
    /// <param name="newest">The outbox's newest sequence before the batch.</param>
    public static WriteOutcome Write(SqliteSession session, OrderWrite write, List<OutboxEntry> messages, long newest)
    {
        var (change, inbox, _) = write;
        var order = change.After;
        if (inbox is { } key && !SqliteOutbox.TryEnter(session, key))
        {
            return WriteOutcome.Duplicate;
        }

        long? told = change.Events.Length > 0 ? newest + messages.Count + change.Events.Length : null;
        var outcome = Store(session, change, told);
        if (outcome != WriteOutcome.Written)
        {
            if (inbox is { } unused)
            {
                SqliteOutbox.Leave(session, unused);
            }

            return outcome;
        }

        if (change.FreesTickets)
        {
            Release(session, order.Id, change.Freed);
            SqliteEventFrees.Add(session, order.EventId);
        }

        foreach (var happened in change.Events)
        {
            messages.Add(OrderMessages.Encode(write, happened));
        }

        return WriteOutcome.Written;
    }

    /// <summary>The claims and the order's row: all of it, or nothing.</summary>
    private static WriteOutcome Store(SqliteSession session, OrderChange change, long? told)
    {
        var order = change.After;
        if (change.TakesTickets)
        {
            for (var i = 0; i < order.Tickets.Count; i++)
            {
                if (
                    session.Execute("INSERT OR IGNORE INTO claims(ticket_id, order_id) VALUES (?1, ?2)", order.Tickets[i].Id, order.Id) == 0
                )
                {
                    Release(session, order.Id, order.Tickets.Take(i));

                    // The claim may be this very order's, placed by another request with the same idempotency key.
                    return change.Before is null && session.Number("SELECT COUNT(*) FROM orders WHERE id = ?1", order.Id) != 0
                        ? WriteOutcome.Stale
                        : WriteOutcome.TicketTaken;
                }
            }
        }

        var rows = change.Before is { } before ? Update(session, order, before, told) : Insert(session, order, told);
        if (rows == 1)
        {
            return WriteOutcome.Written;
        }

        if (change.TakesTickets)
        {
            Release(session, order.Id, order.Tickets);
        }

        return IsOutOfTurn(session, change) ? WriteOutcome.OutOfTurn : WriteOutcome.Stale;
    }

    /// <summary>The row was not written: because its turn is taken, or because the order exists or has changed?</summary>
    private static bool IsOutOfTurn(SqliteSession session, OrderChange change)
    {
        var version = session.Number("SELECT version FROM orders WHERE id = ?1", change.After.Id);
        return change.After.Turn is not null && version == (change.Before?.Version ?? 0);
    }

    private static int Insert(SqliteSession session, Order order, long? told) =>
        session.Execute(
            $"""
            INSERT OR IGNORE INTO orders({OrderRow.Columns}, owed, told)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
            """,
            order.Id,
            order.EventId,
            order.BuyerId,
            (int)order.Status,
            OrderRow.Serialize(order.Tickets),
            order.Total,
            order.Currency,
            order.PlacedAt,
            order.ExpiresAt,
            order.PaymentId,
            (int?)order.PaymentStatus,
            order.Revision,
            order.Version,
            OrderRow.Serialize(order.RefundedPayments),
            order.PaidAt,
            order.EndedAt,
            order.Turn,
            OrderRow.Serialize(order.Refunds),
            OrderRow.Serialize(order.Disputes),
            CounterJson.Write(order.Counter),
            OwedBy(order),
            told
        );

    private static int Update(SqliteSession session, Order order, Order before, long? told) =>
        session.Execute(
            """
            UPDATE OR IGNORE orders SET status = ?3, expires_at = ?4, payment_id = ?5, payment_status = ?6, revision = ?7, version = ?8,
                refunded_payments = ?9, paid_at = ?10, ended_at = ?11, turn = ?12, refunds = ?13,
                tickets = COALESCE(?14, tickets), disputes = COALESCE(?15, disputes), told = COALESCE(?16, told),
                counter = COALESCE(?17, counter), owed = ?18
            WHERE id = ?1 AND version = ?2
            """,
            order.Id,
            before.Version,
            (int)order.Status,
            order.ExpiresAt,
            order.PaymentId,
            (int?)order.PaymentStatus,
            order.Revision,
            order.Version,
            OrderRow.Serialize(order.RefundedPayments),
            order.PaidAt,
            order.EndedAt,
            order.Turn,
            OrderRow.Serialize(order.Refunds),
            ReferenceEquals(order.Tickets, before.Tickets) ? null : OrderRow.Serialize(order.Tickets),
            ReferenceEquals(order.Disputes, before.Disputes) ? null : OrderRow.Serialize(order.Disputes),
            told,
            ReferenceEquals(order.Counter, before.Counter) ? null : CounterJson.Write(order.Counter),
            OwedBy(order)
        );

    private static long? OwedBy(Order order) => order.OwedAtCounter is > 0 and var owed ? owed : null;

    private static void Release(SqliteSession session, Guid orderId, IEnumerable<OrderedTicket> tickets)
    {
        foreach (var ticket in tickets)
        {
            session.Execute("DELETE FROM claims WHERE ticket_id = ?1 AND order_id = ?2", ticket.Id, orderId);
        }
    }
}
