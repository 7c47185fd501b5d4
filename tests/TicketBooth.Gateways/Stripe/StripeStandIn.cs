using Microsoft.AspNetCore.Hosting;
using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Stripe;

/// <summary>
/// Stripe on loopback, as strict as its documents: for <c>new StripeClient(key, apiBase: standIn.Address)</c>. State is in memory and
/// lives as long as the stand-in, so the product may be killed and started again beside it.
/// </summary>
public sealed class StripeStandIn : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly StripeLedger ledger;
    private readonly StripeServer server;
    private readonly WebApplication application;

    private StripeStandIn(StripeStandInOptions options)
    {
        Options = options;
        Webhooks = new CallbackSender(options.Callbacks with { Time = options.Callbacks.Time == TimeProvider.System ? options.Time : options.Callbacks.Time });
        ledger = new StripeLedger(options, Webhooks);
        var backlash = new StripeBacklash(ledger, Faults);
        var payments = new StripePayments(ledger, backlash);
        Console = new StripeConsole(ledger, payments, backlash);
        server = new StripeServer(ledger, new StripeEndpoints(ledger, payments, backlash, Faults), Faults, stopping.Token);
        // Nothing of an application but the server: a stand-in starts for every test.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{options.Port}");
        application = builder.Build();
        application.MapGet(StripeBuyerPage.Path, (string intent, string? outcome) => StripeBuyerPage.Answer(ledger, payments, intent, outcome));
        StripeControl.Map(application, this);
        application.MapFallback("/v1/{**rest}", server.AnswerAsync);
    }

    public StripeStandInOptions Options { get; }

    /// <summary>The base address of the API.</summary>
    public Uri Address => ledger.Address;

    /// <summary>What buyers, banks and staff do at Stripe.</summary>
    public StripeConsole Console { get; }

    public StripeFaults Faults { get; } = new();

    /// <summary>The webhooks' plans and deliveries.</summary>
    public CallbackSender Webhooks { get; }

    /// <summary>All requests that were answered, or whose work was done, the oldest first.</summary>
    public IReadOnlyList<StripeCall> Calls => server.Calls;

    /// <summary>Null: events are kept and not sent.</summary>
    public Uri? WebhookUrl
    {
        get
        {
            lock (ledger.Gate)
            {
                return ledger.WebhookUrl;
            }
        }
        set
        {
            lock (ledger.Gate)
            {
                ledger.WebhookUrl = value;
            }
        }
    }

    public static async Task<StripeStandIn> StartAsync(StripeStandInOptions? options = null)
    {
        var standIn = new StripeStandIn(options ?? new StripeStandInOptions());
        await standIn.application.StartAsync();
        standIn.ledger.Address = new Uri(standIn.application.Urls.Single());
        return standIn;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await application.DisposeAsync();
        await Webhooks.DisposeAsync();
        stopping.Dispose();
    }
}
