using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace TicketBooth.LoadTests;

/// <summary>The few calls that the load tests prepare with.</summary>
internal static class Api
{
    public static async Task<string> SignInAsync(HttpClient client, string email, string password)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/accounts/token", new { email, password });
        return (string)(await BodyAsync(answer))["accessToken"]!;
    }

    public static async Task<string> NewBuyerAsync(HttpClient client, int number)
    {
        var email = FormattableString.Invariant($"buyer-{number}@example.com");
        const string Password = "a-long-enough-password";
        using (var answer = await client.PostAsJsonAsync("/api/v1/accounts", new { name = $"Buyer {number}", email, password = Password }))
        {
            await BodyAsync(answer);
        }

        return await SignInAsync(client, email, Password);
    }

    /// <summary>Makes and publishes an event with one tier, on sale at once; returns its id.</summary>
    public static async Task<string> PublishEventAsync(HttpClient client, string adminToken, string name, int tickets, bool large, long price = 10_000)
    {
        var now = TimeProvider.System.GetUtcNow();
        var made = await SendAsync(client, adminToken, HttpMethod.Post, "/api/v1/events", new
        {
            name,
            venue = "Casino Arena",
            startsAt = now.AddDays(30),
            endsSellingAt = now.AddDays(29),
            capacity = tickets,
            large,
            tiers = new[] { new { name = "Standard", price, tickets } },
        });
        var id = (string)made["id"]!;
        await SendAsync(client, adminToken, HttpMethod.Post, $"/api/v1/events/{id}/publish", null);
        return id;
    }

    public static async Task<JsonObject> SendAsync(HttpClient client, string token, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await client.SendAsync(request);
        return await BodyAsync(answer);
    }

    private static async Task<JsonObject> BodyAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? (JsonObject)JsonNode.Parse(text)! : throw new HttpRequestException($"{(int)answer.StatusCode}: {text}");
    }
}
