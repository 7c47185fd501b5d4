using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>A whole sale on two hosts and shared servers, and one host dies.</summary>
internal sealed class HostKillTests
{
    [Test]
    public async Task One_host_is_killed_half_way_and_every_ticket_is_sold_once()
    {
        const int Tickets = 10_000;
        const int Buyers = 150;
        await using var cluster = await Cluster.StartAsync(
            hosts: 2,
            ("Booking:HoldMinutes", "0.5"),
            ("Booking:PaymentMinutes", "0.25"),
            ("Dashboard:ReconcileHours", "0")
        );
        using var sale = new Sale(cluster.Hosts);
        await sale.OpenAsync(Tickets);
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
        await running;

        sale.Report();
        Assert.That(sale.Paid, Has.Count.EqualTo(Tickets));
        Assert.That(sale.WrongRefusals, Is.Zero, "nobody was told that there are no tickets while there were");
        var (exitCode, output) = await cluster.Hosts[1].AuditAsync();
        Assert.That(exitCode, Is.Zero, output);
        await AssertDashboardEqualsLedgerAsync(sale, Tickets);
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
