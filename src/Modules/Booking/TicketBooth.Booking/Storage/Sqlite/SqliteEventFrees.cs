using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <summary>How often tickets of each event of a shard became free: a number, kept by the write that frees them.</summary>
internal static class SqliteEventFrees
{
    /// <summary>Counts what orders and blocks gave back before. The column <c>freed</c> of orders stays as it is and is used no more.</summary>
    public const string Schema = """
        CREATE TABLE event_frees(event_id BLOB NOT NULL PRIMARY KEY, frees INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO event_frees(event_id, frees)
            SELECT event_id, SUM(frees) FROM (
                SELECT event_id, freed AS frees FROM orders WHERE freed > 0
                UNION ALL
                SELECT event_id, 1 FROM ticket_blocks WHERE released_at IS NOT NULL)
            GROUP BY event_id;
        DROP INDEX orders_freed
        """;

    /// <summary>As part of the write that frees tickets of the event, once for each order or block.</summary>
    public static void Add(SqliteSession session, Guid eventId) =>
        session.Execute(
            "INSERT INTO event_frees(event_id, frees) VALUES (?1, 1) ON CONFLICT(event_id) DO UPDATE SET frees = frees + 1",
            eventId
        );

    public static long Count(SqliteSession session, Guid eventId) =>
        session.Number("SELECT frees FROM event_frees WHERE event_id = ?1", eventId);
}
