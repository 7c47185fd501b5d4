using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Observing;

public sealed partial class MetricsTests
{
    [Test]
    public async Task The_page_is_on_a_port_of_its_own_and_nowhere_else()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.That(
            async () => await TestHost.StartAsync(settings: [("Metrics:Port", $"{port}")]),
            Throws.Exception.With.Message.Contains("Metrics:Port"));

        taken.Stop();
        await using var host = await TestHost.StartAsync(settings: [("Metrics:Port", $"{port}")]);
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var published = await (await TicketBoothApi.AdminAsync(host)).PublishEventAsync(TicketBoothApi.EventBody(tickets: 1));
        await buyer.OrderAsync((string)published["id"]!);
        var another = new StringContent($$"""{"eventId":"{{published["id"]}}","quantity":1}""", new MediaTypeHeaderValue("application/json"));
        using var refused = await buyer.Client.PostAsync("/api/v1/orders", another);
        using var client = new HttpClient();
        var page = await client.GetStringAsync($"http://127.0.0.1:{port}/metrics");
        using var elsewhere = await host.Client.GetAsync("/metrics");

        Assert.Multiple(() =>
        {
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
            Assert.That(elsewhere.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

            // Other hosts of this process count here, too.
            Assert.That(page, Does.Match("""ticketbooth_orders_total\{[^}]*outcome="on_payment"[^}]*\} \d"""));
            Assert.That(page, Does.Match("""ticketbooth_orders_total\{[^}]*outcome="not-enough-tickets"[^}]*\} \d"""));
            Assert.That(page, Does.Contain("ticketbooth_lane_batch_size_bucket").And.Contain("ticketbooth_lane_depth"));
        });
        Assert.That(await CheckAsync(page), Is.Empty);
    }

    [Test]
    public async Task Whoever_watches_a_shop_finds_every_figure_that_the_docs_name()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        await using var host = await TestHost.StartAsync(settings: [("Metrics:Port", $"{port}")]);
        var admin = await TicketBoothApi.AdminAsync(host);
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody()))["id"]!;
        var orderId = (string)(await buyer.OrderAsync(eventId))["id"]!;
        await buyer.PayAsync(orderId);
        await buyer.WaitForOrderAsync(orderId, "paid");
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{eventId}/price-adjustments", new JsonObject { ["percentage"] = 10 });
        await WorkAsync(host, "AuditInvariantsWorker");
        await WorkAsync(host, "MeasureInvariantsWorker");
        await WorkAsync(host, "MeasureOutboxesWorker");
        using var stream = await admin.Client.GetAsync("/api/v1/dashboard/stream", HttpCompletionOption.ResponseHeadersRead);
        using var client = new HttpClient();

        // Other hosts of this process count here, too.
        var page = await client.GetStringAsync($"http://127.0.0.1:{port}/metrics");

        Assert.Multiple(() =>
        {
            foreach (var figure in new[]
            {
                """ticketbooth_orders_total\{[^}]*outcome="paid"[^}]*\} [1-9]""",
                """ticketbooth_lane_depth\{[^}]*shard="1"[^}]*\} \d""",
                """ticketbooth_lane_batch_size_count\S* [1-9]""",
                """ticketbooth_hold_duration_seconds_count\{[^}]*outcome="paid"[^}]*\} [1-9]""",
                """ticketbooth_outbox_depth\{[^}]*outbox="booking-0001"[^}]*\} \d""",
                """ticketbooth_outbox_age_seconds\{[^}]*outbox="booking-0001"[^}]*\} \d""",
                """ticketbooth_gateway_operation_duration_seconds_count\{[^}]*gateway="Sandbox"[^}]*operation="charge"[^}]*outcome="answered"[^}]*\} [1-9]""",
                """ticketbooth_price_changes_total\{[^}]*reason="adjusted"[^}]*\} [1-9]""",
                """ticketbooth_invariants_violations\{[^}]*promise="I1"[^}]*\} \d""",
                """ticketbooth_invariants_pass_age_seconds\S* \d""",
                """ticketbooth_backoffice_streams\S* [1-9]""",
            })
            {
                Assert.That(page, Does.Match(figure));
            }
        });
        Assert.That(await CheckAsync(page), Is.Empty);
    }

    [TestCase("0")]
    [TestCase("65536")]
    [TestCase("metrics")]
    public void A_port_that_makes_no_sense_stops_the_start_by_its_name(string port) =>
        Assert.That(
            async () => await TestHost.StartAsync(settings: [("Metrics:Port", port)]),
            Throws.Exception.With.Message.Contains("Metrics:Port"));

    [Test]
    public async Task Each_alert_fires_when_it_must_and_none_in_a_shop_that_sells()
    {
        var (exitCode, said) = await Promtool.RunAsync("", "test", "rules", "alerts.test.yml");
        Assert.That(exitCode, Is.Zero, said);
    }

    [Test]
    public async Task Each_alert_has_its_page_in_the_docs()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docker", "prometheus", "alerts.yml"));
        var tests = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docker", "prometheus", "alerts.test.yml"));
        var pages = await File.ReadAllLinesAsync(Path.Combine(SourceTree.Root, "docs", "operations.md"));
        var alerts = AlertName.Matches(rules).Select(match => match.Groups["name"].Value).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(alerts, Is.Not.Empty);
            foreach (var alert in alerts)
            {
                Assert.That(pages, Has.Some.Matches<string>(line => line.StartsWith('#') && line.EndsWith(" " + alert, StringComparison.Ordinal)), alert);
                Assert.That(rules, Does.Contain("docs/operations.md#" + alert.ToLowerInvariant()), alert);
                Assert.That(tests, Does.Contain("alertname: " + alert + "\n        exp_alerts"), alert);
            }
        });
    }

    /// <summary>One round of a worker, here and now.</summary>
    private static async Task WorkAsync(TestHost host, string worker) =>
        await host.App.Services.GetServices<IHostedService>().OfType<PeriodicWork>().Single(work => work.GetType().Name == worker)
            .RunOnceAsync(CancellationToken.None);

    /// <summary>What Prometheus' own check says about our metrics: nothing when they are well formed.</summary>
    private static async Task<string> CheckAsync(string page)
    {
        // The names of other programs' metrics are not ours to choose.
        var ours = page.Split('\n').Where(line => line.Contains("ticketbooth_", StringComparison.Ordinal));
        return (await Promtool.RunAsync(string.Join('\n', ours) + "\n", "check", "metrics")).Said;
    }

    [GeneratedRegex("- alert: (?<name>\\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex AlertName { get; }
}
