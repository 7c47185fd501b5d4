using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// One SQLite file: WAL, <c>synchronous=FULL</c>, any number of readers, and one writer that commits in groups
/// (<see cref="SqliteWriter"/>).
/// </summary>
public sealed class SqliteDatabase : ITrackedFile, IAsyncDisposable
{
    /// <summary>For the statements of <see cref="SweepAsync"/>.</summary>
    public const string SweptAtOnce = "500";

    private readonly bool readOnly;
    private readonly PageCaches caches;
    private readonly string connectionString;
    private readonly ConcurrentBag<SqliteSession> readers = [];
    private SqliteWriter? writer;

    private SqliteDatabase(string file, bool readOnly, PageCaches caches)
    {
        File = file;
        (this.readOnly, this.caches) = (readOnly, caches);
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString();
    }

    public string File { get; }

    internal FileTrouble Trouble { get; } = new();

    /// <summary>Opens the file and upgrades its schema; see <see cref="EmbeddedStorage.Open"/>.</summary>
    internal static SqliteDatabase Open(
        string file,
        IReadOnlyList<string> schema,
        bool readOnly,
        PageCaches caches,
        string installation = "",
        bool overwritesFreedPages = false
    )
    {
        var database = new SqliteDatabase(file, readOnly, caches);
        try
        {
            if (!readOnly)
            {
                PrivateFiles.PrepareDatabase(file);
            }

            var session = database.Connect(readOnly ? database.caches.OfReader : database.caches.OfWriter);
            try
            {
                database.Prepare(session, schema, overwritesFreedPages);
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
                database.writer = new SqliteWriter(session, file, position, database.Trouble);
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
        if (!readers.TryTake(out var session))
        {
            session = Connect(caches.OfReader);
        }

        try
        {
            return query(session);
        }
        catch (SqliteException failure)
        {
            Trouble.Failed(failure, isWrite: false);
            throw;
        }
        finally
        {
            readers.Add(session);
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

    /// <summary>Commits every change that was handed in, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await (writer?.CloseAsync() ?? Task.CompletedTask);
        foreach (var reader in readers)
        {
            reader.Dispose();
        }
    }

    private SqliteSession Connect(string pragmas)
    {
        var session = SqliteSession.Open(connectionString);
        session.Run(pragmas + SqliteOutage.Patience + "PRAGMA foreign_keys = ON;");
        return session;
    }

    private void Prepare(SqliteSession session, IReadOnlyList<string> schema, bool overwritesFreedPages)
    {
        var version = (int)session.Number("PRAGMA user_version");
        if (version > schema.Count)
        {
            throw new StorageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Storage:Path: {File} has schema version {version}, this program knows {schema.Count}. "
                        + $"It was written by a newer release."
                )
            )
            {
                Age = DataAge.Newer,
            };
        }

        if (readOnly)
        {
            if (version < schema.Count)
            {
                throw new StorageException($"Storage:Path: {File} has an older schema. Start the host once to upgrade it.")
                {
                    Age = DataAge.Older,
                };
            }

            return;
        }

        // What is deleted or replaced in a page is overwritten there, which costs nothing: the page is written anyway (ADR 0065).
        session.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;");
        session.Run($"PRAGMA secure_delete = {(overwritesFreedPages ? "ON" : "FAST")};");
        session.Define(SqliteOutbox.DefineFunctions);
        for (var step = version; step < schema.Count; step++)
        {
            session.Run(FormattableString.Invariant($"BEGIN IMMEDIATE; {schema[step]}; PRAGMA user_version = {step + 1}; COMMIT;"));
        }
    }
}
