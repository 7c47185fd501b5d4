using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.ReadModel;

/// <summary>What the read model may be stored in.</summary>
public enum Provider
{
    Sqlite,
    MySql,
}

/// <summary>A database of a test's own; the first host that starts on it makes its tables.</summary>
internal abstract class DashboardDatabase : IAsyncDisposable
{
    /// <summary>What a host needs to be told to use it.</summary>
    public abstract IReadOnlyList<(string Key, string Value)> Settings { get; }

    /// <summary>The storage folder of its hosts.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("ticketbooth-dashboard-").FullName;

    public static DashboardDatabase New(Provider provider) => provider == Provider.Sqlite ? new SqliteFile() : new MySqlDatabase();

    /// <summary>Runs statements beside the host; the first column of the first row as a number.</summary>
    public long Sql(string sql) => Lines(sql) is [var first, ..] && long.TryParse(first, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>A line a row, its columns separated by a bar.</summary>
    public List<string> Lines(string sql)
    {
        using var connection = Connect();
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // statements of tests
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var lines = new List<string>();
        do
        {
            while (rows.Read())
            {
                // Ids are in capitals in SQLite and in small letters in MySQL.
                lines.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(i => Convert.ToString(rows.GetValue(i), CultureInfo.InvariantCulture)!.ToUpperInvariant())));
            }
        }
        while (rows.NextResult());
        return lines;
    }

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    protected abstract DbConnection Connect();
}

internal sealed class SqliteFile : DashboardDatabase
{
    public override IReadOnlyList<(string Key, string Value)> Settings => [("ConnectionStrings:MySql", "")];

    protected override DbConnection Connect() => new SqliteConnection($"Data Source={Path.Combine(Folder, "dashboard.db")};Pooling=False");
}

internal sealed class MySqlDatabase : DashboardDatabase
{
    private readonly MySqlConnectionStringBuilder settings = new(TestServers.MySql) { Database = $"dashboard_test_{Guid.CreateVersion7():N}" };

    public override IReadOnlyList<(string Key, string Value)> Settings => [("ConnectionStrings:MySql", settings.ConnectionString)];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder(settings.ConnectionString) { Database = "", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a name of our own
        command.CommandText = $"DROP DATABASE IF EXISTS {settings.Database}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    protected override DbConnection Connect() => new MySqlConnection(new MySqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false }.ConnectionString);
}

/// <summary>Tests that hold for every database that the read model may be stored in; each test has a new one.</summary>
[TestFixture(Provider.Sqlite)]
[TestFixture(Provider.MySql)]
internal abstract class DashboardFixture(Provider provider)
{
    /// <summary>Everything that can be compared: which rebuild saw a row last is no part of what it says.</summary>
    private static readonly string[] Tables =
    [
        "SELECT 'order', Id, EventId, BuyerId, Revision, Status, Tickets, Total, PlacedAt, IsPlacedAtKnown + 0, PaidAt, EndedAt, PaymentId, Refunds, Disputes, DisputedSince FROM DashboardOrders",
        "SELECT 'payment', Id, OrderId, Status, Method, Amount, Currency, StartedAt, ChangedAt, DeclinedAt, CapturedAt, DeclineReason, RefundReason, AwaitingSince, OwedSince FROM DashboardPayments",
        "SELECT 'event', Id, IsCanceled + 0, Name, Venue, StartsAt, SaleOpensAt, SaleClosesAt, Currency, Capacity, Tiers, Released FROM DashboardEvents",
        """
        SELECT 'sales', EventId, TierId, Span, At, OrdersPlaced, OrdersPaid, OrdersLapsed, OrdersRefunded, Taken, Sold, Lapsed, Refunded, Revenue, Returned, Disputes FROM DashboardSales
        WHERE OrdersPlaced <> 0 OR OrdersPaid <> 0 OR OrdersLapsed <> 0 OR OrdersRefunded <> 0
           OR Taken <> 0 OR Sold <> 0 OR Lapsed <> 0 OR Refunded <> 0 OR Revenue <> 0 OR Returned <> 0 OR Disputes <> 0
        """,
    ];

    protected Provider Provider => provider;

    protected DashboardDatabase Database { get; private set; } = null!;

    [SetUp]
    public void NewDatabase() => Database = DashboardDatabase.New(provider);

    [TearDown]
    public async Task DropDatabaseAsync() => await Database.DisposeAsync();

    protected Task<TestHost> StartHostAsync(params (string Key, string Value)[] settings) => StartHostAsync(null, settings);

    protected Task<TestHost> StartHostAsync(Action<IServiceCollection>? services, params (string Key, string Value)[] settings) =>
        TestHost.StartAsync(
            folder: Database.Folder,
            settings: [("Dashboard:ReconcileHours", "0"), ("Payments:MaxDeclinesPerBuyerPerHour", "0"), .. Database.Settings, .. settings],
            services: services
        );

    /// <summary>The read model in words, in an order of its own.</summary>
    protected List<string> Rows() => [.. Tables.SelectMany(Database.Lines).Order(StringComparer.Ordinal)];
}
