using Microsoft.Data.Sqlite;
using TicketBooth.ChaosTests.Checking;
using TicketBooth.ChaosTests.Faults;
using TicketBooth.ChaosTests.Houses;
using TicketBooth.ChaosTests.Loads;
using TicketBooth.ChaosTests.Reports;
using TicketBooth.ChaosTests.Telling;

namespace TicketBooth.ChaosTests;

/// <summary>
/// The short form of <c>tests/chaos</c>: a handful of faults under a small load, with a fixed seed. Then the checker itself: in the files
/// of that sale, at rest, each planted violation must be found.
/// </summary>
internal sealed class ShortFormTests
{
    private const int Seed = 20_261_130;

    private static readonly string[] faults = ["kill -9", "disk full", "webhooks doubled"];
    private static readonly LoadPlan plan = new(Buyers: 4, Tickets: 300, Shows: 2, Pause: TimeSpan.FromMilliseconds(150));

    private readonly Ledger ledger = new();
    private readonly ChaosReport report = new("embedded", Seed, "under test");
    private EmbeddedHouse house = null!;
    private ToldFacts told = null!;

    [OneTimeSetUp]
    public async Task SellAsync()
    {
        house = await EmbeddedHouse.StartAsync(megabytes: 128);
        await using (var load = new Load(house, ledger, report.Outages, plan, Seed))
        {
            var all = new EmbeddedFaults(house, load, ledger, FaultTimes.Short).All;
            var chosen = all.Where(fault => faults.Contains(fault.Name)).Select(fault => fault with { Weight = 1 }).ToList();
            var left = chosen.Count;
            await new ChaosRun(house, ledger, load, report, TestContext.Out).GoAsync(new Schedule(chosen, Seed), () => left-- == 0);
        }

        await house.Host.StopAsync();
        told = ledger.Facts;
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        if (house is not null)
        {
            await house.DisposeAsync();
        }
    }

    [Test]
    [Order(1)]
    public void Nothing_is_lost_or_doubled_and_the_checker_finds_nothing()
    {
        TestContext.Out.WriteLine(report.ToTable());
        Assert.Multiple(() =>
        {
            Assert.That(report.Rows.SelectMany(row => row.Violations), Is.Empty);
            Assert.That(report.Rows.Sum(row => row.Times), Is.GreaterThanOrEqualTo(2));
            Assert.That(told.Orders.Values.Count(order => order.Seen.Contains("paid")), Is.GreaterThan(5));
            Assert.That(Find(), Is.Empty);
        });
    }

    [Test]
    public void A_lost_order_is_found() =>
        AssertFound("booking-0001", $"DELETE FROM orders WHERE id = {Paid()}", "is not stored");

    [Test]
    public void A_seat_in_two_orders_is_found() =>
        AssertFound(
            "booking-0001",
            $"UPDATE orders SET tickets = (SELECT tickets FROM orders WHERE id = {Paid()}), event_id = (SELECT event_id FROM orders WHERE id = {Paid()}) WHERE id = {Paid(1)}",
            "is in the orders"
        );

    [Test]
    public void A_paid_order_that_is_only_on_payment_is_found() =>
        AssertFound("booking-0001", $"UPDATE orders SET status = 0 WHERE id = {Paid()}", "a paid order stays so");

    [Test]
    public void A_claim_that_is_gone_is_found() => AssertFound("booking-0001", $"DELETE FROM claims WHERE order_id = {Paid()}", "claims");

    [Test]
    public void An_order_that_nobody_asked_for_is_found() =>
        AssertFound(
            "booking-0001",
            "INSERT INTO orders(id, event_id, buyer_id, status, tickets, total, currency, placed_at, expires_at, revision, version) "
                + $"SELECT randomblob(16), event_id, randomblob(16), 2, tickets, total, currency, placed_at, expires_at, 1, 1 FROM orders WHERE id = {Paid()}",
            "were not told"
        );

    [Test]
    public void A_seat_beyond_the_capacity_is_found() =>
        AssertFound(
            "booking-0001",
            $"UPDATE orders SET tickets = json_set(tickets, '$[0].Number', 60000) WHERE id = {Paid()}",
            "up to number 60000"
        );

    [Test]
    public void A_cent_that_the_gateway_has_too_much_is_found() =>
        AssertFound(
            "sandbox-gateway",
            "UPDATE charges SET amount = amount + 1 WHERE outcome = 1 AND refunded_at IS NULL AND more IS NULL",
            "and the gateway has"
        );

    [Test]
    public void A_payment_that_is_lost_is_found() =>
        AssertFound("payments", "DELETE FROM payments WHERE status = 'paid'", "was accepted and is not stored");

    [Test]
    public void A_dashboard_that_missed_a_sale_is_found() =>
        AssertFound("dashboard", "UPDATE DashboardOrders SET Status = 0 WHERE Status = 1", "the dashboard shows");

    [Test]
    public void A_sum_of_the_dashboard_that_is_wrong_is_found() =>
        AssertFound("dashboard", "UPDATE DashboardSales SET Sold = Sold + 1", "sums up");

    [Test]
    public void A_counter_of_an_event_that_drifted_is_found() =>
        AssertFound("events", "UPDATE tiers SET sold = sold + 1", "counts");

    /// <summary>The id of an order of the first shard that its buyer saw paid, and that still is, as SQL writes it.</summary>
    /// <remarks>Every fourth show is a large one, which has a shard of its own.</remarks>
    private string Paid(int which = 0)
    {
        var ofFirstShard = new HashSet<Guid>();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(house.Data, "booking-0001.db")};Mode=ReadOnly;Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT id FROM orders";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                ofFirstShard.Add(new Guid((byte[])rows.GetValue(0), bigEndian: true));
            }
        }

        var paid = SqliteFiles
            .Read(house.Data, house.Now)
            .Orders.Where(order => ofFirstShard.Contains(order.Id))
            .Where(order => order.Status == "paid" && order.Refunds.Count == 0 && told.Orders.TryGetValue(order.Id, out var its) && its.Seen.Contains("paid"))
            .OrderBy(order => order.Id)
            .ToList();
        return $"x'{Convert.ToHexString(paid[which].Id.ToByteArray(bigEndian: true))}'";
    }

    private IEnumerable<string> Find() => Checker.AtRest(told, SqliteFiles.Read(house.Data, house.Now), house.Now);

    private void AssertFound(string file, string sql, string violation)
    {
        var path = Path.Combine(house.Data, file + ".db");
        var before = File.ReadAllBytes(path);
        try
        {
            Assert.That(Execute(path, sql), Is.Positive, "something is planted");
            Assert.That(Find(), Has.Some.Contains(violation));
        }
        finally
        {
            File.WriteAllBytes(path, before);
        }

        Assert.That(Find(), Is.Empty);
    }

    private static int Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a test's own constant, and an id
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteNonQuery();
    }
}
