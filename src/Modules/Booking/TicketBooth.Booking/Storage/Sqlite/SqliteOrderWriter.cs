using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <summary>Writes one order of a batch: claims, row and inbox mark, all of it or nothing. Messages are left to the batch.</summary>
internal static class SqliteOrderWriter
{
    /// <param name="messages">Gets the messages about an order that was written.</param>
    public static WriteOutcome Write(SqliteSession session, OrderWrite write, List<OutboxEntry> messages)
    {
        var (change, inbox) = write;
        var order = change.After;
        if (inbox is { } key && !SqliteOutbox.TryEnter(session, key))
        {
            return WriteOutcome.Duplicate;
        }

        var outcome = Store(session, change);
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
        }

        foreach (var happened in change.Events)
        {
            messages.Add(OrderMessages.Encode(change, happened));
        }

        return WriteOutcome.Written;
    }

    /// <summary>The claims and the order's row: all of it, or nothing.</summary>
    private static WriteOutcome Store(SqliteSession session, OrderChange change)
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

        var rows = change.Before is { } before ? Update(session, change, before.Version) : Insert(session, order);
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

    private static int Insert(SqliteSession session, Order order) =>
        session.Execute(
            $"""
            INSERT OR IGNORE INTO orders({OrderRow.Columns})
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
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
            OrderRow.Serialize(order.Refunds)
        );

    private static int Update(SqliteSession session, OrderChange change, int version)
    {
        var order = change.After;
        return session.Execute(
            """
            UPDATE OR IGNORE orders SET status = ?3, expires_at = ?4, payment_id = ?5, payment_status = ?6, revision = ?7, version = ?8,
                refunded_payments = ?9, paid_at = ?10, ended_at = ?11, turn = ?12, freed = freed + ?13,
                refunds = ?14, tickets = COALESCE(?15, tickets)
            WHERE id = ?1 AND version = ?2
            """,
            order.Id,
            version,
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
            change.FreesTickets,
            OrderRow.Serialize(order.Refunds),
            ReferenceEquals(order.Tickets, change.Before!.Tickets) ? null : OrderRow.Serialize(order.Tickets)
        );
    }

    private static void Release(SqliteSession session, Guid orderId, IEnumerable<OrderedTicket> tickets)
    {
        foreach (var ticket in tickets)
        {
            session.Execute("DELETE FROM claims WHERE ticket_id = ?1 AND order_id = ?2", ticket.Id, orderId);
        }
    }
}
