using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Storage.Sqlite;

/// <summary>The shifts, in the file of the directory.</summary>
internal sealed class SqliteShiftStore(SqliteDatabase database) : IShiftStore
{
    public const string Schema = """
        CREATE TABLE shifts(
            id BLOB NOT NULL PRIMARY KEY, clerk_id BLOB NOT NULL, opened_at INTEGER NOT NULL, is_open INTEGER NOT NULL,
            version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE UNIQUE INDEX shifts_open ON shifts(clerk_id) WHERE is_open = 1;
        CREATE INDEX shifts_opened ON shifts(opened_at, id);
        CREATE TABLE complimentary_allowances(event_id BLOB NOT NULL PRIMARY KEY, allowance INTEGER NOT NULL) WITHOUT ROWID
        """;

    public Task<bool> AddAsync(Shift shift) =>
        database.WriteAsync(session =>
            session.Execute(
                "INSERT OR IGNORE INTO shifts(id, clerk_id, opened_at, is_open, version, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                shift.Id,
                shift.Clerk.Id,
                shift.OpenedAt,
                shift.IsOpen,
                shift.Version,
                CounterJson.Write(shift)
            ) == 1
        );

    public Task<bool> ReplaceAsync(Shift shift) =>
        database.WriteAsync(session =>
            session.Execute(
                "UPDATE shifts SET is_open = ?3, version = ?4, body = ?5 WHERE id = ?1 AND version = ?2",
                shift.Id,
                shift.Version - 1,
                shift.IsOpen,
                shift.Version,
                CounterJson.Write(shift)
            ) == 1
        );

    public Task<Shift?> FindAsync(Guid id) => First("SELECT body FROM shifts WHERE id = ?1", id);

    public Task<Shift?> FindOpenAsync(Guid clerkId) => First("SELECT body FROM shifts WHERE clerk_id = ?1 AND is_open = 1", clerkId);

    public Task<IReadOnlyList<Shift>> ListAsync(ShiftFilter filter, int limit) =>
        Task.FromResult<IReadOnlyList<Shift>>(
            database.Read(session =>
                session.Query(
                    """
                    SELECT body FROM shifts
                    WHERE (?1 IS NULL OR clerk_id = ?1) AND (?2 IS NULL OR opened_at >= ?2) AND (?3 IS NULL OR opened_at < ?3)
                        AND (?4 IS NULL OR is_open = ?4) AND (?5 IS NULL OR (opened_at, id) < (?5, ?6))
                    ORDER BY opened_at DESC, id DESC LIMIT ?7
                    """,
                    row => CounterJson.ReadShift(row.GetString(0)),
                    filter.ClerkId,
                    filter.From,
                    filter.To,
                    filter.IsOpen,
                    filter.Before?.OpenedAt,
                    filter.Before?.Id,
                    limit
                )
            )
        );

    public Task<int> AllowanceAsync(Guid eventId) =>
        Task.FromResult(
            (int)database.Read(session => session.Number("SELECT allowance FROM complimentary_allowances WHERE event_id = ?1", eventId))
        );

    public Task AllowAsync(Guid eventId, int allowance) =>
        database.WriteAsync(session =>
            session.Execute(
                """
                INSERT INTO complimentary_allowances(event_id, allowance) VALUES (?1, ?2)
                ON CONFLICT(event_id) DO UPDATE SET allowance = excluded.allowance
                """,
                eventId,
                allowance
            )
        );

    private Task<Shift?> First(string sql, Guid id) =>
        Task.FromResult(
            database.Read(session => session.First(sql, row => row.GetString(0), id)) is { } body ? CounterJson.ReadShift(body) : null
        );
}
