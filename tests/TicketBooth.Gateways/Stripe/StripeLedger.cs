using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Stripe;

/// <summary>All that the stand-in knows. Everything of it is read and changed under <see cref="Gate"/>.</summary>
internal sealed class StripeLedger(StripeStandInOptions options, CallbackSender webhooks)
{
    public Lock Gate { get; } = new();

    public StripeStandInOptions Options { get; } = options;

    public Uri? WebhookUrl { get; set; } = options.WebhookUrl;

    public Uri Address { get; set; } = null!;

    public List<StoredIntent> Intents { get; } = [];

    public List<StoredCharge> Charges { get; } = [];

    public List<StoredRefund> Refunds { get; } = [];

    public List<StoredDispute> Disputes { get; } = [];

    public List<StoredMovement> Movements { get; } = [];

    public List<StoredEvent> Events { get; } = [];

    /// <summary>The request that is carried out, which its events name.</summary>
    public (string Id, string? Key)? Request { get; set; }

    public long Now => Options.Time.GetUtcNow().ToUnixTimeSeconds();

    public static string NewId(string prefix) =>
        prefix + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 24);

    public StoredIntent Intent(string id, string param = "intent") =>
        Intents.Find(each => each.Id == id) ?? throw StripeRefusal.NotFound("payment_intent", id, param);

    public StoredCharge Charge(string id, string param = "charge") =>
        Charges.Find(each => each.Id == id) ?? throw StripeRefusal.NotFound("charge", id, param);

    public StoredRefund Refund(string id) => Refunds.Find(each => each.Id == id) ?? throw StripeRefusal.NotFound("refund", id, "id");

    public StoredDispute Dispute(string id) => Disputes.Find(each => each.Id == id) ?? throw StripeRefusal.NotFound("dispute", id, "dispute");

    public StoredMovement Move(string type, string category, long amount, string currency, string source, long fee = 0)
    {
        var movement = new StoredMovement(NewId("txn_"), Now)
        {
            Type = type,
            Category = category,
            Amount = amount,
            Fee = fee,
            Currency = currency,
            Source = source,
        };
        Movements.Add(movement);
        return movement;
    }

    public StoredEvent Emit(string type, JsonObject about)
    {
        var told = new StoredEvent(NewId("evt_"), Now) { Type = type, Object = about, RequestId = Request?.Id, IdempotencyKey = Request?.Key };
        Events.Add(told);
        Send(told);
        return told;
    }

    /// <summary>Sends it to the webhook, if there is one that takes its type.</summary>
    public void Send(StoredEvent told)
    {
        if (WebhookUrl is null || (Options.EnabledEvents.Count > 0 && !Options.EnabledEvents.Contains(told.Type)))
        {
            return;
        }

        var body = Encoding.UTF8.GetBytes(StripeJson.Of(told, this).ToJsonString());
        webhooks.Send(new Callback(told.Type, WebhookUrl, body, "application/json; charset=utf-8", () => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [StripeSignature.Header] = StripeSignature.Sign(Options.WebhookSecret, Options.Time.GetUtcNow(), body),
            ["User-Agent"] = "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }));
    }
}
