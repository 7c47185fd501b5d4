using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests;

/// <summary>
/// A 10 % adjustment of an event with 10,000 tickets of which 2,000 are held and 3,000 paid: how soon readers see it, that it takes no longer than one of an event of 100 tickets
/// (it writes tiers, not tickets), and that no held or paid ticket changes.
/// </summary>
internal static class Adjustment
{
    private const int TicketsPerOrder = 10;
    private const int Rounds = 20;

    public static async Task<int> RunAsync()
    {
        await using var host = await HostProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };
        var admin = await Api.SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword);
        var buyer = await Api.NewBuyerAsync(client, 1);
        var large = await Api.PublishEventAsync(client, admin, "Arena Night", 10_000, large: true);
        var small = await Api.PublishEventAsync(client, admin, "Cellar Night", 100, large: false);
        Console.WriteLine("2,000 tickets are held and 3,000 paid …");
        var orders = new List<string>();
        for (var i = 0; i < 500; i++)
        {
            var order = await Api.SendAsync(client, buyer, HttpMethod.Post, "/api/v1/orders", new { eventId = large, quantity = TicketsPerOrder });
            orders.Add((string)order["id"]!);
            if (i < 300)
            {
                await Api.SendAsync(client, buyer, HttpMethod.Post, $"/api/v1/orders/{order["id"]}/payment", new { method = "card", token = "tok_approve" });
            }
        }

        await UntilAsync(async () => (int)(await EventAsync(client, large))["available"]! == 5_000 && (await StatusesAsync(client, buyer, orders)).Count(order => order.Status == "paid") == 300);
        var before = await StatusesAsync(client, buyer, orders);

        // Up and down in turns: 10 % up and 9 % down, so that the price stays where it means something.
        await AdjustAsync(client, admin, small, 10);
        var (ofLarge, ofSmall) = (new List<Adjusted>(), new List<Adjusted>());
        for (var i = 0; i < Rounds; i++)
        {
            ofLarge.Add(await AdjustAsync(client, admin, large, i % 2 == 0 ? 10 : -9));
            ofSmall.Add(await AdjustAsync(client, admin, small, i % 2 == 0 ? 10 : -9));
        }

        var after = await StatusesAsync(client, buyer, orders);
        var isUntouched = before.SequenceEqual(after) && before.Count(order => order.Status == "paid") == 300 && before.Count(order => order.Status == "on_payment") == 200;
        Print("10,000 tickets", ofLarge);
        Print("100 tickets", ofSmall);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"10,000 / 100             {Median(ofLarge, one => one.Answered.Ticks) / Median(ofSmall, one => one.Answered.Ticks):F2}"));
        Console.WriteLine(isUntouched ? "held and paid orders     500, totals and states as before" : "HELD OR PAID ORDERS CHANGED");
        await host.StopAsync();
        var (exitCode, audit) = await host.AuditAsync();
        Console.Write(audit);
        return isUntouched && exitCode == 0 && ofLarge.TrueForAll(adjusted => adjusted.Seen < TimeSpan.FromSeconds(1)) ? 0 : 1;
    }

    private static void Print(string name, List<Adjusted> adjusted) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-24} answered in {Median(adjusted, one => one.Answered.TotalMilliseconds):F1} ms, seen by a reader after {Median(adjusted, one => one.Seen.TotalMilliseconds):F1} ms (longest {adjusted.Max(one => one.Seen).TotalMilliseconds:F1})"));

    private static double Median(List<Adjusted> adjusted, Func<Adjusted, double> figure) => adjusted.Select(figure).Order().ElementAt(adjusted.Count / 2);

    private static async Task<Adjusted> AdjustAsync(HttpClient client, string admin, string eventId, int percentage)
    {
        var price = (long)(await EventAsync(client, eventId))["priceFrom"]!;
        var watch = Stopwatch.StartNew();
        await Api.SendAsync(client, admin, HttpMethod.Post, $"/api/v1/events/{eventId}/price-adjustments", new { percentage });
        var answered = watch.Elapsed;
        await UntilAsync(async () => (long)(await EventAsync(client, eventId))["priceFrom"]! != price);
        return new Adjusted(answered, watch.Elapsed);
    }

    private static async Task<JsonObject> EventAsync(HttpClient client, string eventId) => (JsonObject)JsonNode.Parse(await client.GetStringAsync($"/api/v1/events/{eventId}"))!;

    private static async Task<List<(string Status, long Total)>> StatusesAsync(HttpClient client, string token, List<string> orders)
    {
        var found = new List<(string, long)>();
        foreach (var id in orders)
        {
            var order = await Api.SendAsync(client, token, HttpMethod.Get, $"/api/v1/orders/{id}", null);
            found.Add(((string)order["status"]!, (long)order["total"]!));
        }

        return found;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (waited.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException("What the host was told did not show within a minute.");
            }
        }
    }

    private sealed record Adjusted(TimeSpan Answered, TimeSpan Seen);
}
