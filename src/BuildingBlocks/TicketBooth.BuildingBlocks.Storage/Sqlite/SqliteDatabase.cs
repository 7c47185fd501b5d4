using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// One SQLite file: WAL, <c>synchronous=FULL</c>, any number of readers, and one writer that commits in groups
/// (<see cref="SqliteWriter"/>). A file that nobody uses is closed until somebody does (ADR 0071).
/// </summary>
public sealed class SqliteDatabase : ITrackedFile, IAsyncDisposable
{
    /// <summary>For the statements of <see cref="SweepAsync"/>.</summary>
    public const string SweptAtOnce = "500";

    private readonly SqliteConnections connections;
    private readonly ConcurrentBag<SqliteSession> readers = [];
    private long readAt = Environment.TickCount64;
    private SqliteWriter? writer;

    private SqliteDatabase(SqliteConnections connections) => this.connections = connections;

    public string File => connections.File;

    internal FileTrouble Trouble { get; } = new();

    /// <summary>Opens the file and upgrades its schema; see <see cref="EmbeddedStorage.Open"/>.</summary>
    internal static SqliteDatabase Open(
        string file,
        IReadOnlyList<string> schema,
        bool readOnly,
        PageCaches caches,
        string installation = "",
        bool overwritesFreedPages = false,
        TimeSpan? rest = null
    )
    {
        var made = new SqliteConnections(file, readOnly, caches, overwritesFreedPages);
        var database = new SqliteDatabase(made);
        try
        {
            if (!readOnly)
            {
                PrivateFiles.PrepareDatabase(file);
            }

            var session = readOnly ? made.OpenReader() : made.OpenWriter();
            try
            {
                made.Upgrade(session, schema);
            }
            catch
            {
                // Also rolls an unfinished step back and gives up its lock.
                session.Dispose();
                throw;
            }

            if (readOnly)
            {
                database.readers.Add(session);
            }
            else
            {
                var position = FileMark.Take(session, installation, Path.GetFileNameWithoutExtension(file));
                database.writer = new SqliteWriter(made.ReopenWriter, session, file, position, database.Trouble, rest: rest);
            }

            return database;
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Storage:Path: {file} cannot be opened: {failure.Message}", failure);
        }
    }

    /// <summary>Runs a query on a connection of its own. Readers never wait for the writer, nor it for them.</summary>
    public T Read<T>(Func<SqliteSession, T> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        Volatile.Write(ref readAt, Environment.TickCount64);
        SqliteSession? session = null;
        try
        {
            session = readers.TryTake(out var open) ? open : connections.OpenReader();
            return query(session);
        }
        catch (SqliteException failure)
        {
            Trouble.Failed(failure, isWrite: false);
            throw;
        }
        finally
        {
            if (session is not null)
            {
                readers.Add(session);
            }
        }
    }

    /// <summary>As <see cref="Read"/>, for several statements: all see the file as it is now, and it is locked once.</summary>
    public T ReadSnapshot<T>(Func<SqliteSession, T> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Read(session =>
        {
            session.Execute("BEGIN");
            try
            {
                return query(session);
            }
            finally
            {
                // An error of the file may have ended it.
                if (session.IsInTransaction)
                {
                    session.Execute("COMMIT");
                }
            }
        });
    }

    /// <summary>
    /// Runs a change as one atomic write; completes when it is on disk. Changes run one at a time, in the order they were handed in.
    /// When <paramref name="change"/> throws, its own writes are rolled back and the others of its group stay.
    /// </summary>
    /// <param name="change">
    /// May run again when another change of its group throws, so it must have no effect outside of the session.
    /// </param>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return writer is null ? throw new InvalidOperationException($"{File} is open for reading only.")
            : Tracing.Start("write sqlite") is { } span ? TraceAsync(span, writer.WriteAsync(change))
            : writer.WriteAsync(change);
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

    /// <summary>
    /// Removes what is too old, a page at a time. The changes of others come in between, so nobody is held up however much there is.
    /// </summary>
    /// <param name="removePage">Removes <see cref="SweptAtOnce"/> rows and returns how many there were; runs until there are none.</param>
    public async Task SweepAsync(Func<SqliteSession, int> removePage)
    {
        int removed;
        do
        {
            removed = await WriteAsync(removePage);
        } while (removed > 0);
    }

    /// <summary>After a write that failed: tries whether writes succeed again. What comes of it is in <see cref="Trouble"/>.</summary>
    internal async Task RetryAsync()
    {
        if (writer is not null && Trouble.Refusal is not null)
        {
            // A failure is what it looks for; the writer notes it.
            await ((Task)writer.WriteAsync(_ => true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<T> TraceAsync<T>(Activity span, Task<T> write)
    {
        using (span)
        {
            span.SetTag("db.system.name", "sqlite").SetTag("db.namespace", Path.GetFileNameWithoutExtension(File));
            return await write;
        }
    }

    long ITrackedFile.ReadPosition() => writer?.Position ?? 0;

    /// <summary>How far this process has written the file; null when it only reads, and others may write.</summary>
    internal long? Position => writer?.Position;

    /// <summary>Closes the connections of readers that rest. The next query opens one again.</summary>
    /// <param name="idle">For so long nobody has read.</param>
    internal void CloseReaders(TimeSpan idle)
    {
        // What is in the bag is used by nobody, and whoever takes it out has it alone.
        while (Environment.TickCount64 - Volatile.Read(ref readAt) >= idle.TotalMilliseconds && readers.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    /// <summary>Commits every change that was handed in, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await (writer?.CloseAsync() ?? Task.CompletedTask);
        foreach (var reader in readers)
        {
            reader.Dispose();
        }
    }
}
