using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using MySqlConnector;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Settings;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>
/// The database that <c>ConnectionStrings:MySql</c> names (<c>ticketbooth</c> when it names none), shared by any number of hosts. Made when it is missing
/// and the user may.
/// </summary>
public sealed class MySqlTables : RelationalStorage
{
    private const string Setting = "ConnectionStrings:MySql";

    // So that a request meets an outage with a 503 while its client still listens.
    private const uint ConnectSeconds = 5;
    private const uint StatementSeconds = 10;

    // The start waits for other hosts that are starting, and for changes of large tables.
    private const int LockSeconds = 60;
    private const uint StartStatementSeconds = 600;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    private readonly string module;
    private readonly string database;
    private readonly string connectionString;
    private readonly string startConnectionString;
    private readonly string serverConnectionString;

    public MySqlTables(string module, Assembly assembly, IConfiguration configuration, StorageOptions options)
        : base(assembly, "MySql", options.ReadOnly)
    {
        this.module = module;
        var settings = Read(configuration.GetConnectionString("MySql"));
        database = settings.Database.Length == 0 ? "ticketbooth" : settings.Database;
        Place = $"{Setting}: {settings.Server}:{settings.Port.ToString(CultureInfo.InvariantCulture)}, database {database}";
        settings.Database = database;
        settings.ConnectionTimeout = settings.ConnectionTimeout is 0 or > ConnectSeconds ? ConnectSeconds : settings.ConnectionTimeout;
        settings.DefaultCommandTimeout = settings.DefaultCommandTimeout is 0 or > StatementSeconds
            ? StatementSeconds
            : settings.DefaultCommandTimeout;

        // A conditional update must say how many rows it found, and ids are CHAR(36): what the scripts and EF Core count on.
        settings.UseAffectedRows = false;
        settings.GuidFormat = MySqlGuidFormat.Char36;
        connectionString = settings.ConnectionString;

        // Outside of the pool: closing it ends the session, and with that the lock.
        settings.Pooling = false;
        settings.DefaultCommandTimeout = StartStatementSeconds;
        startConnectionString = settings.ConnectionString;
        settings.Database = "";
        serverConnectionString = settings.ConnectionString;
    }

    /// <summary>The oldest server whose language is used. MariaDB understands all of it too, so every server gets the same statements.</summary>
    public static ServerVersion Dialect { get; } = new MySqlServerVersion(new Version(8, 0, 21));

    private protected override string Place { get; }

    private protected override string History => HistoryOf(module);

    private protected override string HistoryLookup =>
        $"SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '{History}'";

    /// <summary>The table of applied migrations. Not EF's own name: the modules' tables are in one database.</summary>
    public static string HistoryOf(string module) =>
        string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(module[0])}{module[1..]}Migrations");

    /// <remarks>
    /// The connection holds a lock of the database until it is closed, so that of several hosts that start at once one makes the tables and what must be in
    /// them, and the others find it.
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

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
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

    private protected override void Close()
    {
        using var connection = new MySqlConnection(connectionString);
        MySqlConnection.ClearPool(connection);
    }

    public override void UseProvider(DbContextOptionsBuilder options)
    {
        options.UseMySql(connectionString, Dialect, mysql =>
            mysql.MigrationsHistoryTable(History).ExecutionStrategy(dependencies => new AgainAfterDeadlock(dependencies))
        );
        if (ReadOnly)
        {
            options.AddInterceptors(new ReadOnlySession());
        }
    }

    /// <remarks>
    /// MySQL commits each change of a table by itself, so a start that is killed leaves a part of the script behind. The table of applied migrations is the
    /// first thing that a script makes: where it is without the migration's row, what exists already is ours, and the rest of the script finishes it.
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
            catch (MySqlException failure) when (SaysThatItIsDone(failure))
            {
                if (!resumes)
                {
                    throw new StorageException(
                        $"{Place} has tables of something else ({failure.Message}). Name a database of TicketBooth's own.",
                        failure
                    );
                }
            }
        }
    }

    private static bool SaysThatItIsDone(MySqlException failure) =>
        failure.ErrorCode
            is MySqlErrorCode.TableExists
                or MySqlErrorCode.DuplicateFieldName
                or MySqlErrorCode.DuplicateKeyName
                or MySqlErrorCode.DuplicateKeyEntry
                or MySqlErrorCode.CannotDropFieldOrKey;

    /// <remarks>The parser's own message quotes what it could not read, which may be the end of a password that has a semicolon in it.</remarks>
    private static MySqlConnectionStringBuilder Read(string? text)
    {
        try
        {
            var settings = new MySqlConnectionStringBuilder(text ?? "");
            return settings.Server.Length > 0 && settings.Port > 0
                ? settings
                : throw new StorageException($"{Setting}: names no server (Server=…;Port=…;User ID=…;Password=…;Database=…).");
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            throw new StorageException(
                $"{Setting}: is not a MySQL connection string (Server=…;Port=…;User ID=…;Password=…;Database=…).",
                failure
            );
        }
    }

    private static async Task<MySqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).WaitAsync(StartPatience, cancellationToken);
            return connection;
        }
        catch (Exception failure) when (failure is MySqlException or TimeoutException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects, and makes the database when there is none.</summary>
    private async Task<MySqlConnection> ReachAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(startConnectionString, cancellationToken);
        }
        catch (MySqlException failure) when (failure.ErrorCode == MySqlErrorCode.UnknownDatabase && !ReadOnly)
        {
            await using var server = await OpenAsync(serverConnectionString, cancellationToken);
            await server.RunAsync(
                $"CREATE DATABASE IF NOT EXISTS `{database.Replace("`", "``", StringComparison.Ordinal)}` CHARACTER SET utf8mb4",
                cancellationToken
            );
            return await OpenAsync(startConnectionString, cancellationToken);
        }
    }

    /// <remarks>The name is the server's, not the database's, so it holds the database's; hashed, as such names may have 64 characters.</remarks>
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

    /// <summary>Runs again what the database ended to resolve a deadlock. An outage is not waited for: its requests are told to come back.</summary>
    private sealed class AgainAfterDeadlock(ExecutionStrategyDependencies dependencies)
        : ExecutionStrategy(dependencies, maxRetryCount: 8, maxRetryDelay: TimeSpan.FromMilliseconds(200))
    {
        protected override bool ShouldRetryOn(Exception exception) =>
            exception is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock };
    }

    private sealed class ReadOnlySession : DbConnectionInterceptor
    {
        public const string Statement = "SET SESSION TRANSACTION READ ONLY";

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        ) => connection.RunAsync(Statement, cancellationToken);
    }
}
