using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using TicketBooth.LoadTests.Figures;
using TicketBooth.LoadTests.Hosts;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.LoadTests.Scenarios;

/// <summary>
/// A large event sells out at a host that was just started: every buyer orders one ticket after the other and pays each, until none is left.
/// Then every ticket must be paid exactly once.
/// </summary>
internal sealed class SellOutScenario : IScenario
{
    private const int Buyers = 200;
    private const int Tickets = 10_000;

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    public string Name => "sell-out";

    public string Description => "200 buyers order and pay 10,000 tickets over HTTP, until none is left; then the audit.";

    public async Task RunAsync(Plan plan, Report report)
    {
        for (var round = 0; round < plan.Rounds; round++)
        {
            await using var host = await MeasuredHost.StartAsync();
            using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = Buyers };
            using var client = new HttpClient(handler) { BaseAddress = host.At("/") };
            var tokens = await host.BuyersAsync(Buyers);
            var eventId = await Api.PublishEventAsync(client, host.AdminToken, "Arena Night", Tickets, large: true);
            var (cpu, watch) = (host.Cpu.Used, Stopwatch.StartNew());
            var buyers = tokens.Select(token => new Buyer(client, token, eventId)).ToList();
            await Task.WhenAll(buyers.Select(buyer => Task.Run(buyer.BuyAllAsync)));
            var sold = watch.Elapsed;
            var orders = buyers.SelectMany(buyer => buyer.Orders).ToList();
            await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (order, ct) =>
                await UntilPaidAsync(client, order, ct)
            );
            var paid = watch.Elapsed;
            await Settling.WaitAsync(host, Stopwatch.StartNew(), followed =>
                followed is { Placed: Tickets, Paid: Tickets, Taken: Tickets }
            );

            var times = new Latencies(buyers.SelectMany(buyer => buyer.Times));
            report.Add(Measures.AllPaid, Unit.Seconds, paid.TotalSeconds);
            report.Add("orders, each with its payment", Unit.PerSecond, orders.Count / sold.TotalSeconds);
            report.Add("order request, mean", Unit.Milliseconds, times.Mean.TotalMilliseconds);
            report.Add("order request, p99", Unit.Milliseconds, times.Within(0.99).TotalMilliseconds);
            report.Add("CPU per ticket, ordered, paid and settled", Unit.Microseconds, (host.Cpu.Used - cpu).TotalMicroseconds / Tickets);
            report.Require(
                orders.Count == Tickets && orders.Select(order => order.TicketId).Distinct(StringComparer.Ordinal).Count() == Tickets,
                "Not every ticket was sold once."
            );
            report.Require(await host.PassesAuditAsync(), "The audit found violations.");
        }
    }

    private static async Task UntilPaidAsync(HttpClient client, Bought order, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (
            (string?)(await Api.SendAsync(client, order.Token, HttpMethod.Get, $"/api/v1/orders/{order.OrderId}", null))["status"] != "paid"
        )
        {
            if (waited.Elapsed > patience)
            {
                throw new TimeoutException($"Order {order.OrderId} is not paid after {patience.TotalMinutes} minutes.");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    private sealed record Bought(string Token, string OrderId, string TicketId);

    private sealed class Buyer(HttpClient client, string token, string eventId)
    {
        public List<Bought> Orders { get; } = [];

        public List<TimeSpan> Times { get; } = [];

        /// <summary>Ends when nothing is left.</summary>
        public async Task BuyAllAsync()
        {
            while (true)
            {
                var (status, order) = await OrderAsync();
                switch (status)
                {
                    case HttpStatusCode.Conflict:
                        return;
                    case HttpStatusCode.ServiceUnavailable:
                        await Task.Delay(TimeSpan.FromSeconds(1));
                        break;
                    default:
                        Orders.Add(new Bought(token, (string)order["id"]!, (string)order["tickets"]![0]!["id"]!));
                        await Api.SendAsync(
                            client,
                            token,
                            HttpMethod.Post,
                            $"/api/v1/orders/{order["id"]}/payment",
                            new { method = "card", token = "tok_approve" }
                        );
                        break;
                }
            }
        }

        private async Task<(HttpStatusCode Status, JsonObject Body)> OrderAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Content = JsonContent.Create(new { eventId, quantity = 1 });
            var started = Stopwatch.GetTimestamp();
            using var answer = await client.SendAsync(request);
            var body = await answer.Content.ReadFromJsonAsync<JsonObject>();
            Times.Add(Stopwatch.GetElapsedTime(started));
            return answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable
                ? (answer.StatusCode, body!)
                : throw new HttpRequestException($"POST /api/v1/orders answered {(int)answer.StatusCode}: {body}");
        }
    }
}
