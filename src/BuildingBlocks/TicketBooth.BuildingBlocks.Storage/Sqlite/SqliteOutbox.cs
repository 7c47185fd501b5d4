using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>The outbox and inbox tables of one SQLite file.</summary>
public sealed class SqliteOutbox(string name, SqliteDatabase database) : IOutboxSource
{
    /// <summary>A step for the schema of a database that has an outbox and an inbox. <see cref="Pages"/> is the next one.</summary>
    /// <remarks>Message ids begin with their time, so the inbox is ordered by age.</remarks>
    public const string Schema = """
        CREATE TABLE outbox(
            sequence INTEGER PRIMARY KEY, message_id BLOB NOT NULL, type TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL,
            correlation_id BLOB NOT NULL, trace_parent TEXT, at INTEGER NOT NULL);
        CREATE TABLE outbox_cursors(module TEXT NOT NULL PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE inbox(message_id BLOB NOT NULL, consumer TEXT NOT NULL, PRIMARY KEY(message_id, consumer)) WITHOUT ROWID;
        """;

    /// <summary>A row for the entries of a whole write (<see cref="PackedEntries"/>), which are numbered up to its <c>last</c>.</summary>
    /// <remarks>
    /// No sequence may be used twice, or a cursor would skip entries. A new row continues after the newest one, so that one always stays,
    /// without its entries once they are delivered; AUTOINCREMENT would cost another write.
    /// </remarks>
    public const string Pages = $"""
        CREATE TABLE outbox_pages(last INTEGER PRIMARY KEY, count INTEGER NOT NULL, keys BLOB NOT NULL, entries BLOB NOT NULL);
        INSERT INTO outbox_pages(last, count, keys, entries)
            SELECT sequence, 1, key, {PackedEntries.Function}(message_id, type, key, body, correlation_id, trace_parent, at) FROM outbox;
        DROP TABLE outbox;
        """;

    /// <summary>
    /// A subquery: the newest sequence that waits for no known module. A row that a change has told about in an entry with a higher one
    /// (its column <c>told</c>, <see cref="Told"/>) has a pending message. Null when there was no entry ever.
    /// </summary>
    /// <remarks>A new module's cursor is before entries that were removed long ago.</remarks>
    public const string SelectDelivered = """
        SELECT MAX((SELECT last - count FROM outbox_pages ORDER BY last LIMIT 1), COALESCE((SELECT MIN(sequence) FROM outbox_cursors), 0))
        """;

    private const string SelectDepth = $"SELECT (SELECT MAX(last) FROM outbox_pages) - ({SelectDelivered})";
    private const string SelectOldest = "SELECT message_id FROM inbox ORDER BY message_id LIMIT 1";

    private readonly SinceWritten<long> depth = new(database, session => session.Number(SelectDepth));
    private readonly SinceWritten<DateTimeOffset?> oldestWaiting = new(database, OldestWaiting);
    private readonly SinceWritten<Guid?> oldest = new(database, session => session.First(SelectOldest, row => (Guid?)row.Id(0)));
    private readonly FreshEntries fresh = new();
    private readonly Lock signalLock = new();
    private TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long last = database.Read(NewestSequence);

    public string Name => name;

    /// <summary>Names the outbox in the log of work that failed for it.</summary>
    public override string ToString() => name;

    /// <summary>
    /// Adds entries, as part of the change that <paramref name="session"/> is making. Those of one call share a row: a write of many
    /// changes adds all of its entries at its end.
    /// </summary>
    /// <returns>The entries with their sequences, for <see cref="Signal(IReadOnlyList{OutboxEntry})"/> once they are on disk.</returns>
    public static IReadOnlyList<OutboxEntry> Append(SqliteSession session, params IReadOnlyList<OutboxEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0)
        {
            return [];
        }

        session.Execute(
            """
            INSERT INTO outbox_pages(last, count, keys, entries)
            VALUES (COALESCE((SELECT MAX(last) FROM outbox_pages), 0) + ?1, ?1, ?2, ?3)
            """,
            entries.Count,
            PackedEntries.KeysOf(entries),
            PackedEntries.Pack(entries)
        );
        var before = session.LastRowId - entries.Count;
        return [.. entries.Select((entry, i) => entry with { Sequence = before + 1 + i })];
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

    /// <summary>
    /// A step for the schema: the column <c>told</c> of a table that has messages about its rows, filled for those that wait now. Whoever
    /// appends an entry about a row notes its sequence there, so that nobody needs to search the entries for a key.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="key">Its column with the keys of the messages.</param>
    public static string Told(string table, string key) =>
        $"""
            ALTER TABLE {table} ADD COLUMN told INTEGER;
            WITH RECURSIVE
                place(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM place WHERE i + 1 < (SELECT MAX(count) FROM outbox_pages)),
                waiting(key, sequence) AS (
                    SELECT substr(keys, 1 + 16 * i, 16), MAX(last - count + 1 + i) FROM outbox_pages JOIN place ON i < count
                    WHERE last - count + 1 + i > COALESCE((SELECT MIN(sequence) FROM outbox_cursors), 0)
                    GROUP BY 1)
            UPDATE {table} SET told = waiting.sequence FROM waiting WHERE {table}.{key} = waiting.key
            """;

