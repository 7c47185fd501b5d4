using System.Globalization;
using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>The whole system on two host processes and shared servers.</summary>
internal sealed class DistributedSaleTests
{
    [Test]
    public async Task One_host_is_killed_half_way_and_every_ticket_is_sold_once()
    {
        const int Tickets = 10_000;
        const int Buyers = 150;
        await using var cluster = await Cluster.StartAsync(hosts: 2, ("Booking:HoldMinutes", "0.5"), ("Booking:PaymentMinutes", "0.25"), ("Dashboard:ReconcileHours", "0"));
        using var sale = new Sale(cluster.Hosts);
        await sale.OpenAsync(Tickets);
        var buyers = await BuyersAsync(sale, Buyers);

        var running = sale.RunAsync(buyers, Tickets);
        await Task.WhenAny(running, Eventually.Async(() => Task.FromResult(sale.Paid.Count), paid => paid > Tickets / 2, "half of the tickets", TimeSpan.FromMinutes(8)));
        await cluster.Hosts[0].KillAsync();
        await running;

        Report(sale);
        Assert.That(sale.Paid, Has.Count.EqualTo(Tickets));
        Assert.That(sale.WrongRefusals, Is.Zero, "nobody was told that there are no tickets while there were");
        await AssertAuditPassesAsync(cluster.Hosts[1]);
        await AssertDashboardEqualsLedgerAsync(sale, Tickets);
    }

