using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using TicketBooth.ChaosTests.Checking;
using TicketBooth.Gateways.Stripe;
using TicketBooth.Testing;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>The stand-in of Stripe, in this process, behind a proxy: unlike the sandbox it is somewhere else, and can be slow, hang and fail.</summary>
internal sealed class StripeOffice : IAsyncDisposable
{
    public const string GoodToken = "pm_card_visa";

    private const string PaymentKey = "payment";
    private const string ReturnUrl = "http://localhost/orders/{orderId}";

    private readonly StripeStandIn stripe;
    private readonly HttpClient http = new();

    private StripeOffice(StripeStandIn stripe)
    {
        this.stripe = stripe;
        Proxy = new TestProxy("127.0.0.1", stripe.Address.Port);
        http.BaseAddress = stripe.Address;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stripe.Options.ApiKey);
        http.DefaultRequestHeaders.Add("Stripe-Version", stripe.Options.ApiVersion);
    }

    public TestProxy Proxy { get; }

    public StripeFaults Faults => stripe.Faults;

    public IReadOnlyList<(string Token, int Weight)> Tokens { get; } =
        [
            (GoodToken, 70),
            ("pm_card_chargeDeclined", 8),
            ("pm_card_threeDSecure2Required", 4),
            ("pm_card_refundFail", 3),
            ("pm_card_pendingRefund", 5),
            ("pm_card_createDispute", 3),
        ];

    public IEnumerable<(string Key, string Value)> Settings =>
        [
            ("Payments:Gateways", "Stripe"),
            ("Payments:Stripe:SecretKey", stripe.Options.ApiKey),
            ("Payments:Stripe:WebhookSecret", stripe.Options.WebhookSecret),
            ("Payments:Stripe:ReturnUrl", ReturnUrl),
            ("Payments:Stripe:ApiBase", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Proxy.Port}")),
            ("Payments:Stripe:TimeoutSeconds", "3"),
        ];

    /// <param name="webhooks">Where it tells what happened.</param>
    public static async Task<StripeOffice> StartAsync(Uri webhooks) =>
        new(await StripeStandIn.StartAsync(new StripeStandInOptions { WebhookUrl = new Uri(webhooks, "/api/v1/webhooks/stripe") }));

    /// <summary>Its own book, by its API.</summary>
    public async Task<IReadOnlyList<StoredCharge>> ChargesAsync()
    {
        var returned = (await AllAsync("refunds"))
            .Where(refund => (string?)refund["status"] is "succeeded" or "pending")
            .GroupBy(refund => (string)refund["payment_intent"]!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(refund => (long)refund["amount"]!), StringComparer.Ordinal);
        return
        [
            .. (await AllAsync("payment_intents")).Select(intent => new StoredCharge(
                (Guid)intent["metadata"]![PaymentKey]!,
                (long)intent["amount_received"]!,
                returned.GetValueOrDefault((string)intent["id"]!)
            )),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Proxy.DisposeAsync();
        await stripe.DisposeAsync();
    }

    private async Task<List<JsonNode>> AllAsync(string noun)
    {
        List<JsonNode> all = [];
        var more = true;
        while (more)
        {
            var after = all.Count == 0 ? "" : "&starting_after=" + (string)all[^1]["id"]!;
            var page = JsonNode.Parse(await http.GetStringAsync(new Uri($"/v1/{noun}?limit=100{after}", UriKind.Relative)))!;
            all.AddRange(page["data"]!.AsArray().Select(one => one!));
            more = (bool)page["has_more"]!;
        }

        return all;
    }
}
