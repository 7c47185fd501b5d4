using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace TicketBooth.Testing;

/// <summary>The administrator that <see cref="TestHost"/> makes at its first start.</summary>
public static class TestUsers
{
    public const string AdminEmail = "admin@casino.example";
    public const string AdminPassword = "correct-horse-battery";
}

/// <summary>What tests do over REST, by intent. Bodies stay JSON nodes, so that tests see what a client sees.</summary>
public sealed class TicketBoothApi(HttpClient client)
{
    private static int users;

    public HttpClient Client => client;

    /// <summary>A client signed in as a new customer.</summary>
    public static async Task<TicketBoothApi> NewBuyerAsync(TestHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var email = FormattableString.Invariant($"buyer-{Interlocked.Increment(ref users)}-{Random.Shared.Next()}@example.com");
        const string Password = "a-long-enough-password";
        using var response = await host.Client.PostAsJsonAsync("/api/v1/accounts", new { name = "Buyer", email, password = Password });
        response.EnsureSuccessStatusCode();
        return await SignInAsync(host, email, Password);
    }

    public static Task<TicketBoothApi> AdminAsync(TestHost host) => SignInAsync(host, TestUsers.AdminEmail, TestUsers.AdminPassword);

    public static Task<TicketBoothApi> SignInAsync(TestHost host, string email, string password)
    {
        ArgumentNullException.ThrowIfNull(host);
        return SignInAsync(host.NewClient(), email, password);
    }

    /// <summary>The same client, signed in from now on.</summary>
    public static async Task<TicketBoothApi> SignInAsync(HttpClient client, string email, string password)
    {
        ArgumentNullException.ThrowIfNull(client);
        using var response = await client.PostAsJsonAsync("/api/v1/accounts/token", new { email, password });
        response.EnsureSuccessStatusCode();
        var token = await response.Content.ReadFromJsonAsync<JsonObject>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)token!["accessToken"]!);
        return new TicketBoothApi(client);
    }

    /// <summary>The body of a request to make an event that goes on sale at once; change what the test is about.</summary>
    public static JsonObject EventBody(int tickets = 10, long price = 10_000, string name = "Bossa Nova Night", bool large = false, DateTimeOffset? now = null)
    {
        var at = now ?? TimeProvider.System.GetUtcNow();
        return new JsonObject
        {
            ["name"] = name,
            ["venue"] = "Grand Hall",
            ["description"] = "An evening at the casino.",
            ["startsAt"] = at.AddDays(30),
            ["endsSellingAt"] = at.AddDays(29),
            ["capacity"] = tickets,
            ["large"] = large,
            ["tiers"] = new JsonArray(new JsonObject { ["name"] = "Standard", ["price"] = price, ["tickets"] = tickets }),
        };
    }

    /// <summary>Makes and publishes an event; this must be an administrator's client.</summary>
    public async Task<JsonObject> PublishEventAsync(JsonObject body)
    {
        var made = await SendAsync(HttpMethod.Post, "/api/v1/events", body);
        return await SendAsync(HttpMethod.Post, $"/api/v1/events/{made["id"]}/publish");
    }

    public Task<JsonObject> OrderAsync(string eventId, int quantity = 1) =>
        SendAsync(HttpMethod.Post, "/api/v1/orders", new JsonObject { ["eventId"] = eventId, ["quantity"] = quantity });

    public Task<JsonObject> PayAsync(string orderId, string token = "tok_approve") =>
        SendAsync(HttpMethod.Post, $"/api/v1/orders/{orderId}/payment", new JsonObject { ["method"] = "card", ["token"] = token });

    /// <summary>Sends, demands success, and returns the body.</summary>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? (JsonObject)JsonNode.Parse(text)!
            : throw new HttpRequestException($"{method} {path} answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
    }

    public Task<JsonObject> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Polls until the order has the status; fails after a while.</summary>
    public Task<JsonObject> WaitForOrderAsync(string orderId, string status) =>
        Eventually.Async(() => GetAsync($"/api/v1/orders/{orderId}"), order => (string?)order["status"] == status, $"order {orderId} to be {status}");
}

/// <summary>For what follows by message: asks again until it is so, or says what it saw last.</summary>
public static class Eventually
{
    /// <param name="ask">Asked again and again.</param>
    /// <param name="isSo">Whether the answer is the one that is waited for.</param>
    /// <param name="what">For the message when it never comes.</param>
    /// <param name="patience">Three minutes unless given, for machines that have other things to do.</param>
    public static async Task<T> Async<T>(Func<Task<T>> ask, Func<T, bool> isSo, string what, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(isSo);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isSo(answer))
            {
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(started) > (patience ?? TimeSpan.FromMinutes(3)))
            {
                throw new TimeoutException($"Waited for {what}; last seen: {answer}");
            }

            await Task.Delay(20);
        }
    }
}
