using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>Answers in <c>requests.db</c>.</summary>
/// <remarks>
/// One process owns the file: a reservation without an answer that this process did not make was left by one that is gone, and goes to the
/// next request at once.
/// </remarks>
internal sealed class SqliteAnsweredRequests(EmbeddedStorage storage) : IAnsweredRequests
{
    private const string Columns = "fingerprint, operation_id, at, until, status, content_type, location, etag, body";

    private readonly SqliteDatabase database = storage.Open(
        "requests",
        [
            """
            CREATE TABLE requests(
                id TEXT NOT NULL PRIMARY KEY, fingerprint TEXT NOT NULL, operation_id BLOB NOT NULL, at INTEGER NOT NULL,
                until INTEGER NOT NULL, status INTEGER, content_type TEXT, location TEXT, etag TEXT, body BLOB) WITHOUT ROWID;
            CREATE INDEX requests_at ON requests(at);
            """,
        ]
    );

    // Written only by the file's single writer.
    private readonly HashSet<string> running = new(StringComparer.Ordinal);

    public Task<(bool IsMine, AnsweredRequest Request)> ReserveAsync(string id, AnsweredRequest request, DateTimeOffset validFrom) =>
        database.WriteAsync(session =>
        {
            var found = session.First($"SELECT {Columns} FROM requests WHERE id = ?1 AND at >= ?2", Read, id, validFrom);
            if (found is not null && (found.Answer is not null || found.Fingerprint != request.Fingerprint || IsRunning(found)))
            {
                return (IsMine: false, found);
            }

            running.Add(id);
            var mine = found is null ? request : found with { Until = request.Until };
            session.Execute(
                "INSERT OR REPLACE INTO requests(id, fingerprint, operation_id, at, until) VALUES (?1, ?2, ?3, ?4, ?5)",
                id,
                mine.Fingerprint,
                mine.OperationId,
                mine.At,
                mine.Until
            );
            return (IsMine: true, mine);

            bool IsRunning(AnsweredRequest taken) => running.Contains(id) && taken.Until > request.At;
        });

    public Task AnswerAsync(string id, Guid operationId, StoredAnswer answer) =>
        EndAsync(
            id,
            session => session.Execute(
                """
                UPDATE requests SET status = ?3, content_type = ?4, location = ?5, etag = ?6, body = ?7
                WHERE id = ?1 AND operation_id = ?2
                """,
                id,
                operationId,
                answer.Status,
                answer.ContentType,
                answer.Location,
                answer.ETag,
                answer.Body
            )
        );

    public Task EndAsync(string id, Guid operationId) =>
        EndAsync(id, session => session.Execute("UPDATE requests SET until = at WHERE id = ?1 AND operation_id = ?2", id, operationId));

    public Task RemoveAsync(string id, Guid operationId) =>
        EndAsync(
            id,
            session => session.Execute("DELETE FROM requests WHERE id = ?1 AND operation_id = ?2 AND status IS NULL", id, operationId)
        );

    public Task ForgetAsync(DateTimeOffset before) =>
        database.SweepAsync(session =>
            session.Execute(
                $"DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE at < ?1 LIMIT {SqliteDatabase.SweptAtOnce})",
                before
            )
        );

    private Task EndAsync(string id, Action<SqliteSession> write) =>
        database.WriteAsync(session =>
        {
            write(session);
            running.Remove(id);
        });

    private static AnsweredRequest Read(SqliteRow row) =>
        new(
            row.GetString(0),
            row.Id(1),
            row.Time(2),
            row.Time(3),
            row.NumberOrNull(4) is { } status ? new StoredAnswer((int)status, row.Text(5), row.Text(6), row.Text(7), row.Bytes(8)) : null
        );
}
