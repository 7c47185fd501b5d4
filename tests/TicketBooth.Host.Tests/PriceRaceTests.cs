using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>Promise I6 while prices move under the buyers' hands.</summary>
[NonParallelizable]
public sealed class PriceRaceTests
{
    private const int Tickets = 10_000;
    private const int Adjustments = 30;

    private static readonly TimeSpan Honoured = TimeSpan.FromSeconds(2);

    private readonly ConcurrentBag<JsonObject> orders = [];
    private readonly ConcurrentBag<(long Expected, long Total)> refused = [];
    private readonly ConcurrentBag<(string OrderId, long Total, TicketBoothApi Buyer)> paying = [];

    private TestHost host;
    private TicketBoothApi admin;
    private string eventId;

    [SetUp]
    public async Task Start()
    {
        host = await TestHost.StartAsync();
        admin = await TicketBoothApi.AdminAsync(host);
        eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(Tickets)))["id"]!;
    }

    [TearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Orders_that_race_price_changes_quote_prices_that_were_in_force()
    {
        var buyers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => TicketBoothApi.NewBuyerAsync(host)));

        using var over = new CancellationTokenSource();
        var buying = buyers.Select((buyer, i) => Task.Run(() => BuyAsync(buyer, careful: i % 2 == 0, over.Token))).ToList();
        await AdjustAsync(over);
        await Task.WhenAll(buying);

        var history = await HistoryAsync();
        TestContext.Out.WriteLine(FormattableString.Invariant($"{orders.Count} orders, {refused.Count} refused, {paying.Count} paid"));
        Assert.That(history, Has.Count.EqualTo(Adjustments + 1), "one row for each price there was");
        Assert.That(history.Select(price => price.To), Is.Unique, "or the checks below could take one time of a price for another");
        Assert.That(orders.Select(order => (long)order["tickets"]![0]!["price"]!).Distinct().Count(), Is.GreaterThan(5), "buyers must have met several prices");
        Assert.Multiple(() =>
        {
            foreach (var order in orders)
            {
                AssertQuoted(order, history);
            }

            foreach (var (expected, total) in refused)
            {
                Assert.That(total, Is.Not.EqualTo(expected));
                Assert.That(history.Select(price => price.To), Does.Contain(total), "the figure of a refusal was a price");
            }
        });

        Assert.That(refused, Is.Not.Empty, "some must have come too late");
        Assert.That(paying, Is.Not.Empty);
        foreach (var (orderId, total, buyer) in paying)
        {
            Assert.That((long)(await buyer.WaitForOrderAsync(orderId, "paid"))["total"]!, Is.EqualTo(total), "paid is what was quoted");
        }

        var report = await Eventually.Async(AuditAsync, report => report.Violations.Count == 0, "the audit to find nothing");
        Assert.That(report.Figures.Where(figure => figure.Promise == "I6").Select(figure => figure.Value), Has.Some.EqualTo(orders.Sum(order => order["tickets"]!.AsArray().Count)));
    }

    private static void AssertQuoted(JsonObject order, List<(DateTimeOffset At, long To)> history)
    {
        var (placedAt, tickets) = ((DateTimeOffset)order["placedAt"]!, order["tickets"]!.AsArray());
        foreach (var quoted in tickets.Select(ticket => (long)ticket!["price"]!))
        {
            var i = history.FindIndex(price => price.To == quoted);
            Assert.That(i, Is.Not.Negative, $"{quoted} was never a price");
            Assert.That(placedAt, Is.GreaterThanOrEqualTo(history[i].At), $"{quoted} was quoted before it was a price");
            if (i + 1 < history.Count)
            {
                Assert.That(placedAt, Is.LessThanOrEqualTo(history[i + 1].At + Honoured), $"{quoted} was quoted after it was replaced");
            }
        }

        Assert.That((long)order["total"]!, Is.EqualTo(tickets.Sum(ticket => (long)ticket!["price"]!)));
    }

    /// <summary>Raises by a percent again and again, so that no price comes back; then the sale is over.</summary>
    private async Task AdjustAsync(CancellationTokenSource over)
    {
        try
        {
            for (var i = 0; i < Adjustments; i++)
            {
                await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/price-adjustments", new JsonObject { ["percentage"] = 1 });
                await Task.Delay(50);
            }
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    /// <param name="buyer">Who buys.</param>
    /// <param name="careful">Whether with the total that the page has shown.</param>
    /// <param name="over">When to stop.</param>
    private async Task BuyAsync(TicketBoothApi buyer, bool careful, CancellationToken over)
    {
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var quantity = 1 + (i % 3);
            long? expected = careful ? quantity * (long)(await buyer.GetAsync($"/api/v1/events/{eventId}"))["tiers"]![0]!["price"]! : null;
            using var answer = await buyer.Client.PostAsJsonAsync("/api/v1/orders", new { eventId, quantity, expectedTotal = expected }, CancellationToken.None);
            var body = (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None))!;
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                orders.Add(body);
                Assert.That(expected ?? (long)body["total"]!, Is.EqualTo((long)body["total"]!), "placed at the expected total or not at all");
                if (i % 20 == 0)
                {
                    var orderId = (string)body["id"]!;
                    await buyer.PayAsync(orderId);
                    paying.Add((orderId, (long)body["total"]!, buyer));
                }
            }
            else if ((string?)body["code"] == "not-enough-tickets")
            {
                // A quick machine.
                return;
            }
            else
            {
                Assert.That((string?)body["code"], Is.EqualTo("price-changed"), body.ToJsonString());
                refused.Add((expected!.Value / quantity, (long)body["total"]! / quantity));
            }
        }
    }

    private async Task<List<(DateTimeOffset At, long To)>> HistoryAsync()
    {
        var rows = new List<(DateTimeOffset, long)>();
        string? cursor = null;
        do
        {
            var page = await admin.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/events/{eventId}/price-history?limit=50&cursor={Uri.EscapeDataString(cursor ?? "")}"));
            rows.AddRange(page["items"]!.AsArray().Select(row => ((DateTimeOffset)row!["at"]!, (long)row["to"]!)));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        rows.Reverse();
        return rows;
    }

    private async Task<InvariantReport> AuditAsync()
    {
        await using var scope = host.App.Services.CreateAsyncScope();
        var report = new InvariantReport();
        foreach (var check in scope.ServiceProvider.GetServices<IInvariantCheck>())
        {
            await check.RunAsync(report, CancellationToken.None);
        }

        return report;
    }
}
