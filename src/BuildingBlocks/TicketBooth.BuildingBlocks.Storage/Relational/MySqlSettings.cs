using MySqlConnector;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>What <c>ConnectionStrings:MySql</c> says, and how this program connects with it.</summary>
internal sealed class MySqlSettings
{
    public const string Setting = "ConnectionStrings:MySql";

    // So that a request during an outage is answered with a 503 within 5 seconds, also by a server that takes connections and statements
    // and says nothing. After the statement's time the driver asks the server to end it, and waits that long for an answer.
    private const uint ConnectSeconds = 3;
    private const uint StatementSeconds = 3;
    private const int EndStatementSeconds = 1;

    // Nobody waits for the writers of the read model and of the outboxes.
    private const uint WorkStatementSeconds = 10;

    // The start waits for other hosts that are starting, and for changes of large tables.
    private const uint StartStatementSeconds = 600;

    /// <param name="text">The value of the setting.</param>
    /// <exception cref="StorageException">It is not a connection string.</exception>
    public MySqlSettings(string? text)
    {
        var settings = Parse(text);
        (Server, Port) = (settings.Server, settings.Port);
        Database = settings.Database.Length == 0 ? "ticketbooth" : settings.Database;
        settings.Database = Database;
        var isGiven = settings.ContainsKey("Default Command Timeout") && settings.DefaultCommandTimeout > 0;
        settings.ConnectionTimeout = AtMost(ConnectSeconds, settings.ConnectionTimeout);
        settings.DefaultCommandTimeout = isGiven ? settings.DefaultCommandTimeout : StatementSeconds;
        settings.CancellationTimeout = EndStatementSeconds;

        // A conditional update must return how many rows it found, and ids are CHAR(36): the scripts and EF Core rely on both.
        settings.UseAffectedRows = false;
        settings.GuidFormat = MySqlGuidFormat.Char36;
        Connection = settings.ConnectionString;

        settings.DefaultCommandTimeout = Math.Max(settings.DefaultCommandTimeout, WorkStatementSeconds);
        WorkConnection = settings.ConnectionString;

        // Outside of the pool: closing the connection ends its session, and so releases the lock.
        settings.Pooling = false;
        settings.DefaultCommandTimeout = StartStatementSeconds;
        StartConnection = settings.ConnectionString;
        settings.Database = "";
        ServerConnection = settings.ConnectionString;
    }

    public string Server { get; }

    public uint Port { get; }

    public string Database { get; }

    /// <summary>The connection string while the host serves.</summary>
    public string Connection { get; }

    /// <summary>The connection string of work that no request waits for.</summary>
    public string WorkConnection { get; }

    /// <summary>The connection string while the host starts.</summary>
    public string StartConnection { get; }

    /// <summary>As <see cref="StartConnection"/>, without a database: to create it.</summary>
    public string ServerConnection { get; }

    /// <param name="limit">The longest time.</param>
    /// <param name="seconds">What was asked for; 0 is no limit.</param>
    private static uint AtMost(uint limit, uint seconds) => seconds is 0 || seconds > limit ? limit : seconds;

    /// <remarks>The parser's message quotes what it could not read, which may be a part of a password that contains a semicolon.</remarks>
    private static MySqlConnectionStringBuilder Parse(string? text)
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
}
