using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using TicketBooth.BuildingBlocks.Storage;

namespace TicketBooth.Accounts.Storage;

/// <summary>The one place that knows which database the accounts are in: <c>accounts.db</c>, a SQLite file in the embedded storage's folder.</summary>
internal sealed class AccountsStorage(EmbeddedStorage storage) : IDisposable
{
    /// <summary>Ascending; each is a script of the same name beside the migration.</summary>
    private static readonly IReadOnlyList<string> Migrations = [.. typeof(AccountsStorage).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)];

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
            .ConfigureWarnings(warnings => warnings
                .Log((RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug))
                .Ignore(CoreEventId.MappedEntityTypeIgnoredWarning));
    }

    /// <summary>Whether the write lost against another with the same unique value.</summary>
    public static bool IsDuplicate(DbUpdateException failure) =>
        failure?.InnerException is SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE };

    /// <summary>A connection with the schema up to date: what the start reads and writes through.</summary>
    /// <remarks>
    /// Plain ADO.NET on purpose: the first use of EF Core costs a second of compiling, which a start cannot spare. The scripts are what EF
    /// makes of its migrations; a test compares them.
    /// </remarks>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            if (!ReadOnly)
            {
                MakePrivateFile();
            }

            await connection.OpenAsync(cancellationToken);
            Durability.Apply(connection);
            await UpgradeAsync(connection, cancellationToken);
            return connection;
        }
        catch (SqliteException failure)
        {
            await connection.DisposeAsync();
            throw new StorageException($"Storage:Path: {file} cannot be opened: {failure.Message}", failure);
        }
        catch (StorageException)
        {
            await connection.DisposeAsync();
            throw;
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

    private async Task UpgradeAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        var applied = await AppliedAsync(connection, cancellationToken);
        if (applied.Except(Migrations, StringComparer.Ordinal).Any())
        {
            throw new StorageException($"Storage:Path: {file} was written by a newer release.");
        }

        var pending = Migrations.Except(applied, StringComparer.Ordinal).ToList();
        if (pending.Count == 0)
        {
            return;
        }

        if (ReadOnly)
        {
            throw new StorageException($"Storage:Path: {file} has an older schema. Start the host once to upgrade it.");
        }

        await connection.RunAsync("PRAGMA journal_mode = WAL", cancellationToken);
        foreach (var migration in pending)
        {
            using var script = new StreamReader(typeof(AccountsStorage).Assembly.GetManifestResourceStream(migration)!);
            await connection.RunAsync(await script.ReadToEndAsync(cancellationToken), cancellationToken);
        }
    }

    private static async Task<List<string>> AppliedAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        var known = await connection.ListAsync("SELECT 1 FROM sqlite_master WHERE name = '__EFMigrationsHistory'", row => row.GetInt64(0), cancellationToken);
        return known.Count == 0
            ? []
            : await connection.ListAsync("SELECT MigrationId FROM __EFMigrationsHistory", row => row.GetString(0), cancellationToken);
    }

    private sealed class Durability : DbConnectionInterceptor
    {
        public static readonly Durability Instance = new();

        public static void Apply(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000";
            command.ExecuteNonQuery();
        }

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Apply(connection);
            return Task.CompletedTask;
        }
    }
}
