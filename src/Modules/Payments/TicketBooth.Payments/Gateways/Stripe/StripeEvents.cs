using System.Text.Json;
using Stripe;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>Records Stripe's events once their signature was verified.</summary>
internal sealed partial class StripeEvents(
    StripeGateway gateway,
    PaymentLedger ledger,
    UnreadWebhooks unread,
    TimeProvider clock,
    ILogger<StripeEvents> logger
)
{
    public async Task<Result<Done>> RecordAsync(string body, CancellationToken cancellationToken)
    {
        if (EnvelopeOf(body) is not { } envelope)
        {
            return PaymentsErrors.MalformedJson;
        }

        // Before the library reads it: of what it does not know, it reads nothing, or fails.
        if (!StripeNotices.Types.Contains(envelope.Type))
        {
            await unread.KeepAsync(StripeGateway.GatewayName, envelope.Id, envelope.Type, body);
            return default(Done);
        }

        var told = EventUtility.ParseEvent(body, throwOnApiVersionMismatch: false);
        if (!EventUtility.IsCompatibleApiVersion(told.ApiVersion ?? ""))
        {
            LogOtherVersion(logger, told.Id, told.ApiVersion, StripeConfiguration.ApiVersion);
        }

        if (StripeNotices.Of(told) is not { } notice)
        {
            return default(Done);
        }

        try
        {
            var complete = await WithPaymentAsync(notice, cancellationToken);
            await ledger.RecordAsync(complete, new Delivery.Webhook(told.Id, clock.GetUtcNow()));
            return default(Done);
        }
        catch (GatewayUnreachableException)
        {
            return PaymentsErrors.GatewayUnavailable;
        }
    }

    /// <summary>Disputes, and refunds that somebody made in Stripe's console, do not repeat our ids: their payment intent does.</summary>
    private async Task<GatewayNotice> WithPaymentAsync(GatewayNotice notice, CancellationToken cancellationToken) =>
        notice is { PaymentId: null, Fact: GatewayFact.Refund or GatewayFact.Dispute } && StripeIntents.IsIntent(notice.ExternalId)
            ? notice with { PaymentId = await gateway.OwnerOfAsync(notice.ExternalId, cancellationToken) }
            : notice;

    private static (string Id, string Type)? EnvelopeOf(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("id", out var id)
                && root.TryGetProperty("type", out var type)
                && id is { ValueKind: JsonValueKind.String }
                && type is { ValueKind: JsonValueKind.String }
                ? (id.GetString()!, type.GetString()!)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(
        EventId = 5045,
        Level = LogLevel.Warning,
        Message = "Stripe's event {EventId} is written by API version {Version}, and we read {Expected}: give the webhook endpoint ours"
    )]
    private static partial void LogOtherVersion(ILogger logger, string eventId, string? version, string expected);
}
