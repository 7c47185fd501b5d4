using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
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
    public const string Refunded = "payment.refunded";
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
    };

    /// <summary>All that is read of events whose type is not ours.</summary>
    internal sealed record Envelope(string Type);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record Request(string Type, Data Data);

    /// <param name="Amount">Cents.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record Data(string ExternalId, Guid PaymentId, long Amount, string Currency);

    internal sealed record Command(string WebhookId, GatewayNotice Notice) : IRequest<Result<Done>>;

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
                `payment.confirmed`, `payment.declined`, `payment.refunded`. 204 when recorded; also for a repeated `webhook-id`, which has
                no effect, and for other types of events, which are ignored. 401: `webhook-signature-invalid`, `webhook-too-old`.
                404: `payment-not-found`. 422: `amount-mismatch`, `external-id-mismatch`; nothing was changed.
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
            .ProducesErrors(StatusCodes.Status404NotFound, "payment-not-found")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "amount-mismatch", "external-id-mismatch");

    private static async Task<IResult> HandleAsync(
        HttpRequest http,
        WebhookSignatures signatures,
        IMediator mediator,
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
        if (type is not (WebhookTypes.Confirmed or WebhookTypes.Declined or WebhookTypes.Refunded))
        {
            return TypedResults.NoContent();
        }

        var data = Read<Request>(body).Data;
        var fact = FactOf(type, data, clock.GetUtcNow());
        var command = new Command(id, new GatewayNotice(Payment.Sandbox, data.ExternalId, data.PaymentId, fact));
        var recorded = await mediator.Send(command, cancellationToken);
        return recorded.ToHttp(_ => TypedResults.NoContent());
    }

    private static T Read<T>(byte[] body) => JsonSerializer.Deserialize<T>(body, Json) ?? throw new JsonException("The body is null.");

    private static GatewayFact FactOf(string type, Data data, DateTimeOffset now) =>
        type switch
        {
            WebhookTypes.Confirmed => new GatewayFact.Captured(new GatewayCapture(data.ExternalId, data.Amount, data.Currency, now)),
            WebhookTypes.Declined => new GatewayFact.Declined(PaymentsErrors.DeclinedByGateway),
            _ => new GatewayFact.Refund(
                new GatewayRefund(
                    data.ExternalId,
                    RefundId: null,
                    data.ExternalId,
                    data.Amount,
                    data.Currency,
                    GatewayRefundState.Settled,
                    Reason: null,
                    now
                )
            ),
        };

    internal sealed class Handler(PaymentLedger ledger, TimeProvider clock) : IRequestHandler<Command, Result<Done>>
    {
        public async Task<Result<Done>> Handle(Command command, CancellationToken cancellationToken)
        {
            var outcome = await ledger.RecordAsync(
                command.Notice,
                new Delivery.Webhook(command.WebhookId, clock.GetUtcNow())
            );
            return outcome.Map(_ => default(Done));
        }
    }
}
