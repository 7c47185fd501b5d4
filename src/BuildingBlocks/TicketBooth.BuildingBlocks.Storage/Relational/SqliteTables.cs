using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>A SQLite file with the module's name in the embedded storage's folder.</summary>
internal sealed class SqliteTables(string module, Assembly assembly, EmbeddedStorage storage)
    : RelationalStorage(assembly, "Sqlite", storage.ReadOnly)
{
    private readonly string file = storage.PathOf(module);
    private readonly string connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = storage.PathOf(module),
        Mode = storage.ReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,

        // The provider repeats what found the file locked until this is over, whatever SQLite itself has waited.
        DefaultTimeout = SqliteOutage.PatienceSeconds,
    }.ToString();

    public override bool IsEmbedded => true;

    private protected override string Place => $"Storage:Path: {file}";

    private protected override string History => "__EFMigrationsHistory";

    private protected override string HistoryLookup => "SELECT 1 FROM sqlite_master WHERE name = '__EFMigrationsHistory'";

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        DbConnection? connection = null;
        try
        {
            storage.FileOf(module);
            if (!ReadOnly)
            {
                PrivateFiles.PrepareDatabase(file);
            }

            connection = await ConnectAsync(cancellationToken);
            await UpgradeAsync(connection, cancellationToken);
            storage.Track(module);
            return connection;
        }
        catch (Exception failure) when (failure is SqliteException or StorageException)
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw failure is StorageException ? failure : new StorageException($"{Place} cannot be opened: {failure.Message}", failure);
        }
    }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            Durability.Apply(connection, storage.Caches.OfWriter);
            return connection;
        }
        catch (SqliteException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override DbConnection Connect()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            Durability.Apply(connection, storage.Caches.OfWriter);
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <remarks>So that the folder can be moved or removed.</remarks>
    private protected override void Close()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    public override void UseProvider(DbContextOptionsBuilder options) =>
        options.UseSqlite(connectionString).AddInterceptors(new Durability(storage.Caches.OfReader), new Damage(module, storage));

    private protected override async Task ApplyAsync(
        DbConnection connection,
        string script,
        bool resumes,
        CancellationToken cancellationToken
    )
    {
        await connection.RunAsync("PRAGMA journal_mode = WAL", cancellationToken);
        await connection.RunAsync(script, cancellationToken);
    }

    /// <summary>Tells the storage of commands that failed, so that a damaged file shows in the health of the host.</summary>
    private sealed class Damage(string module, EmbeddedStorage storage) : DbCommandInterceptor
    {
        public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => Note(eventData);

        public override Task CommandFailedAsync(
            DbCommand command,
            CommandErrorEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            Note(eventData);
            return Task.CompletedTask;
        }

        private void Note(CommandErrorEventData eventData)
        {
            if (eventData.Exception is SqliteException failure)
            {
                storage.Note(module, failure);
            }
        }
    }

    private sealed class Durability(string caches) : DbConnectionInterceptor
    {
        public static void Apply(DbConnection connection, string caches)
        {
            using var command = connection.CreateCommand();

            // People are in these files: what is deleted is overwritten, also in pages that become free (ADR 0065).
            command.CommandText = caches + "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;" + SqliteOutage.Patience;
            command.ExecuteNonQuery();
        }

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection, caches);

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            Apply(connection, caches);
            return Task.CompletedTask;
        }
    }
}
