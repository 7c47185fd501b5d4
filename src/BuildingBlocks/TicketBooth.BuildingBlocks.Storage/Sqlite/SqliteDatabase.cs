using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// One SQLite file: WAL, <c>synchronous=FULL</c>, any number of readers, and one writer that commits in groups. Every change that waits
/// while the disk is busy with the last commit joins the next one, so a hundred concurrent writers cost one fsync, not a hundred.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private const int LargestGroup = 512;

    private readonly bool readOnly;
    private readonly string connectionString;
    private readonly ConcurrentBag<SqliteSession> readers = [];
    private readonly Queue<Change> changes = new();
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isClosing;

    private SqliteDatabase(string file, bool readOnly)
    {
        File = file;
        this.readOnly = readOnly;
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString();
    }

    public string File { get; }

    /// <summary>Opens the file and upgrades its schema; see <see cref="EmbeddedStorage.Open"/>.</summary>
    internal static SqliteDatabase Open(string file, IReadOnlyList<string> schema, bool readOnly)
    {
        var database = new SqliteDatabase(file, readOnly);
        try
        {
            var session = database.Connect();
            try
            {
                database.Prepare(session, schema);
            }
            catch
            {
                // Takes an unfinished step back, and its lock with it.
                session.Dispose();
                throw;
            }

            if (readOnly)
            {
                database.readers.Add(session);
                database.stopped.SetResult();
            }
            else
            {
                new Thread(() => database.RunWriter(session)) { IsBackground = true, Name = "writer of " + Path.GetFileName(file) }.Start();
            }

            return database;
        }
        catch (SqliteException failure)
        {
            throw new StorageException($"Storage:Path: {file} cannot be opened: {failure.Message}", failure);
        }
    }

    /// <summary>Runs a query on a connection of its own. Readers never wait for the writer, nor it for them.</summary>
    public T Read<T>(Func<SqliteSession, T> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!readers.TryTake(out var session))
        {
            session = Connect();
        }

        try
        {
            return query(session);
        }
        finally
        {
            readers.Add(session);
        }
    }

    /// <summary>
    /// Runs a change as one atomic write; completes when it is on disk. Changes run one at a time, in the order they were handed in.
    /// When <paramref name="change"/> throws, its own writes are taken back and the others of its group stay.
    /// </summary>
    /// <param name="change">May run again when another change of its group throws: it must touch nothing but the session.</param>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (readOnly)
        {
            throw new InvalidOperationException($"{File} is open for reading only.");
        }

        var work = new Change<T>(change);
        lock (changes)
        {
            ObjectDisposedException.ThrowIf(isClosing, this);
            changes.Enqueue(work);
            if (changes.Count == 1)
            {
                Monitor.Pulse(changes);
            }
        }

        return work.Outcome;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteSession> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return WriteAsync(session =>
        {
            change(session);
            return true;
        });
    }

    /// <summary>Finishes every change that was handed in, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (changes)
        {
            isClosing = true;
            Monitor.Pulse(changes);
        }

        await stopped.Task;
        foreach (var reader in readers)
        {
            reader.Dispose();
        }
    }

    private SqliteSession Connect()
    {
        var session = SqliteSession.Open(connectionString);
        session.Run("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536;");
        return session;
    }

    private void Prepare(SqliteSession session, IReadOnlyList<string> schema)
    {
        var version = (int)session.Number("PRAGMA user_version");
        if (version > schema.Count)
        {
            throw new StorageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Storage:Path: {File} has schema version {version}, this program knows {schema.Count}. It was written by a newer release."
                )
            );
        }

        if (readOnly)
        {
            if (version < schema.Count)
            {
                throw new StorageException($"Storage:Path: {File} has an older schema. Start the host once to upgrade it.");
            }

            return;
        }

        session.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;");
        for (var step = version; step < schema.Count; step++)
        {
            session.Run(
                string.Create(CultureInfo.InvariantCulture, $"BEGIN IMMEDIATE; {schema[step]}; PRAGMA user_version = {step + 1}; COMMIT;")
            );
        }
    }

    private void RunWriter(SqliteSession session)
    {
        var group = new List<Change>(LargestGroup);
        while (Gather(group))
        {
            Commit(session, group);
            group.Clear();
        }

        session.Dispose();
        stopped.SetResult();
    }

    /// <summary>Waits for changes and takes all that wait. False when there are none and none will come.</summary>
    private bool Gather(List<Change> group)
    {
        lock (changes)
        {
            while (changes.Count == 0)
            {
                if (isClosing)
                {
                    return false;
                }

                Monitor.Wait(changes);
            }

            while (group.Count < LargestGroup && changes.TryDequeue(out var change))
            {
                group.Add(change);
            }

            return true;
        }
    }

    private static void Commit(SqliteSession session, List<Change> group)
    {
        try
        {
            // A change that throws is out, and the group starts again without it: cheaper than a savepoint for every change that does not.
            while (group.Count > 0 && !TryCommit(session, group)) { }
        }
        catch (SqliteException failure)
        {
            // The whole group is told: none of it is on disk.
            TakeBack(session);
            foreach (var change in group)
            {
                change.Fail(failure);
            }

            return;
        }

        foreach (var change in group)
        {
            change.Complete();
        }
    }

    private static bool TryCommit(SqliteSession session, List<Change> group)
    {
        session.Execute("BEGIN IMMEDIATE");
        for (var i = 0; i < group.Count; i++)
        {
            if (group[i].Run(session) is { } failure)
            {
                TakeBack(session);
                group[i].Fail(failure);
                group.RemoveAt(i);
                return false;
            }
        }

        session.Execute("COMMIT");
        return true;
    }

    private static void TakeBack(SqliteSession session)
    {
        // Some failures (a full disk, for one) have ended the transaction already.
        if (session.IsInTransaction)
        {
            session.Execute("ROLLBACK");
        }
    }

    private abstract class Change
    {
        /// <summary>Null when it went well; its outcome is told by <see cref="Complete"/>, once it is on disk.</summary>
        public abstract Exception? Run(SqliteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class Change<T>(Func<SqliteSession, T> change) : Change
    {
        private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? value;

        public Task<T> Outcome => outcome.Task;

        public override Exception? Run(SqliteSession session)
        {
            try
            {
                value = change(session);
                return null;
            }
#pragma warning disable CA1031 // whatever the change threw belongs to its caller, not to the others of the group
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                return thrown;
            }
        }

        public override void Complete() => outcome.SetResult(value!);

        public override void Fail(Exception failure) => outcome.SetException(failure);
    }
}
