using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>A whole sale on two hosts and shared servers, and one host dies.</summary>
internal sealed class HostKillTests
{
    /// <summary>Less than the minute for which MongoDB keeps a dead host's transaction, and enough for a machine that sells beside it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(40);

    [Test]
    public async Task One_host_is_killed_half_way_and_every_ticket_is_sold_once()
    {
        // Enough that hundreds of orders are under way when the host dies. More showed nothing else, and took a quarter of all tests' time.
        const int Tickets = 2_000;
        const int Buyers = 150;
        await using var cluster = await Cluster.StartAsync(
            hosts: 2,
            ("Booking:HoldMinutes", "0.5"),
            ("Booking:PaymentMinutes", "0.25"),
            ("Dashboard:ReconcileHours", "0")
        );
        using var sale = new Sale(cluster.Hosts);
        await sale.OpenAsync(Tickets);
        var canceled = await sale.PublishAsync(TicketBoothApi.EventBody(tickets: 10));
        var buyers = await sale.NewBuyersAsync(Buyers);

        var running = sale.RunAsync(buyers, Tickets);
        await Task.WhenAny(
            running,
            Eventually.Async(
                () => Task.FromResult(sale.Paid.Count),
                paid => paid > Tickets / 2,
                "half of the tickets",
                TimeSpan.FromMinutes(8)
            )
        );
        await cluster.Hosts[0].KillAsync();
        await AssertStaffGoOnAsync(sale, host: 1, canceled);
        await running;

        sale.Report();
        Assert.That(sale.Paid, Has.Count.EqualTo(Tickets));
        Assert.That(sale.WrongRefusals, Is.Zero, "nobody was told that there are no tickets while there were");
        var (exitCode, output) = await cluster.Hosts[1].AuditAsync();
        Assert.That(exitCode, Is.Zero, output);
        await AssertDashboardEqualsLedgerAsync(sale, Tickets);
    }

    /// <summary>What a killed host was about to write holds up nobody else: in a transaction it would for a minute.</summary>
    private static async Task AssertStaffGoOnAsync(Sale sale, int host, string canceled)
    {
        foreach (
            var (path, body) in new (string, object?)[]
            {
                ($"/api/v1/events/{sale.EventId}/price-adjustments", new { percentage = 10 }),
                ($"/api/v1/events/{canceled}/cancel", null),
            }
        )
        {
            var waited = Stopwatch.StartNew();
            var (status, answer) = await sale.SendToAsync(host, sale.AdminToken, HttpMethod.Post, path, body);
            Assert.That((int)status, Is.EqualTo(200), answer.ToString());
            TestContext.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{path} took {waited.Elapsed.TotalSeconds:F1} s after the kill")
            );
            Assert.That(waited.Elapsed, Is.LessThan(LongestWait), path);
        }
    }

    private static async Task AssertDashboardEqualsLedgerAsync(Sale sale, int sold)
    {
        Task<JsonObject> Ask(HttpMethod method, string path) => sale.AskAsync(method, "/api/v1/dashboard/" + path);
        await Eventually.Async(
            () => Ask(HttpMethod.Get, $"events/{sale.EventId}"),
            shown => (int?)shown["sold"] == sold,
            "the last sale to be on the dashboard",
            TimeSpan.FromMinutes(1)
        );
        var started = await Eventually.Async(
            () => Ask(HttpMethod.Post, "runs/reconciliation"),
            answer => answer["id"] is not null,
            "the comparison to start"
        );
        var runs = await Eventually.Async(
            () => Ask(HttpMethod.Get, "runs"),
            runs => (string?)runs["items"]!.AsArray().Single(run => (string?)run!["id"] == (string)started["id"]!)!["state"] == "ended",
            "the comparison with the ledger",
            TimeSpan.FromMinutes(3)
        );
        var compared = runs["items"]!.AsArray().Single(run => (string?)run!["id"] == (string)started["id"]!)!;
        Assert.That(
            (long)compared["orders"]!,
            Is.GreaterThanOrEqualTo(sale.Paid.Values.Distinct(StringComparer.Ordinal).Count()),
            compared.ToString()
        );
        Assert.That((long)compared["differences"]!, Is.Zero, compared.ToString());
    }
}
