using System.Text.Json.Nodes;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>What those who follow the orders know at one moment.</summary>
/// <param name="Placed">Orders in the figures of the back office.</param>
/// <param name="Paid">Paid orders in them.</param>
/// <param name="Taken">Tickets that are not available any more to those who read the events.</param>
internal readonly record struct Followed(long Placed, long Paid, long Taken)
{
    public static async Task<Followed> ReadAsync(HttpClient client, string staffToken)
    {
        var summary = await Api.SendAsync(client, staffToken, HttpMethod.Get, "/api/v1/dashboard/summary", null);
        var days = summary["days"]!.AsArray();
        return new Followed(Sum(days, "ordersPlaced"), Sum(days, "ordersPaid"), await TakenAsync(client, staffToken));
    }

    private static async Task<long> TakenAsync(HttpClient client, string token)
    {
        var taken = 0L;
        for (var path = "/api/v1/events?limit=100"; path is not null;)
        {
            var page = await Api.SendAsync(client, token, HttpMethod.Get, path, null);
            var events = page["items"]!.AsArray();
            taken += Sum(events, "capacity") - Sum(events, "available");
            path = (string?)page["nextCursor"] is { } next ? "/api/v1/events?limit=100&cursor=" + Uri.EscapeDataString(next) : null;
        }

        return taken;
    }

    private static long Sum(JsonArray items, string field) => items.Sum(item => (long)item![field]!);
}
