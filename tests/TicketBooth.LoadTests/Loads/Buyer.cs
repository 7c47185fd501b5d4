using System.Diagnostics;
using System.Text.Json;

namespace TicketBooth.LoadTests.Loads;

/// <summary>Somebody who orders one ticket of an event after the other, and pays each at once.</summary>
internal sealed class Buyer : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    private readonly HashSet<string> unpaid = new(StringComparer.Ordinal);
    private readonly List<string> tickets = [];
    private readonly List<TimeSpan> times = [];
    private readonly HttpConnection connection;
    private readonly string token;
    private readonly Request order;
    private readonly Request list;

    private Buyer(HttpConnection connection, string token, string eventId)
    {
        (this.connection, this.token) = (connection, token);
        order = Request.Post("order", "/api/v1/orders", token, $$"""{"eventId":"{{eventId}}","quantity":1}""");
        list = Request.Get("list", "/api/v1/orders?limit=200", token);
    }

    /// <summary>The ids of the tickets that were bought.</summary>
    public IReadOnlyList<string> Tickets => tickets;

    /// <summary>Of the requests that ordered.</summary>
    public IReadOnlyList<TimeSpan> Times => times;

    public static async Task<Buyer> ArriveAsync(Uri host, string token, string eventId) =>
        new(await HttpConnection.OpenAsync(host), token, eventId);

    /// <summary>Ends when nothing is left.</summary>
    public async Task BuyAllAsync()
    {
        while (true)
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await connection.SendAsync(order.Bytes);
            times.Add(Stopwatch.GetElapsedTime(started));
            switch (answer.Status)
            {
                case 201:
                    await PayAsync(answer);
                    break;
                case 409:
                    return;
                case 503:
                    await Task.Delay(TimeSpan.FromSeconds(1));
                    break;
                default:
                    throw new HttpRequestException($"An order was answered with {answer.Status}.");
            }
        }
    }

    /// <summary>Looks at the newest orders until all that were bought are paid.</summary>
    public async Task UntilPaidAsync()
    {
        for (var waited = Stopwatch.StartNew(); unpaid.Count > 0; await Task.Delay(50))
        {
            if (waited.Elapsed > patience)
            {
                throw new TimeoutException($"{unpaid.Count} orders are not paid after {patience.TotalMinutes} minutes.");
            }

            using var page = JsonDocument.Parse((await connection.SendAsync(list.Bytes)).Body);
            foreach (var one in page.RootElement.GetProperty("items").EnumerateArray())
            {
                if (one.GetProperty("status").GetString() == "paid")
                {
                    unpaid.Remove(one.GetProperty("id").GetString()!);
                }
            }
        }
    }

    public void Dispose() => connection.Dispose();

    private async Task PayAsync(HttpAnswer ordered)
    {
        using var body = JsonDocument.Parse(ordered.Body);
        var orderId = body.RootElement.GetProperty("id").GetString()!;
        tickets.Add(body.RootElement.GetProperty("tickets")[0].GetProperty("id").GetString()!);
        unpaid.Add(orderId);
        var payment = Request.Post("pay", $"/api/v1/orders/{orderId}/payment", token, """{"method":"card","token":"tok_approve"}""");
        var answer = await connection.SendAsync(payment.Bytes);
        if (!answer.IsSuccess)
        {
            throw new HttpRequestException($"A payment was answered with {answer.Status}.");
        }
    }
}
