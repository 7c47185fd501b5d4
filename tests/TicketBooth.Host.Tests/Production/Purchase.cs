using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using TicketBooth.Gateways.Pix;
using TicketBooth.Gateways.Stripe;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Production;

/// <summary>One order with its buyer, and what both gateways have of it.</summary>
internal sealed class Purchase(ProductionSite site, TicketBoothApi buyer, string orderId)
{
    private const string Card = "pm_card_visa";

    private readonly List<string> txids = [];

    public string OrderId => orderId;

    public TicketBoothApi Buyer => buyer;

    /// <summary>The order's payments at Stripe, the oldest first.</summary>
    public IReadOnlyList<StripePayment> AtStripe => [.. site.Stripe.Console.Payments.Where(payment => payment.Metadata.GetValueOrDefault("order") == orderId)];

    /// <summary>What payers sent for the order by Pix, the oldest first.</summary>
    public IReadOnlyList<ReceivedPix> AtPix => [.. site.Pix.Received.Where(pix => txids.Contains(pix.Txid ?? "", StringComparer.Ordinal))];

    /// <summary>Of the last code that the buyer got.</summary>
    public string Txid => txids[^1];

    /// <summary>What the casino has of it in both accounts.</summary>
    public long Held =>
        AtStripe.Sum(payment => payment.AmountReceived - payment.AmountRefunded)
        + AtPix.Sum(pix => pix.Cents - pix.Returns.Where(given => given.Status == ReturnStatus.Done).Sum(given => given.Cents));

    public Task<(HttpStatusCode Status, JsonObject Body)> PayByCardAsync(string token = Card, string? key = null) =>
        PayAsync(new JsonObject { ["method"] = "card", ["token"] = token }, key);

    public Task<(HttpStatusCode Status, JsonObject Body)> PayByPixAsync() => PayAsync(new JsonObject { ["method"] = "pix" }, key: null);

    /// <summary>Asks to pay by Pix, for the code.</summary>
    public async Task<string> PixCodeAsync()
    {
        var (status, body) = await PayByPixAsync();
        Assert.That(status, Is.EqualTo(HttpStatusCode.Accepted), body.ToJsonString());
        var code = (string)body["pix"]!["code"]!;
        txids.Add(site.Pix.Payer.Scan(code).Charge.Txid);
        return code;
    }

    public Task<JsonObject> ShowAsync() => buyer.GetAsync($"/api/v1/orders/{orderId}");

    public Task<JsonObject> WaitForAsync(string status) => buyer.WaitForOrderAsync(orderId, status);

    public Task<JsonObject> WaitForAsync(Func<JsonObject, bool> isSo, string what) => Eventually.Async(ShowAsync, isSo, what);

    /// <summary>Waits until the casino has this much of it, in both accounts.</summary>
    public Task WaitForHeldAsync(long amount) => Eventually.Async(() => Task.FromResult(Held), held => held == amount, $"{amount} to be in the accounts");

    /// <summary>Waits until every refund of the order has this status.</summary>
    public Task<JsonObject> WaitForRefundsAsync(string status, int count = 1) => WaitForAsync(
        order => order["refunds"]!.AsArray() is { } refunds && refunds.Count == count && refunds.All(refund => (string?)refund!["status"] == status),
        $"{count} refunds to be {status}");

    /// <summary>Staff give back: with no amount all that is left.</summary>
    public async Task RefundAsync(long? amount = null, string? key = null)
    {
        var body = new JsonObject { ["reason"] = "Could not see the stage." };
        if (amount is { } part)
        {
            body["amount"] = part;
        }

        var (status, answer) = await SendAsync(site.Admin.Client, $"/api/v1/orders/{orderId}/refunds", body, key);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), answer.ToJsonString());
    }

    /// <summary>Staff ask the gateway what became of the payment.</summary>
    public async Task ChaseAsync() =>
        await site.Admin.SendAsync(HttpMethod.Post, $"/api/v1/orders/{orderId}/payments/{(await ShowAsync())["payment"]!["id"]}/chase");

    public Task CancelAsync() => buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{orderId}/cancel");

    private Task<(HttpStatusCode Status, JsonObject Body)> PayAsync(JsonObject body, string? key) =>
        SendAsync(buyer.Client, $"/api/v1/orders/{orderId}/payment", body, key);

    private static async Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(HttpClient client, string path, JsonObject body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
