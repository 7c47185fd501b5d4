using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.BuildingBlocks.Messaging;

/// <summary>The outbox and inbox tables of one SQLite file.</summary>
public sealed class SqliteOutbox(string name, SqliteDatabase database) : IOutboxSource
{
    /// <summary>A step for the schema of a database that has an outbox and an inbox.</summary>
    /// <remarks>AUTOINCREMENT matters: a cursor must never meet a sequence again after the rows before it were removed.</remarks>
    public const string Schema = """
        CREATE TABLE outbox(
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, message_id BLOB NOT NULL, type TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL,
            correlation_id BLOB NOT NULL, trace_parent TEXT, at INTEGER NOT NULL);
        CREATE TABLE outbox_cursors(module TEXT NOT NULL PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE inbox(
            consumer TEXT NOT NULL, message_id BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(consumer, message_id)) WITHOUT ROWID;
        CREATE INDEX inbox_at ON inbox(at);
        """;

    private readonly Lock signalLock = new();
    private TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long last = database.Read(session => session.Number("SELECT MAX(sequence) FROM outbox"));

    public string Name => name;

    /// <summary>Adds an entry as part of the change that <paramref name="session"/> is making.</summary>
    public static void Append(SqliteSession session, OutboxEntry entry)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(entry);
        session.Execute(
            "INSERT INTO outbox(message_id, type, key, body, correlation_id, trace_parent, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            entry.MessageId, entry.MessageType, entry.Key, entry.Body, entry.CorrelationId, entry.TraceParent, entry.At);
    }

    /// <summary>False when the message had its effect before: the change must then do nothing.</summary>
    public static bool TryEnter(SqliteSession session, InboxKey key, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute("INSERT OR IGNORE INTO inbox(consumer, message_id, at) VALUES ($1, $2, $3)", key.Consumer, key.MessageId, now) == 1;
    }

    /// <summary>Takes <see cref="TryEnter"/> back when the change came to nothing, so that the message may be tried again.</summary>
    public static void Leave(SqliteSession session, InboxKey key)
    {
        ArgumentNullException.ThrowIfNull(session);
        session.Execute("DELETE FROM inbox WHERE consumer = $1 AND message_id = $2", key.Consumer, key.MessageId);
    }

    /// <summary>Forgets what was consumed before <paramref name="before"/>: longer ago than any delivery is repeated.</summary>
    public static int Forget(SqliteSession session, DateTimeOffset before)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Execute("DELETE FROM inbox WHERE at < $1", before);
    }

    /// <summary>Tells the relay that a change with entries is on disk. Forgetting it delays delivery until the next change, and loses nothing.</summary>
    public void Signal()
    {
        lock (signalLock)
        {
            last = database.Read(session => session.Number("SELECT MAX(sequence) FROM outbox"));
            signal.TrySetResult();
            signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public Task<long> SubscribeAsync(string module) => database.WriteAsync(session =>
    {
        session.Execute("INSERT OR IGNORE INTO outbox_cursors(module, sequence) VALUES ($1, 0)", module);
        return session.Number("SELECT sequence FROM outbox_cursors WHERE module = $1", module);
    });

    public IReadOnlyList<OutboxEntry> Read(long sequence, int limit) => database.Read(session => session.Query(
        "SELECT sequence, message_id, type, key, body, correlation_id, trace_parent, at FROM outbox WHERE sequence > $1 ORDER BY sequence LIMIT $2",
        ReadEntry, sequence, limit));

    public Task AcknowledgeAsync(string module, long sequence) => database.WriteAsync(session =>
    {
        session.Execute("UPDATE outbox_cursors SET sequence = $2 WHERE module = $1", module, sequence);
        session.Execute("DELETE FROM outbox WHERE sequence <= (SELECT MIN(sequence) FROM outbox_cursors)");
    });

    public Task WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        lock (signalLock)
        {
            return last > sequence ? Task.CompletedTask : signal.Task.WaitAsync(cancellationToken);
        }
    }

    private static OutboxEntry ReadEntry(SqliteDataReader row) =>
        new(row.Id(1), row.GetString(2), row.Id(3), row.Bytes(4), row.Id(5), row.Text(6), row.Time(7)) { Sequence = row.GetInt64(0) };
}
