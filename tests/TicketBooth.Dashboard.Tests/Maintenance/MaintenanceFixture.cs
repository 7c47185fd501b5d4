using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Dashboard.Maintenance;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Tests.ReadModel;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests.Maintenance;

/// <summary>Maintenance of the read model of a box office that has sold a little of everything.</summary>
internal abstract class MaintenanceFixture(Provider provider) : DashboardFixture(provider)
{
    /// <summary>So many are sold while maintenance runs.</summary>
    protected const int EnoughOrders = 120;

    /// <summary>After so many the office rests, however long maintenance takes. Its events have tickets for twice as many.</summary>
    protected const int MostOrders = 2_000;

    /// <summary>What may have gone wrong with a read model, and how the comparison with the ledger calls it.</summary>
    protected static readonly (string What, string Sql, string Found)[] Damages =
    [
        ("an order is missing", "DELETE FROM DashboardOrders WHERE Id = (SELECT id FROM (SELECT MIN(Id) AS id FROM DashboardOrders) one)", "is missing"),
        ("an order has a wrong status", "UPDATE DashboardOrders SET Status = 3 WHERE Status = 1", "the ledger says Paid"),
        ("an order has a wrong status and claims to be newer", "UPDATE DashboardOrders SET Status = 3, Revision = 99 WHERE Status = 1", "the ledger says Paid"),
        ("an order has a wrong total", "UPDATE DashboardOrders SET Total = Total + 1", " BRL of event"),
        ("an order has a wrong time", "UPDATE DashboardOrders SET PlacedAt = PlacedAt - 10000000", "other times"),
        ("an order is not in the ledger", Copy("DashboardOrders", "Id"), "order 0199e2f0-0000-7000-8000-00000000abcd is not in the ledger"),
        ("a sum is wrong", "UPDATE DashboardSales SET Revenue = Revenue + 1 WHERE Span = 1", "sales of event"),
        ("a sum is too many", Copy("DashboardSales", "EventId"), "sales of event 0199e2f0-0000-7000-8000-00000000abcd"),
        ("sums are missing", "DELETE FROM DashboardSales", "sales of event"),
        ("a payment is missing", "DELETE FROM DashboardPayments WHERE Id = (SELECT id FROM (SELECT MAX(Id) AS id FROM DashboardPayments) one)", "is missing"),
        ("a payment has a wrong status", "UPDATE DashboardPayments SET Status = 3 WHERE Status = 1", "the ledger says Paid"),
        ("a payment has a wrong amount", "UPDATE DashboardPayments SET Amount = Amount + 1", " BRL; the ledger says"),
        ("a payment has a wrong currency", "UPDATE DashboardPayments SET Currency = 'JPY'", " JPY; the ledger says"),
        ("a payment is not in the ledger", Copy("DashboardPayments", "Id"), "payment 0199e2f0-0000-7000-8000-00000000abcd is not in the ledger"),
        ("an event is missing", "DELETE FROM DashboardEvents", "is missing"),
        ("an event is wrong and claims to be newer", "UPDATE DashboardEvents SET Name = 'Wrong', Version = 999", "is not as the ledger has it"),
        ("an event is not in the ledger", Copy("DashboardEvents", "Id"), "event 0199e2f0-0000-7000-8000-00000000abcd is not in the ledger"),
    ];

    private TestHost? host;

    protected TestHost Host => host!;

    protected BoxOffice Office { get; private set; } = null!;

    protected string[] EventIds { get; private set; } = [];

    [SetUp]
    public async Task SellALittle()
    {
        host = await StartHostAsync();
        Office = await BoxOffice.OpenAsync(host);
        EventIds = [await Office.PublishAsync(2_000), await Office.PublishAsync(2_000, "Samba Matinee")];
        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => Office.SellAsync(EventIds[number % 2], number)));
        await Office.SettledAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await (host?.DisposeAsync() ?? ValueTask.CompletedTask);
        host = null;
    }

    protected Task<RunRow> RunAsync(RunKind kind) => Host.App.Services.GetRequiredService<MaintenanceRuns>().RunAsync(kind, CancellationToken.None);

    /// <summary>A comparison that looks again sooner.</summary>
    protected async Task<Findings> CompareAsync()
    {
        await using var scope = Host.App.Services.CreateAsyncScope();
        return await ActivatorUtilities.CreateInstance<Reconciliation>(scope.ServiceProvider, new HurriedClock()).RunAsync(_ => Task.CompletedTask, CancellationToken.None);
    }

    /// <summary>A statement that adds a copy of a row under another id, in both databases' words.</summary>
    private static string Copy(string table, string id) => $"COPY {table} {id}";

    /// <summary>Does the damage, and says that it did any.</summary>
    protected void Damage(string sql)
    {
        var before = Rows();
        if (sql.Split(' ') is ["COPY", var table, var id])
        {
            var columns = Provider == Provider.Sqlite
                ? Database.Lines($"SELECT name FROM pragma_table_info('{table}')")
                : Database.Lines($"SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{table}'");
            var values = columns.Select(column => string.Equals(column, id, StringComparison.OrdinalIgnoreCase) ? "'0199E2F0-0000-7000-8000-00000000ABCD'" : column);
            sql = $"INSERT INTO {table}({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM {table} LIMIT 1";
        }

        Database.Sql(sql);
        Assert.That(Rows(), Is.Not.EqualTo(before), "the damage must hit something");
    }
}
