using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace TicketBooth.Testing;

/// <summary>Says what the sandbox does not say by itself: a refund that comes back days later, the end of a dispute, money of nobody.</summary>
public sealed class SandboxWebhooks
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(24);

    /// <summary>For the host that is told.</summary>
    public (string Key, string Value) Setting => ("Payments:WebhookSecret", "whsec_" + Convert.ToBase64String(secret));

    /// <summary>Signed as the sandbox signs; must be answered with success.</summary>
    public async Task TellAsync(HttpClient client, string type, JsonObject data)
    {
        var body = new JsonObject { ["type"] = type, ["data"] = data }.ToJsonString();
        var id = $"msg_{Guid.CreateVersion7():N}";
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks/payments") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", time);
        request.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{time}.{body}"))));
        using var response = await client.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The webhook {type} was answered with {response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
    }
}
