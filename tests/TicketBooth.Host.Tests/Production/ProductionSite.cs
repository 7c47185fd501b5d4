using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TicketBooth.Gateways.Pix;
using TicketBooth.Gateways.Stripe;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Production;

/// <summary>
/// A ticket office as docs/production.md sets it up: a host process in Production that serves https, takes cards by Stripe and Pix by a provider, and
/// has no setting that a real one has not. Both gateways are their strict stand-ins, in this process, which outlives the host.
/// </summary>
internal sealed partial class ProductionSite : IAsyncDisposable
{
    public const long Price = 10_000;

    private const string PixSecret = "w9Fq2Zt7Ls4Xc8Rk1Vb6Nm3Hd5Jg0PyA";

    private readonly List<HttpClient> clients = [];
    private int buyers;
    private string eventId = "";

    private ProductionSite(StripeStandIn stripe, PixStandIn pix) => (Stripe, Pix) = (stripe, pix);

    public StripeStandIn Stripe { get; }

    public PixStandIn Pix { get; }

    public HostProcess Host { get; private set; } = null!;

    public TicketBoothApi Admin { get; private set; } = null!;

    public static async Task<ProductionSite> StartAsync()
    {
        var pix = await PixStandIn.StartAsync();
        var stripe = await StripeStandIn.StartAsync(new StripeStandInOptions
        {
            EnabledEvents = EventsToRegister(),
            Callbacks = new() { Handler = () => new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = pix.Certificates.TrustPolicy() } } },
        });
        var site = new ProductionSite(stripe, pix);
        try
        {
            await site.OpenAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new buyer's order, not paid yet.</summary>
    public async Task<Purchase> OrderAsync()
    {
        var email = FormattableString.Invariant($"buyer-{++buyers}@example.com");
        const string Password = "a-long-enough-password";
        var client = NewClient();
        using var signedUp = await client.PostAsJsonAsync("/api/v1/accounts", new { name = "Ana", email, password = Password });
        signedUp.EnsureSuccessStatusCode();
        var buyer = await TicketBoothApi.SignInAsync(client, email, Password);
        return new Purchase(this, buyer, (string)(await buyer.OrderAsync(eventId))["id"]!);
    }

    /// <summary>Of a new buyer, by card.</summary>
    public async Task<Purchase> PaidByCardAsync()
    {
        var purchase = await OrderAsync();
        await purchase.PayByCardAsync();
        await purchase.WaitForAsync("paid");
        return purchase;
    }

    /// <summary>Of a new buyer, by Pix.</summary>
    public async Task<Purchase> PaidByPixAsync()
    {
        var purchase = await OrderAsync();
        Pix.Payer.PayCode(await purchase.PixCodeAsync());
        await purchase.WaitForAsync("paid");
        return purchase;
    }

    /// <summary>The case of this kind that staff see, once it is there.</summary>
    public async Task<JsonNode> CaseAsync(string kind, Func<JsonNode, bool> isIt)
    {
        var cases = await Eventually.Async(
            async () => (await Admin.GetAsync("/api/v1/payments/cases?all=true&limit=200"))["items"]!.AsArray(),
            items => items.Any(Matches), $"a case of kind {kind}");
        return cases.Single(Matches)!;

        bool Matches(JsonNode? one) => (string?)one!["kind"] == kind && isIt(one);
    }

    public Task<JsonObject> DecideAsync(JsonNode one, string choice, JsonObject? body = null) =>
        Admin.SendAsync(HttpMethod.Post, $"/api/v1/payments/cases/{one["id"]}/{choice}", body);

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        await Stripe.DisposeAsync();
        await Pix.DisposeAsync();
    }

    public HttpClient NewClient()
    {
        var client = Host.NewClient();
        clients.Add(client);
        return client;
    }

    /// <summary>Those that docs/production.md tells people to register at Stripe, and no other: they must be enough.</summary>
    private static HashSet<string> EventsToRegister()
    {
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "production.md"));
        return EventType().Matches(page).Select(match => match.Groups["type"].Value).ToHashSet(StringComparer.Ordinal);
    }

    private async Task OpenAsync()
    {
        var certificate = Path.Combine(Pix.Certificates.Folder, "host.pfx");
        using (var issued = Pix.Certificates.IssueServer("127.0.0.1"))
        {
            await File.WriteAllBytesAsync(certificate, issued.Export(X509ContentType.Pkcs12));
        }

        Host = await HostProcess.StartAsync(new HostCertificate(certificate, Pix.Certificates.TrustPolicy), Settings);
        Stripe.WebhookUrl = new Uri(Host.Address, "/api/v1/webhooks/stripe");
        Admin = await TicketBoothApi.SignInAsync(NewClient(), TestUsers.AdminEmail, TestUsers.AdminPassword);
        eventId = (string)(await Admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 100, price: Price)))["id"]!;
        await Eventually.Async(
            () => Task.FromResult(Pix.FindWebhook(Pix.Options.Receiver.Keys[0])), webhook => webhook is not null, "the host to register its webhook");
    }

    private IEnumerable<(string Key, string Value)> Settings(Uri address) =>
    [
        ("ASPNETCORE_ENVIRONMENT", "Production"),

        // As they are when nobody sets them.
        ("RateLimits:Enabled", "true"),
        ("Booking:MaxTicketsPerBuyer", "10"),
        ("Booking:MaxHoldsPerBuyer", "3"),
        ("Booking:LapsePauseSeconds", "30"),
        ("Accounts:FreeTakenSignUps", "10"),
        ("Payments:Gateways", "Stripe,Pix"),
        ("Payments:Stripe:SecretKey", Stripe.Options.ApiKey),
        ("Payments:Stripe:WebhookSecret", Stripe.Options.WebhookSecret),
        ("Payments:Stripe:ReturnUrl", "https://tickets.example/orders/{orderId}"),
        ("Payments:Stripe:ApiBase", Stripe.Address.ToString()),
        ("Payments:Pix:ApiBase", Pix.ApiBase.ToString()),
        ("Payments:Pix:TokenUrl", Pix.TokenUrl.ToString()),
        ("Payments:Pix:ClientId", Pix.Options.ClientId),
        ("Payments:Pix:ClientSecret", Pix.Options.ClientSecret),
        ("Payments:Pix:Certificate", Pix.Certificates.ClientPfxPath),
        ("Payments:Pix:CertificatePassword", Pix.Certificates.ClientPfxPassword),
        ("Payments:Pix:TrustedAuthority", Pix.Certificates.AuthorityPath),
        ("Payments:Pix:Key", Pix.Options.Receiver.Keys[0]),
        ("Payments:Pix:WebhookUrl", new Uri(address, "/api/v1/webhooks/pix").ToString()),
        ("Payments:Pix:WebhookSecret", PixSecret),
    ];

    [GeneratedRegex(@"^ +(?<type>(payment_intent|charge|refund)\.[a-z_.]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex EventType();
}
