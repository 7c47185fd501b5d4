using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.Accounts.Storage;

/// <summary>The one place that knows which database the accounts are in: <c>accounts.db</c>, a SQLite file in the embedded storage's folder.</summary>
internal sealed class AccountsStorage(EmbeddedStorage storage) : IDisposable
{
    private readonly string file = storage.FileOf("accounts");
    private readonly string connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = storage.FileOf("accounts"),
        Mode = storage.ReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
    }.ToString();

    public bool ReadOnly => storage.ReadOnly;

    public void Configure(DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.UseSqlite(connectionString)
            .AddInterceptors(Durability.Instance)
            // A lost race over an e-mail address is an answer, not an error; what is an error reaches the log as the exception of its request.
            .ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
    }

    /// <summary>Whether the write lost against another with the same unique value.</summary>
    public static bool IsDuplicate(DbUpdateException failure) =>
        failure?.InnerException is SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE };

    /// <summary>Brings the schema up to date, if it is not.</summary>
    public async Task PrepareAsync(AccountsDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        try
        {
            if (!ReadOnly)
            {
                MakePrivateFile();
            }

            var known = db.Database.GetMigrations().ToList();
            var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
            if (applied.Except(known, StringComparer.Ordinal).Any())
            {
                throw new StorageException($"Storage:Path: {file} was written by a newer release.");
            }

            if (applied.Count == known.Count)
            {
                return;
            }

            if (ReadOnly)
            {
                throw new StorageException($"Storage:Path: {file} has an older schema. Start the host once to upgrade it.");
            }

            await db.Database.ExecuteSqlAsync($"PRAGMA journal_mode = WAL", cancellationToken);
            // EF's own migration lock is a row that outlives a killed process and would stop every later start. The folder's lock, which
            // does not, already says that nobody else is migrating.
            await db.Database.ExecuteSqlAsync($"""DROP TABLE IF EXISTS "__EFMigrationsLock" """, cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }
        catch (SqliteException failure)
        {
            throw new StorageException($"Storage:Path: {file} cannot be opened: {failure.Message}", failure);
        }
    }

    /// <summary>Closes the pooled connections, so that the folder can be moved or removed.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>The file holds the key that signs tokens; nobody else on the machine needs to read it. SQLite gives its WAL the same rights.</summary>
    private void MakePrivateFile()
    {
        if (!OperatingSystem.IsWindows())
        {
            using var made = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
    }

    private sealed class Durability : DbConnectionInterceptor
    {
        public static readonly Durability Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000";
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }
}
