using System.Net;
using System.Text.Json;
using Stripe;
using TicketBooth.Gateways.Callbacks;
using TicketBooth.Gateways.Stripe;
using TicketBooth.Gateways.Tests.Callbacks;

namespace TicketBooth.Gateways.Tests.Stripe;

/// <summary>A stand-in, Stripe's own client, and a receiver of webhooks, new for each test.</summary>
public abstract class StripeStandInFixture
{
    private protected StripeStandIn StandIn { get; private set; } = null!;

    private protected StripeClient Client { get; private set; } = null!;

    private protected CallbackReceiver Receiver { get; private set; } = null!;

    private protected HttpClient Http { get; private set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Receiver = await CallbackReceiver.StartAsync();
        StandIn = await StripeStandIn.StartAsync(new StripeStandInOptions
        {
            WebhookUrl = Receiver.Url,
            Callbacks = new CallbackSenderOptions { RetryDelays = [TimeSpan.Zero, TimeSpan.Zero] },
        });
        Http = new HttpClient { BaseAddress = StandIn.Address };
        Http.DefaultRequestHeaders.Add("Stripe-Version", StandIn.Options.ApiVersion);
        Http.DefaultRequestHeaders.Authorization = new("Bearer", StandIn.Options.ApiKey);
        Client = ClientOf(StandIn.Options.ApiKey);
    }

    [TearDown]
    public async Task Stop()
    {
        Http.Dispose();
        await StandIn.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    private protected StripeClient ClientOf(string key, HttpClient? http = null) =>
        new(key, httpClient: new SystemNetHttpClient(http, maxNetworkRetries: 0, enableTelemetry: false), apiBase: StandIn.Address.ToString().TrimEnd('/'));

    private protected static PaymentIntentCreateOptions Card(string method = "pm_card_visa", long amount = 5000) => new()
    {
        Amount = amount,
        Currency = "brl",
        Confirm = true,
        PaymentMethod = method,
        AllowedPaymentMethodTypes = ["card"],
        ReturnUrl = "https://shop.example/back",
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["order"] = "o1" },
    };

    private protected Task<PaymentIntent> PayAsync(string method = "pm_card_visa", long amount = 5000) => Client.V1.PaymentIntents.CreateAsync(Card(method, amount));

    private protected Task<Refund> RefundAsync(PaymentIntent intent, long? amount = null) =>
        Client.V1.Refunds.CreateAsync(new RefundCreateOptions { PaymentIntent = intent.Id, Amount = amount });

    private protected async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string form, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(form, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await Http.SendAsync(request);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, document.RootElement.Clone());
    }

    private protected static StripeError Refused(Func<Task> action) => Assert.ThrowsAsync<StripeException>(() => action())!.StripeError;
}
