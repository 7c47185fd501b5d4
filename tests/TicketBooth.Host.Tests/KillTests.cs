using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>
/// Promises I2 and I3: the power goes in the middle of a sale. The host that sells is a process; the one that then finds its files runs here.
/// </summary>
public sealed class KillTests
{
    private const int Buyers = 24;
    private const int Tickets = 4_000;

    [Test]
    public async Task After_kill_nine_in_the_middle_of_a_sale_every_order_that_a_client_saw_is_there_and_the_audit_passes()
    {
        await using var host = await HostProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };
        var admin = await SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword);
        var eventId = await PublishAsync(client, admin);

        var seen = new ConcurrentBag<string>();
        var sale = Enumerable.Range(0, Buyers).Select(_ => SellAsync(client, admin, eventId, seen)).ToList();
        await Eventually.Async(() => Task.FromResult(seen.Count), count => count > 300, "three hundred orders");
        await host.KillAsync();
        await Task.WhenAll(sale);

        await using (var restarted = await TestHost.StartAsync(folder: host.Folder))
        {
            await AssertHasAllAsync(restarted, seen);
            await AssertAuditPassesAsync(host);
        }

        await AssertAuditPassesAsync(host);
    }

    [Test]
    public async Task A_graceful_stop_finishes_what_was_accepted()
    {
        await using var host = await HostProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };
        var admin = await SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword);
        var eventId = await PublishAsync(client, admin);

        var seen = new ConcurrentBag<string>();
        var sale = Enumerable.Range(0, Buyers).Select(_ => SellAsync(client, admin, eventId, seen)).ToList();
        await Eventually.Async(() => Task.FromResult(seen.Count), count => count > 300, "three hundred orders");
        await host.StopAsync();
        await Task.WhenAll(sale);

        await AssertAuditPassesAsync(host);
        await using var restarted = await TestHost.StartAsync(folder: host.Folder);
        await AssertHasAllAsync(restarted, seen);
    }

    private static async Task AssertHasAllAsync(TestHost restarted, IEnumerable<string> orders)
    {
        var admin = await TicketBoothApi.AdminAsync(restarted);
        foreach (var orderId in orders)
        {
            using var found = await admin.Client.GetAsync($"/api/v1/orders/{orderId}");
            Assert.That(found.IsSuccessStatusCode, $"order {orderId} was confirmed to a client and is gone");
        }
    }

    private static async Task AssertAuditPassesAsync(HostProcess host)
    {
        var (exitCode, output) = await HostCommand.AuditAsync(host.Folder);
        Assert.That(exitCode, Is.Zero, output);
    }

    /// <summary>Orders and pays one ticket after the other until the host is gone.</summary>
    private static async Task SellAsync(HttpClient client, string token, string eventId, ConcurrentBag<string> seen)
    {
        try
        {
            while (true)
            {
                using var placed = await SendAsync(client, token, HttpMethod.Post, "/api/v1/orders", new { eventId, quantity = 1 });
                placed.EnsureSuccessStatusCode();
                var id = (string)(await placed.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
                seen.Add(id);
                using var payment = await SendAsync(client, token, HttpMethod.Post, $"/api/v1/orders/{id}/payment", new { method = "card", token = "tok_approve" });
                payment.EnsureSuccessStatusCode();
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // What the test waits for: the host stopped in the middle of it.
        }
    }

    private static async Task<string> SignInAsync(HttpClient client, string email, string password)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/accounts/token", new { email, password });
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["accessToken"]!;
    }

    private static async Task<string> PublishAsync(HttpClient client, string admin)
    {
        using var made = await SendAsync(client, admin, HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody(Tickets));
        made.EnsureSuccessStatusCode();
        var id = (string)(await made.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        using var published = await SendAsync(client, admin, HttpMethod.Post, $"/api/v1/events/{id}/publish");
        published.EnsureSuccessStatusCode();
        return id;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string token, HttpMethod method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client.SendAsync(request);
    }
}
