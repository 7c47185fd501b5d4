using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using MySqlConnector;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Settings;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>
/// The database that <c>ConnectionStrings:MySql</c> names (<c>ticketbooth</c> when it names none), shared by any number of hosts. It is
/// created when it is missing and the user may create it.
/// </summary>
public sealed class MySqlTables : RelationalStorage
{
    // How long a starting host waits for others that are starting.
    private const int LockSeconds = 60;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly string module;
    private readonly MySqlSettings settings;

    public MySqlTables(string module, Assembly assembly, IConfiguration configuration, StorageOptions options)
        : base(assembly, "MySql", options.ReadOnly)
    {
        this.module = module;
        settings = new MySqlSettings(configuration.GetConnectionString("MySql"));
        Place = string.Create(
            CultureInfo.InvariantCulture,
            $"{MySqlSettings.Setting}: {settings.Server}:{settings.Port}, database {settings.Database}"
        );
    }

    /// <summary>The oldest server version that is supported. MariaDB accepts the same statements.</summary>
    public static ServerVersion Dialect { get; } = new MySqlServerVersion(new Version(8, 0, 21));

    public override bool IsEmbedded => false;

    private protected override string Place { get; }

    private protected override string History => HistoryOf(module);

    private protected override string HistoryLookup =>
        $"SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '{History}'";

    /// <summary>The table of applied migrations. Not EF's own name: the modules' tables are in one database.</summary>
    public static string HistoryOf(string module) =>
        string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(module[0])}{module[1..]}Migrations");

    /// <remarks>
    /// The connection holds a lock of the database until it is closed. Of several hosts that start at once, one creates the tables and
    /// their first rows, and the others find them.
    /// </remarks>
    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        MySqlConnection? connection = null;
        try
        {
            connection = await ReachAsync(cancellationToken);
            if (ReadOnly)
            {
                await connection.RunAsync(ReadOnlySession.Statement, cancellationToken);
            }
            else
            {
                await LockAsync(connection, cancellationToken);
            }

            await UpgradeAsync(connection, cancellationToken);
            return connection;
        }
        catch (Exception failure) when (failure is MySqlException or TimeoutException or StorageException)
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw failure switch
            {
                StorageException => failure,
                MySqlException { ErrorCode: MySqlErrorCode.AccessDenied } => new StorageException(
                    $"{Place}: the server refuses the user name or password.",
                    failure
                ),
                MySqlException { ErrorCode: MySqlErrorCode.UnableToConnectToHost } or TimeoutException => new StorageException(
                    $"{Place}: no server answers.",
                    failure
                ),
                _ => new StorageException($"{Place}: {failure.Message}", failure),
            };
        }
    }

    public override Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) =>
        ConnectToAsync(settings.WorkConnection, cancellationToken);

    public override Task<DbConnection> ConnectForRequestAsync(CancellationToken cancellationToken) =>
        ConnectToAsync(settings.Connection, cancellationToken);

    public override DbConnection Connect()
    {
        var connection = new MySqlConnection(settings.Connection);
        try
        {
            connection.Open();
            return connection;
        }
        catch (MySqlException)
        {
            connection.Dispose();
            throw;
        }
    }

    private protected override void Close()
    {
        foreach (var pool in new[] { settings.Connection, settings.WorkConnection })
        {
            using var connection = new MySqlConnection(pool);
            MySqlConnection.ClearPool(connection);
        }
    }

    public override void UseProvider(DbContextOptionsBuilder options)
    {
        options.UseMySql(settings.Connection, Dialect, mysql =>
            mysql.MigrationsHistoryTable(History).ExecutionStrategy(dependencies => new RetryAfterDeadlock(dependencies))
        );
        if (ReadOnly)
        {
            options.AddInterceptors(new ReadOnlySession());
        }
    }

    /// <remarks>
    /// MySQL commits each change of a table by itself, so a start that is killed leaves a part of the script applied. The table of
    /// applied migrations is the first thing that a script creates. Where it exists without the migration's row, the tables that exist
    /// are ours, and the rest of the script completes them.
    /// </remarks>
    private protected override async Task ApplyAsync(
        DbConnection connection,
        string script,
        bool resumes,
        CancellationToken cancellationToken
    )
    {
        foreach (var statement in script.Split([";\n", ";\r\n"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                await connection.RunAsync(statement, cancellationToken);
            }
            catch (MySqlException failure) when (IsAppliedAlready(failure))
            {
                if (!resumes)
                {
                    throw new StorageException(
                        $"{Place} has tables of another program ({failure.Message}). Name a database that only TicketBooth uses.",
                        failure
                    );
                }
            }
        }
    }

    private static bool IsAppliedAlready(MySqlException failure) =>
        failure.ErrorCode
            is MySqlErrorCode.TableExists
                or MySqlErrorCode.DuplicateFieldName
                or MySqlErrorCode.DuplicateKeyName
                or MySqlErrorCode.DuplicateKeyEntry
                or MySqlErrorCode.CannotDropFieldOrKey;

    private static async Task<DbConnection> ConnectToAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (MySqlException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<MySqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).WaitAsync(StartTimeout, cancellationToken);
            return connection;
        }
        catch (Exception failure) when (failure is MySqlException or TimeoutException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects, and creates the database when it is missing.</summary>
    private async Task<MySqlConnection> ReachAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(settings.StartConnection, cancellationToken);
        }
        catch (MySqlException failure) when (failure.ErrorCode == MySqlErrorCode.UnknownDatabase && !ReadOnly)
        {
            await using var server = await OpenAsync(settings.ServerConnection, cancellationToken);
            await server.RunAsync(
                $"CREATE DATABASE IF NOT EXISTS `{settings.Database.Replace("`", "``", StringComparison.Ordinal)}` CHARACTER SET utf8mb4",
                cancellationToken
            );
            return await OpenAsync(settings.StartConnection, cancellationToken);
        }
    }

    /// <remarks>
    /// A lock's name is unique on the server, so it contains the database's name; hashed, because it may have 64 characters at most.
    /// </remarks>
    private async Task LockAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        var got = await connection.ListAsync(
            "SELECT COALESCE(GET_LOCK(CONCAT('ticketbooth-', @module, '-', MD5(DATABASE())), @seconds), 0)",
            row => row.GetInt32(0),
            cancellationToken,
            ("@seconds", LockSeconds),
            ("@module", module)
        );
        if (got is not [1])
        {
            throw new StorageException(
                $"{Place}: another host has been preparing it for {LockSeconds.ToString(CultureInfo.InvariantCulture)} seconds."
            );
        }
    }
}
