using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Http;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Webhooks;

internal static class WebhookHeaders
{
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";
}

internal static class WebhookTypes
{
    public const string Confirmed = "payment.confirmed";
    public const string Declined = "payment.declined";
    public const string Canceled = "payment.canceled";
    public const string Refunded = "payment.refunded";
    public const string RefundFailed = "payment.refund_failed";
    public const string Disputed = "payment.disputed";

    public static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [Confirmed, Declined, Canceled, Refunded, RefundFailed, Disputed],
        StringComparer.Ordinal
    );
}

/// <summary>Receives the gateway's report about a payment: verified, recorded once, published to the other modules.</summary>
internal static class ReceiveWebhook
{
    public const string Path = "/api/v1/webhooks/payments";

    private const int LargestBody = 32 * 1024;

    // Gateways add fields, so unlike everywhere else unknown ones are allowed here.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>All that is read of events whose type is not ours.</summary>
    internal sealed record Envelope(string Type);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record Request(string Type, Data Data);

    /// <param name="Amount">Cents.</param>
    /// <param name="CaptureId">Where a charge has several captures; otherwise the charge is the capture.</param>
    /// <param name="RefundId">Ours, of a refund that we asked for.</param>
    /// <param name="RefundExternalId">The gateway's, of any refund; without it all was refunded at once.</param>
    /// <param name="DisputeState"><c>opened</c>, <c>won</c> or <c>lost</c>.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record Data(
        string ExternalId,
        Guid PaymentId,
        long Amount,
        string Currency,
        string? CaptureId = null,
        Guid? RefundId = null,
        string? RefundExternalId = null,
        string? DisputeId = null,
        DisputeState? DisputeState = null,
        string? Reason = null
    );

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(Path, HandleAsync)
            .WithoutIdempotencyKey()
            .AllowAnonymous()
            .WithName("ReceivePaymentWebhook")
            .WithTags("Payments")
            .WithSummary("For the payment gateway: the outcome of a payment")
            .WithDescription(
                """
                Standard Webhooks: `webhook-id`, `webhook-timestamp` (unix seconds, at most 5 minutes away) and `webhook-signature`
                (`v1,<base64>`, several separated by a space; HMAC-SHA256 over `id.timestamp.body`). Body:
                `{"type":"payment.confirmed","data":{"externalId","paymentId","amount","currency"}}`, amounts in cents; types
                `payment.confirmed`, `payment.declined`, `payment.canceled`, `payment.refunded`, `payment.refund_failed`,
                `payment.disputed`; the last three may name `captureId`, `refundId`, `refundExternalId`, `disputeId`, `disputeState`
                (`opened`, `won`, `lost`) and `reason`. 204 when recorded, whatever amount, currency or payment it names: staff see what
                does not fit. Also for a repeated `webhook-id`, which has no effect, and for other types of events, which are kept
                unread. 401: `webhook-signature-invalid`, `webhook-too-old`.
                """
            )
            .WithExamples(
                request: """
                { "type": "payment.confirmed",
                  "data":
                    { "externalId": "sbx_42", "paymentId": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "amount": 42000, "currency": "BRL" } }
                """
            )
            .Accepts<Request>("application/json")
            .ReadsHeader(WebhookHeaders.Id, "The delivery's id; a repeated one has no effect.")
            .ReadsHeader(WebhookHeaders.Timestamp, "Unix seconds, at most 5 minutes away.")
            .ReadsHeader(WebhookHeaders.Signature, "`v1,<base64>`, several separated by a space.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesErrors(StatusCodes.Status401Unauthorized, "webhook-signature-invalid", "webhook-too-old")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    private static async Task<IResult> HandleAsync(
        HttpRequest http,
        WebhookSignatures signatures,
        PaymentLedger ledger,
        UnreadWebhooks unread,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (await RawBody.ReadAsync(http, LargestBody, cancellationToken) is not { } body)
        {
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        var id = http.Headers[WebhookHeaders.Id].ToString();
        var timestamp = http.Headers[WebhookHeaders.Timestamp].ToString();
        if (
            id.Length == 0
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || !signatures.Verify(id, timestamp, body, http.Headers[WebhookHeaders.Signature].ToString())
        )
        {
            return PaymentsErrors.WebhookSignatureInvalid.ToProblem();
        }

        if (Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) > WebhookSignatures.Tolerance.TotalSeconds)
        {
            return PaymentsErrors.WebhookTooOld.ToProblem();
        }

        var type = Read<Envelope>(body).Type;
        if (!WebhookTypes.Known.Contains(type))
        {
            await unread.KeepAsync(Payment.Sandbox, id, type, Encoding.UTF8.GetString(body));
            return TypedResults.NoContent();
        }

        var data = Read<Request>(body).Data;
        var fact = FactOf(type, data, clock.GetUtcNow());
        await ledger.RecordAsync(
            new GatewayNotice(Payment.Sandbox, data.ExternalId, data.PaymentId, fact),
            new Delivery.Webhook(id, clock.GetUtcNow())
        );
        return TypedResults.NoContent();
    }

    private static T Read<T>(byte[] body) => JsonSerializer.Deserialize<T>(body, Json) ?? throw new JsonException("The body is null.");

    private static GatewayFact FactOf(string type, Data data, DateTimeOffset now) =>
        type switch
        {
            WebhookTypes.Confirmed => new GatewayFact.Captured(
                new GatewayCapture(data.CaptureId ?? data.ExternalId, data.Amount, data.Currency, now)
            ),
            WebhookTypes.Declined => new GatewayFact.Declined(PaymentsErrors.DeclinedByGateway),
            WebhookTypes.Canceled => new GatewayFact.Canceled(),
            WebhookTypes.Refunded => new GatewayFact.Refund(RefundOf(data, GatewayRefundState.Settled, now)),
            WebhookTypes.RefundFailed => new GatewayFact.Refund(RefundOf(data, GatewayRefundState.Refused, now)),
            _ => new GatewayFact.Dispute(
                new GatewayDispute(
                    data.DisputeId ?? data.ExternalId,
                    data.CaptureId ?? data.ExternalId,
                    data.Amount,
                    data.Currency,
                    data.DisputeState ?? Domain.DisputeState.Opened,
                    data.Reason,
                    now
                )
            ),
        };

    /// <remarks>A refund without an id of its own is that of the whole payment, whose id is the payment's.</remarks>
    private static GatewayRefund RefundOf(Data data, GatewayRefundState state, DateTimeOffset now) =>
        new(
            data.RefundExternalId ?? data.ExternalId,
            data.RefundId ?? (data.RefundExternalId is null ? data.PaymentId : null),
            data.CaptureId ?? data.ExternalId,
            data.Amount,
            data.Currency,
            state,
            data.Reason,
            now
        );
}