    /// <summary>The sequence of the newest entry. Those of the next <see cref="Append"/> are numbered from the one after it.</summary>
    public static long NewestSequence(SqliteSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Number("SELECT MAX(last) FROM outbox_pages");
    }

    /// <summary>Wakes the relay after a change with entries is on disk. A missing call delays delivery until the next one.</summary>
    public void Signal() => Signal(database.Read(NewestSequence));

    /// <summary>As <see cref="Signal()"/>, and hands the entries to the relay, which then need not read them.</summary>
    /// <param name="written">As <see cref="Append"/> returned them; there may be none.</param>
    public void Signal(IReadOnlyList<OutboxEntry> written)
    {
        ArgumentNullException.ThrowIfNull(written);
        if (written.Count > 0)
        {
            fresh.Add(written);
            Signal(written[^1].Sequence);
        }
    }

    /// <remarks>Entries are numbered without gaps, and removed oldest first: a subtraction counts them, however many there are.</remarks>
    public Task<long> DepthAsync(CancellationToken cancellationToken) => Task.FromResult(depth.Get());

    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => Task.FromResult(oldestWaiting.Get());

    public void Wake() => Signal();

    public Task<long> SubscribeAsync(string destination) =>
        database.WriteAsync(session =>
        {
            session.Execute("INSERT OR IGNORE INTO outbox_cursors(module, sequence) VALUES (?1, 0)", destination);

            // Whoever comes late, or came late at a former release, would look for ever for entries that are gone.
            session.Execute(
                """
                UPDATE outbox_cursors SET sequence = MAX(sequence, COALESCE(
                    (SELECT last - count FROM outbox_pages WHERE count > 0 ORDER BY last LIMIT 1), (SELECT MAX(last) FROM outbox_pages), 0))
                WHERE module = ?1
                """,
                destination
            );
            return session.Number("SELECT sequence FROM outbox_cursors WHERE module = ?1", destination);
        });

    public Task UnsubscribeAsync(string destination) =>
        database.WriteAsync(session => session.Execute("DELETE FROM outbox_cursors WHERE module = ?1", destination));

    public IReadOnlyList<OutboxEntry> Read(long sequence, int limit) =>
        fresh.Take(sequence, limit) is { Count: > 0 } entries ? entries : database.Read(session => Read(session, sequence, limit));

    public Task AcknowledgeAsync(IReadOnlyDictionary<string, long> cursors) =>
        database.WriteAsync(session =>
        {
            foreach (var (destination, sequence) in cursors)
            {
                session.Execute("UPDATE outbox_cursors SET sequence = MAX(sequence, ?2) WHERE module = ?1", destination, sequence);
            }

            session.Execute(
                """
                DELETE FROM outbox_pages
                WHERE last <= (SELECT MIN(sequence) FROM outbox_cursors) AND last < (SELECT MAX(last) FROM outbox_pages)
                """
            );
            session.Execute(
                """
                UPDATE outbox_pages SET count = 0, keys = x'', entries = x''
                WHERE last <= (SELECT MIN(sequence) FROM outbox_cursors) AND count > 0
                """
            );
        });

    public Task ForgetMessagesAsync(DateTimeOffset before) =>
        oldest.Get() is not { } message || TaggedId.MomentOf(message) >= before
            ? Task.CompletedTask
            : database.SweepAsync(session =>
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

    private void Signal(long newest)
    {
        lock (signalLock)
        {
            last = Math.Max(last, newest);
            signal.TrySetResult();
            signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static List<OutboxEntry> Read(SqliteSession session, long sequence, int limit)
    {
        var entries = new List<OutboxEntry>();
        var cursor = sequence;
        while (entries.Count < limit && ReadPage(session, cursor) is { } page)
        {
            entries.AddRange(page.Where(entry => entry.Sequence > sequence).Take(limit - entries.Count));
            cursor = page[^1].Sequence;
        }

        return entries;
    }

    private static DateTimeOffset? OldestWaiting(SqliteSession session) =>
        Read(session, session.Number("SELECT MIN(sequence) FROM outbox_cursors"), limit: 1) is [var entry] ? entry.At : null;

    private static OutboxEntry[]? ReadPage(SqliteSession session, long cursor) =>
        session.First(
            "SELECT keys, entries, last FROM outbox_pages WHERE last > ?1 AND count > 0 ORDER BY last LIMIT 1",
            row => PackedEntries.Unpack(row.Bytes(0), row.Bytes(1), row.GetInt64(2)),
            cursor
        );
}
