using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests;

/// <summary>
/// A sell-out over HTTP: every buyer orders one ticket after the other and pays each, until none is left. Then every ticket must be paid
/// exactly once, and the audit must pass.
/// </summary>
internal static class SellOut
{
    private const double OrdersPerSecondFloor = 555;
    private static readonly TimeSpan MeanCeiling = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(int buyers, int tickets)
    {
        await using var host = await HostProcess.StartAsync();
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = buyers };
        using var client = new HttpClient(handler) { BaseAddress = host.Address };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{buyers} buyers sign up and in …"));
        var tokens = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(1, buyers), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) => tokens.Add(await Api.NewBuyerAsync(client, number)));
        var admin = await Api.SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword);
        var eventId = await Api.PublishEventAsync(client, admin, "Arena Night", tickets, large: true);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tickets} tickets go on sale …"));
        var latencies = new ConcurrentBag<TimeSpan>();
        var orders = new ConcurrentBag<(string Token, string OrderId, string TicketId)>();
        var busy = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(tokens.Select(token => Task.Run(async () =>
        {
            while (true)
            {
                var (status, order) = await OrderAsync(client, token, eventId, latencies);
                if (status == HttpStatusCode.ServiceUnavailable)
                {
                    Interlocked.Increment(ref busy);
                    await Task.Delay(TimeSpan.FromSeconds(1));
                    continue;
                }

                if (status == HttpStatusCode.Conflict)
                {
                    return;
                }

                orders.Add((token, (string)order["id"]!, (string)order["tickets"]![0]!["id"]!));
                await Api.SendAsync(client, token, HttpMethod.Post, $"/api/v1/orders/{order["id"]}/payment", new { method = "card", token = "tok_approve" });
            }
        })));
        var sold = watch.Elapsed;
        var paid = await CountPaidAsync(client, orders);
        var settled = watch.Elapsed;

        var distinct = orders.Select(order => order.TicketId).Distinct(StringComparer.Ordinal).Count();
        var sorted = latencies.Order().ToArray();
        var mean = TimeSpan.FromTicks((long)sorted.Average(latency => latency.Ticks));
        var p99 = sorted[(int)(sorted.Length * 0.99)];
        var rate = orders.Count / sold.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"orders placed            {orders.Count} of {tickets} tickets, {distinct} different ones"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"orders paid              {paid}, the last one {settled.TotalSeconds:F1} s after the sale opened"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"order-and-pay            {rate:F0} orders/s, each with its payment request, webhook and confirmation"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"order request            {sorted.Length} asked, mean {mean.TotalMilliseconds:F1} ms, p99 {p99.TotalMilliseconds:F1} ms, {buyers} in flight, {busy} told to come again"));
        await host.StopAsync();
        var (exitCode, audit) = await host.AuditAsync();
        Console.Write(audit);

        var ok = orders.Count == tickets && distinct == tickets && paid == tickets && exitCode == 0 && rate >= OrdersPerSecondFloor && mean <= MeanCeiling;
        Console.WriteLine(ok ? "SOLD OUT, once each" : "NOT AS IT SHOULD BE");
        return ok ? 0 : 1;
    }

    private static async Task<(HttpStatusCode Status, JsonObject Body)> OrderAsync(HttpClient client, string token, string eventId, ConcurrentBag<TimeSpan> latencies)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = JsonContent.Create(new { eventId, quantity = 1 });
        var started = Stopwatch.GetTimestamp();
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>();
        latencies.Add(Stopwatch.GetElapsedTime(started));
        return answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable
            ? (answer.StatusCode, body!)
            : throw new HttpRequestException($"POST /api/v1/orders answered {(int)answer.StatusCode}: {body}");
    }

    private static async Task<int> CountPaidAsync(HttpClient client, IReadOnlyCollection<(string Token, string OrderId, string TicketId)> orders)
    {
        var paid = 0;
        var waited = Stopwatch.StartNew();
        await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (order, ct) =>
        {
            while (waited.Elapsed < Patience)
            {
                var now = await Api.SendAsync(client, order.Token, HttpMethod.Get, $"/api/v1/orders/{order.OrderId}", null);
                if ((string?)now["status"] == "paid")
                {
                    Interlocked.Increment(ref paid);
                    return;
                }

                await Task.Delay(50, ct);
            }
        });
        return paid;
    }
}
