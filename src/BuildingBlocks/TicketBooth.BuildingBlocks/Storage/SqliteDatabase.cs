using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage;

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
    private readonly BlockingCollection<Change> changes = [];
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (readOnly)
        {
            throw new InvalidOperationException($"{File} is open for reading only.");
        }

        var work = new Change<T>(change);
        changes.Add(work);
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
        changes.CompleteAdding();
        await stopped.Task;
        foreach (var reader in readers)
        {
            reader.Dispose();
        }

        changes.Dispose();
    }

    private SqliteSession Connect()
    {
        var session = new SqliteSession(new SqliteConnection(connectionString));
        session.Connection.Open();
        session.Execute("PRAGMA busy_timeout = 5000");
        session.Execute("PRAGMA foreign_keys = ON");
        session.Execute("PRAGMA cache_size = -65536");
        return session;
    }

    private void Prepare(SqliteSession session, IReadOnlyList<string> schema)
    {
        var version = (int)session.Number("PRAGMA user_version");
        if (version > schema.Count)
        {
            throw new StorageException(string.Create(
                CultureInfo.InvariantCulture, $"Storage:Path: {File} has schema version {version}, this program knows {schema.Count}. It was written by a newer release."));
        }

        if (readOnly)
        {
            if (version < schema.Count)
            {
                throw new StorageException($"Storage:Path: {File} has an older schema. Start the host once to upgrade it.");
            }

            return;
        }

        session.Execute("PRAGMA journal_mode = WAL");
        session.Execute("PRAGMA synchronous = FULL");
        session.Execute("PRAGMA wal_autocheckpoint = 4000");
        for (var step = version; step < schema.Count; step++)
        {
            session.Execute("BEGIN IMMEDIATE");
            session.Execute(schema[step]);
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {step + 1}"));
            session.Execute("COMMIT");
        }
    }

    private void RunWriter(SqliteSession session)
    {
        var group = new List<Change>(LargestGroup);
        foreach (var first in changes.GetConsumingEnumerable())
        {
            group.Add(first);
            while (group.Count < LargestGroup && changes.TryTake(out var next))
            {
                group.Add(next);
            }

            Commit(session, group);
            group.Clear();
        }

        session.Dispose();
        stopped.SetResult();
    }

    private static void Commit(SqliteSession session, List<Change> group)
    {
        try
        {
            session.Execute("BEGIN IMMEDIATE");
            foreach (var change in group)
            {
                session.Execute("SAVEPOINT one");
                if (!change.TryRun(session))
                {
                    session.Execute("ROLLBACK TO one");
                }

                session.Execute("RELEASE one");
            }

            session.Execute("COMMIT");
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

    private static void TakeBack(SqliteSession session)
    {
        // Some failures (a full disk, for one) have ended the transaction already.
        if (SQLitePCL.raw.sqlite3_get_autocommit(session.Connection.Handle) == 0)
        {
            session.Execute("ROLLBACK");
        }
    }

    private abstract class Change
    {
        public abstract bool TryRun(SqliteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class Change<T>(Func<SqliteSession, T> change) : Change
    {
        private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? value;
        private Exception? failure;

        public Task<T> Outcome => outcome.Task;

        public override bool TryRun(SqliteSession session)
        {
            try
            {
                value = change(session);
                return true;
            }
#pragma warning disable CA1031 // whatever the change threw belongs to its caller, not to the others of the group
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                failure = thrown;
                return false;
            }
        }

        public override void Complete()
        {
            if (failure is null)
            {
                outcome.SetResult(value!);
            }
            else
            {
                outcome.SetException(failure);
            }
        }

        public override void Fail(Exception failure) => outcome.SetException(this.failure ?? failure);
    }
}
