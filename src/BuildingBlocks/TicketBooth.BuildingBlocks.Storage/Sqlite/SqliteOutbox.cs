using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>The outbox and inbox tables of one SQLite file.</summary>
public sealed class SqliteOutbox(string name, SqliteDatabase database) : IOutboxSource
{
    /// <summary>A step for the schema of a database that has an outbox and an inbox.</summary>
    /// <remarks>
    /// No sequence may be used twice, or a cursor would skip entries. SQLite gives a new row the highest sequence plus one, so the newest
    /// row always stays, delivered or not; AUTOINCREMENT would cost another write per entry. Message ids begin with their time, so the
    /// inbox is ordered by age.
    /// </remarks>
    public const string Schema = """
        CREATE TABLE outbox(
            sequence INTEGER PRIMARY KEY, message_id BLOB NOT NULL, type TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL,
            correlation_id BLOB NOT NULL, trace_parent TEXT, at INTEGER NOT NULL);
        CREATE TABLE outbox_cursors(module TEXT NOT NULL PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE inbox(message_id BLOB NOT NULL, consumer TEXT NOT NULL, PRIMARY KEY(message_id, consumer)) WITHOUT ROWID;
        """;

    /// <summary>A subquery: the keys of entries that are not yet delivered to every known module.</summary>
    public const string SelectPendingKeys =
        "SELECT key FROM outbox WHERE sequence > COALESCE((SELECT MIN(sequence) FROM outbox_cursors), 0)";

    private readonly Lock signalLock = new();
    private TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long last = database.Read(session => session.Number("SELECT MAX(sequence) FROM outbox"));

    public string Name => name;

    /// <summary>Names the outbox in the log of work that failed for it.</summary>
    public override string ToString() => name;

    /// <summary>Adds an entry as part of the change that <paramref name="session"/> is making.</summary>
    public static void Append(SqliteSession session, OutboxEntry entry)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(entry);
        session.Execute(
            "INSERT INTO outbox(message_id, type, key, body, correlation_id, trace_parent, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            entry.MessageId,
            entry.MessageType,
            entry.Key,
            entry.Body,
            entry.CorrelationId,
            entry.TraceParent,
            entry.At
        );
    }

    /// <summary>Enters a message in the inbox. False when it was applied before: the change must then do nothing.</summary>
    public static bool TryEnter(SqliteSession session, InboxKey key)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute("INSERT OR IGNORE INTO inbox(message_id, consumer) VALUES (?1, ?2)", key.MessageId, key.Consumer) == 1;
    }

    /// <summary>Undoes <see cref="TryEnter"/> when the change was not made, so that the message can be retried.</summary>
    public static void Leave(SqliteSession session, InboxKey key)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.Execute("DELETE FROM inbox WHERE message_id = ?1 AND consumer = ?2", key.MessageId, key.Consumer);
    }

    /// <summary>The keys of <see cref="SelectPendingKeys"/>.</summary>
    public static HashSet<Guid> PendingKeys(SqliteSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. session.Query(SelectPendingKeys, row => row.Id(0))];
    }

    /// <summary>Wakes the relay after a change with entries is on disk. A missing call delays delivery until the next one.</summary>
    public void Signal()
    {
        lock (signalLock)
        {
            last = database.Read(session => session.Number("SELECT MAX(sequence) FROM outbox"));
            signal.TrySetResult();
            signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <remarks>
    /// Entries are numbered without gaps, and removed oldest first: a subtraction counts them. Counting each would take longer the more of
    /// them wait.
    /// </remarks>
    public Task<long> DepthAsync(CancellationToken cancellationToken) =>
        Task.FromResult(
            database.Read(session =>
                session.Number(
                    """
                    SELECT (SELECT MAX(sequence) FROM outbox) - MAX(
                        (SELECT MIN(sequence) FROM outbox) - 1, COALESCE((SELECT MIN(sequence) FROM outbox_cursors), 0))
                    """
                )
            )
        );

    public Task<long> SubscribeAsync(string destination) =>
        database.WriteAsync(session =>
        {
            session.Execute("INSERT OR IGNORE INTO outbox_cursors(module, sequence) VALUES (?1, 0)", destination);
            return session.Number("SELECT sequence FROM outbox_cursors WHERE module = ?1", destination);
        });

    public Task UnsubscribeAsync(string destination) =>
        database.WriteAsync(session => session.Execute("DELETE FROM outbox_cursors WHERE module = ?1", destination));

    public IReadOnlyList<OutboxEntry> Read(long sequence, int limit) =>
        database.Read(session =>
            session.Query(
                """
                SELECT sequence, message_id, type, key, body, correlation_id, trace_parent, at
                FROM outbox WHERE sequence > ?1 ORDER BY sequence LIMIT ?2
                """,
                ReadEntry,
                sequence,
                limit
            )
        );

    public Task AcknowledgeAsync(IReadOnlyDictionary<string, long> cursors) =>
        database.WriteAsync(session =>
        {
            foreach (var (destination, sequence) in cursors)
            {
                session.Execute("UPDATE outbox_cursors SET sequence = MAX(sequence, ?2) WHERE module = ?1", destination, sequence);
            }

            session.Execute(
                """
                DELETE FROM outbox
                WHERE sequence <= (SELECT MIN(sequence) FROM outbox_cursors) AND sequence < (SELECT MAX(sequence) FROM outbox)
                """
            );
        });

    public Task ForgetMessagesAsync(DateTimeOffset before) =>
        database.SweepAsync(session =>
            session.Execute(
                $"""
                DELETE FROM inbox WHERE (message_id, consumer) IN (
                    SELECT message_id, consumer FROM inbox WHERE message_id < ?1 LIMIT {SqliteDatabase.SweptAtOnce})
                """,
                TaggedId.Earliest(before)
            )
        );

    public Task WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        lock (signalLock)
        {
            return last > sequence ? Task.CompletedTask : signal.Task.WaitAsync(cancellationToken);
        }
    }

    private static OutboxEntry ReadEntry(SqliteRow row) =>
        new(row.Id(1), row.GetString(2), row.Id(3), row.Bytes(4), row.Id(5), row.Text(6), row.Time(7)) { Sequence = row.GetInt64(0) };
}
