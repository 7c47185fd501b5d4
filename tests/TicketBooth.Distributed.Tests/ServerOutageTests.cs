using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>Two hosts whose servers are this fixture's own, and go away one after the other, each in the middle of a sale.</summary>
internal sealed class ServerOutageTests
{
    private readonly Dictionary<TestServer, OwnServer> servers = [];
    private Cluster cluster = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        foreach (var server in new[] { TestServer.Redis, TestServer.MongoDb, TestServer.MySql })
        {
            servers.Add(server, await OwnServer.StartAsync(server));
        }

        cluster = await Cluster.StartAsync(hosts: 2, servers, ("Booking:HoldMinutes", "1"), ("Booking:PaymentMinutes", "0.5"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        foreach (var server in servers.Values)
        {
            await server.DisposeAsync();
        }
    }

    [TestCase(TestServer.Redis, 3)]
    [TestCase(TestServer.MongoDb, 10)]
    [TestCase(TestServer.MySql, 5)]
    public Task A_server_goes_away_in_the_middle_of_a_sale_and_nothing_is_lost_or_doubled(TestServer server, int seconds) =>
        SellThroughAsync(400, server, seconds, servers[server].StopAsync);

    /// <summary>What was sent before it froze is done when it goes on, after everybody was told that nobody knows.</summary>
    [TestCase(TestServer.MongoDb, 6)]
    public Task A_server_freezes_in_the_middle_of_a_sale_and_nothing_is_lost_or_doubled(TestServer server, int seconds) =>
        SellThroughAsync(100, server, seconds, servers[server].FreezeAsync);

    private async Task SellThroughAsync(int tickets, TestServer server, int seconds, Func<Task<IAsyncDisposable>> takeAway)
    {
        using var sale = new Sale(cluster.Hosts);
        await sale.OpenAsync(tickets);
        var buyers = await sale.NewBuyersAsync(10);

        var running = sale.RunAsync(buyers, tickets);
        await Eventually.Async(() => Task.FromResult(sale.Paid.Count), paid => paid > 10, "a sale under way");
        await using (await takeAway())
        {
            var before = sale.Paid.Count;
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            if (server != TestServer.MongoDb)
            {
                await Eventually.Async(
                    () => Task.FromResult(sale.Paid.Count),
                    paid => paid > before,
                    "a sale, which only the orders' own store can stop"
                );
            }
        }

        await running;
        sale.Report();
        Assert.That(sale.Paid, Has.Count.EqualTo(tickets));
        await cluster.AssertAuditPassesAsync();
    }
}
