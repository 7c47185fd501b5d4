using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Sqlite;

/// <summary>Reads what is known of orders.</summary>
internal static class OrderRows
{
    public static KnownOrder? Find(SqliteSession session, Guid eventId, Guid orderId) =>
        session.First(
            "SELECT event_id, order_id, revision, state, tickets, released FROM sales WHERE event_id = ?1 AND order_id = ?2",
            Read,
            eventId,
            orderId
        );

    /// <summary>The orders of an event that have not given their tickets back.</summary>
    public static List<KnownOrder> Active(SqliteSession session, Guid eventId) =>
        session.Query(
            "SELECT event_id, order_id, revision, state, tickets, released FROM sales WHERE event_id = ?1 AND state <> 0",
            Read,
            eventId
        );

    private static KnownOrder Read(SqliteRow row) =>
        new(row.Id(1), row.Id(0), row.GetInt32(2), (TicketState)row.GetInt32(3), row.GetInt32(4), row.GetInt32(5));
}