    [Test]
    public async Task Two_hundred_buyers_on_two_hosts_want_one_ticket_and_one_gets_it()
    {
        await using var cluster = await Cluster.StartAsync(hosts: 2);
        using var sale = new Sale(cluster.Hosts);
        await sale.OpenAsync(tickets: 1);
        var buyers = await BuyersAsync(sale, 20);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() =>
            sale.SendAsync(buyers[i % buyers.Count], HttpMethod.Post, "/api/v1/orders", new { eventId = sale.EventId, quantity = 1 }))));

        Assert.That(answers.Count(answer => (int)answer.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(answer => (int)answer.Status == 409), Is.EqualTo(199));
        await AssertAuditPassesAsync(cluster.Hosts[0]);
    }

    [Test]
    public async Task A_rolling_restart_drops_no_hold()
    {
        await using var cluster = await Cluster.StartAsync(hosts: 2);
        using var sale = new Sale(cluster.Hosts);
        await sale.OpenAsync(tickets: 20);
        var buyer = (await BuyersAsync(sale, 1))[0];
        var (_, order) = await sale.SendAsync(buyer, HttpMethod.Post, "/api/v1/orders", new { eventId = sale.EventId, quantity = 2 });

        foreach (var host in cluster.Hosts)
        {
            await host.StopAsync();
            await host.RestartAsync();
        }

        var (_, after) = await sale.SendAsync(buyer, HttpMethod.Get, $"/api/v1/orders/{order["id"]}");
        Assert.That((string?)after["status"], Is.EqualTo("on_payment"));
        await sale.SendAsync(buyer, HttpMethod.Post, $"/api/v1/orders/{order["id"]}/payment", new { method = "card", token = "tok_approve" });
        await Eventually.Async(
            async () => (string?)(await sale.SendAsync(buyer, HttpMethod.Get, $"/api/v1/orders/{order["id"]}")).Body["status"], status => status == "paid", "the payment", TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task Kafka_is_down_for_half_a_minute_and_orders_go_on()
    {
        const int Tickets = 300;
        await using var cluster = await Cluster.StartAsync(hosts: 2, ("Booking:HoldMinutes", "5"));
        using var sale = new Sale(cluster.Hosts);
        await sale.OpenAsync(Tickets);
        var buyers = await BuyersAsync(sale, 10);

        cluster.Kafka.Down();
        var running = sale.RunAsync(buyers, Tickets);
        await Task.Delay(TimeSpan.FromSeconds(30));
        Assert.That(sale.Placed, Is.GreaterThanOrEqualTo(buyers.Count), "orders are accepted without a broker");
        Assert.That(sale.Paid, Is.Empty, "their payments' messages wait");
        cluster.Kafka.Up();
        await running;

        Assert.That(sale.Paid, Has.Count.EqualTo(Tickets));
        Assert.That(sale.WrongRefusals, Is.Zero);
        await AssertAuditPassesAsync(cluster.Hosts[0]);
    }

    [TestCase(TestServer.Redis, 3)]
    [TestCase(TestServer.MongoDb, 10)]
    [TestCase(TestServer.MySql, 5)]
    public async Task A_server_goes_away_in_the_middle_of_a_sale_and_nothing_is_lost_or_doubled(TestServer server, int seconds)
    {
        const int Tickets = 400;
        await using var own = await OwnServer.StartAsync(server);
        await using var cluster = await Cluster.StartAsync(
            hosts: 2, own, server, ("Booking:HoldMinutes", "1"), ("Booking:PaymentMinutes", "0.5"));
        using var sale = new Sale(cluster.Hosts);
        await sale.OpenAsync(Tickets);
        var buyers = await BuyersAsync(sale, 10);

        var running = sale.RunAsync(buyers, Tickets);
        await Eventually.Async(() => Task.FromResult(sale.Paid.Count), paid => paid > 20, "a sale under way");
        await using (await own.StopAsync())
        {
            var before = sale.Paid.Count;
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            if (server != TestServer.MongoDb)
            {
                await Eventually.Async(
                    () => Task.FromResult(sale.Paid.Count), paid => paid > before, "a sale, which only the orders' own store can stop");
            }
        }

        await running;
        Report(sale);
        Assert.That(sale.Paid, Has.Count.EqualTo(Tickets));
        await AssertAuditPassesAsync(cluster.Hosts[0]);
    }

    private static async Task<IReadOnlyList<string>> BuyersAsync(Sale sale, int count)
    {
        var tokens = new string[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) => tokens[i] = await sale.NewBuyerAsync(i));
        return tokens;
    }

    private static void Report(Sale sale) => TestContext.Out.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{sale.Paid.Count} tickets paid in {sale.Elapsed.TotalSeconds:F1} s with {sale.Placed} orders; buyers were told to come again, or got no answer, {sale.ToldToComeAgain} times"));

    private static async Task AssertAuditPassesAsync(HostProcess host)
    {
        var (exitCode, output) = await host.AuditAsync();
        Assert.That(exitCode, Is.Zero, output);
    }

    private static async Task AssertDashboardEqualsLedgerAsync(Sale sale, int sold)
    {
        Task<JsonObject> Ask(HttpMethod method, string path) => sale.AskAsync(method, "/api/v1/dashboard/" + path);
        await Eventually.Async(
            () => Ask(HttpMethod.Get, $"events/{sale.EventId}"), shown => (int?)shown["sold"] == sold, "the last sale to be on the dashboard", TimeSpan.FromMinutes(1));
        var started = await Eventually.Async(
            () => Ask(HttpMethod.Post, "runs/reconciliation"), answer => answer["id"] is not null, "the comparison to start");
        var runs = await Eventually.Async(
            () => Ask(HttpMethod.Get, "runs"),
            runs => (string?)runs["items"]!.AsArray().Single(run => (string?)run!["id"] == (string)started["id"]!)!["state"] == "ended",
            "the comparison with the ledger",
            TimeSpan.FromMinutes(3));
        var compared = runs["items"]!.AsArray().Single(run => (string?)run!["id"] == (string)started["id"]!)!;
        Assert.That((long)compared["orders"]!, Is.GreaterThanOrEqualTo(sale.Paid.Values.Distinct(StringComparer.Ordinal).Count()), compared.ToString());
        Assert.That((long)compared["differences"]!, Is.Zero, compared.ToString());
    }
}
