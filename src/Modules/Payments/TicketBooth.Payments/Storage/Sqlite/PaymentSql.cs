using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Payments.Storage.Sqlite;

/// <summary>What statements about payments have in common.</summary>
internal static class PaymentSql
{
    public const string Columns =
        "id, order_id, method, amount, currency, hold_expires_at, created_at, status, external_id, decline_reason, refund_reason, "
        + "changed_at, declined_at, captured_at, gateway, buyer_id, money";

    // One statement, so payment and outbox are seen at the same moment.
    public const string IsPending = $"COALESCE(told > ({SqliteOutbox.SelectDelivered}), 0)";

    public const string SelectGivenUp = $"""
        SELECT {Columns} FROM payments INDEXED BY payments_given_up
        WHERE money ->> 'givenUp' IS NOT NULL AND money ->> 'givenUp' <= ?1 ORDER BY money ->> 'givenUp' LIMIT ?2
        """;

    public const string SelectDeclinedOf = $"""
        SELECT {Columns} FROM payments INDEXED BY payments_declined_of_order
        WHERE order_id IN (SELECT unhex(value) FROM json_each(?1)) AND declined_at IS NOT NULL
        """;

    // The captured by their ids, which begin with their time; all others by indexes that plain payments are not in. Of two such indexes
    // SQLite would rather walk through all payments, so the last is named.
    public const string SelectMoved = $"""
        SELECT {Columns} FROM payments WHERE id IN (
            SELECT id FROM (
                SELECT id FROM payments
                WHERE id > max(?1, ?5) AND id < ?6 AND captured_at >= ?3 AND captured_at < ?4 ORDER BY id LIMIT ?2)
            UNION SELECT id FROM (
                SELECT id FROM payments
                WHERE status = 'refunded' AND changed_at >= ?3 AND changed_at < ?4 AND id > ?1 ORDER BY id LIMIT ?2)
            UNION SELECT id FROM (
                SELECT id FROM payments INDEXED BY payments_moved
                WHERE money ->> 'moved' IS NOT NULL AND money ->> 'moved' >= ?3 AND id > ?1 ORDER BY id LIMIT ?2))
        ORDER BY id LIMIT ?2
        """;
}
