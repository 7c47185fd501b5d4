using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>What older releases wrote into a shard's file.</summary>
internal static class FormerFiles
{
    /// <summary>An order that was placed, as it was stored until orders noted their latest message.</summary>
    /// <param name="session">The file's.</param>
    /// <param name="order">The order.</param>
    /// <param name="freed">How often it has given its tickets back since.</param>
    public static void Insert(SqliteSession session, Order order, int freed = 0) =>
        session.Execute(
            """
            INSERT INTO orders(id, event_id, buyer_id, status, tickets, total, currency, placed_at, expires_at, revision, version, freed)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """,
            order.Id, order.EventId, order.BuyerId, (int)order.Status, OrderRow.Serialize(order.Tickets), order.Total, order.Currency,
            order.PlacedAt, order.ExpiresAt, order.Revision, order.Version, freed);
}
