using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

internal sealed class SqliteDeadLetters(EmbeddedStorage storage, TimeProvider clock) : IDeadLetters
{
    private const string Columns =
        "number, module, source, message_id, type, key, body, correlation_id, trace_parent, at, reason, failed_at";

    private readonly SqliteDatabase database = storage.Open(
        "dead-letters",
        [
            """
            CREATE TABLE dead_letters(
                number INTEGER PRIMARY KEY AUTOINCREMENT, module TEXT NOT NULL, source TEXT NOT NULL, message_id BLOB NOT NULL,
                type TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL, correlation_id BLOB NOT NULL, trace_parent TEXT,
                at INTEGER NOT NULL, reason TEXT NOT NULL, failed_at INTEGER NOT NULL, UNIQUE(module, message_id));
            """,
        ]
    );

    /// <remarks>A message that is delivered and fails again stays one dead letter.</remarks>
    public Task AddAsync(string module, string source, OutboxEntry entry, string reason) =>
        database.WriteAsync(session =>
            session.Execute(
                """
                INSERT INTO dead_letters(module, source, message_id, type, key, body, correlation_id, trace_parent, at, reason, failed_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                ON CONFLICT(module, message_id) DO UPDATE SET reason = excluded.reason, failed_at = excluded.failed_at
                """,
                module,
                source,
                entry.MessageId,
                entry.MessageType,
                entry.Key,
                entry.Body,
                entry.CorrelationId,
                entry.TraceParent,
                entry.At,
                reason,
                clock.GetUtcNow()
            )
        );

    public Task<IReadOnlyList<DeadLetter>> ListAsync(int limit) =>
        Task.FromResult<IReadOnlyList<DeadLetter>>(
            database.Read(session => session.Query($"SELECT {Columns} FROM dead_letters ORDER BY number LIMIT ?1", Read, limit))
        );

    public Task<long> CountAsync() => Task.FromResult(database.Read(session => session.Number("SELECT COUNT(*) FROM dead_letters")));

    public Task<DeadLetter?> FindAsync(long number) =>
        Task.FromResult(database.Read(session => session.First($"SELECT {Columns} FROM dead_letters WHERE number = ?1", Read, number)));

    public Task RemoveAsync(long number) =>
        database.WriteAsync(session => session.Execute("DELETE FROM dead_letters WHERE number = ?1", number));

    private static DeadLetter Read(SqliteRow row) =>
        new(
            row.GetInt64(0),
            row.GetString(1),
            row.GetString(2),
            new OutboxEntry(row.Id(3), row.GetString(4), row.Id(5), row.Bytes(6), row.Id(7), row.Text(8), row.Time(9)),
            row.GetString(10),
            row.Time(11)
        );
}
