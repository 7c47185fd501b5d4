using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Stripe;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Payments.Http;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>Receives Stripe's events: verified, recorded once, and never refused for what they say.</summary>
internal static class ReceiveStripeWebhook
{
    public const string Path = "/api/v1/webhooks/stripe";
    public const string SignatureHeader = "Stripe-Signature";

    private const int LargestBody = 256 * 1024;

    private static readonly Error SignatureInvalid = new(
        PaymentsErrors.WebhookSignatureInvalid.Code,
        ErrorKind.Unauthenticated,
        $"{SignatureHeader} is missing, or no signature in it fits the body."
    );

    private static readonly Error TooOld = new(
        PaymentsErrors.WebhookTooOld.Code,
        ErrorKind.Unauthenticated,
        $"The time in {SignatureHeader} is more than 5 minutes away from this server's clock."
    );

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(Path, HandleAsync)
            .WithoutIdempotencyKey()
            .AllowAnonymous()
            .WithName("ReceiveStripeWebhook")
            .WithTags("Payments")
            .WithSummary("For Stripe: the outcome of payments, refunds and disputes")
            .WithDescription(
                """
                An event of Stripe's with its header `Stripe-Signature`, at most 5 minutes old. 200 for every event whose signature fits,
                whatever amount, currency or payment it names: staff see what does not fit. A repeated event has no effect, and one of a
                type that we do not know is kept unread. 401: `webhook-signature-invalid`, `webhook-too-old`. 503 `gateway-unavailable`:
                Stripe did not say whose money it is; it sends the event again.
                """
            )
            .Accepts<JsonElement>("application/json")
            .ReadsHeader(SignatureHeader, "`t=<unix seconds>,v1=<hex>`.")
            .Produces(StatusCodes.Status200OK)
            .ProducesErrors(StatusCodes.Status401Unauthorized, "webhook-signature-invalid", "webhook-too-old")
            .ProducesErrors(StatusCodes.Status400BadRequest, "malformed-json")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "gateway-unavailable");

    private static async Task<IResult> HandleAsync(
        HttpRequest http,
        IOptions<StripeOptions> options,
        StripeEvents events,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        if (await RawBody.ReadAsync(http, LargestBody, cancellationToken) is not { } bytes)
        {
            return TypedResults.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        var body = Encoding.UTF8.GetString(bytes);
        var signature = http.Headers[SignatureHeader].ToString();
        if (FailureOf(body, signature, options.Value.WebhookSecrets, clock.GetUtcNow()) is { } failure)
        {
            return failure.ToProblem();
        }

        var recorded = await events.RecordAsync(body, cancellationToken);
        return recorded.ToHttp(_ => TypedResults.Ok());
    }

    /// <summary>Null when a signature fits one of the secrets and is young enough.</summary>
    internal static Error? FailureOf(string body, string signature, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        var fitting = secrets.Where(secret => Fits(secret, long.MaxValue)).ToList();
        return fitting.Count == 0 ? SignatureInvalid
            : fitting.Exists(secret => Fits(secret, EventUtility.DefaultTimeTolerance)) ? null
            : TooOld;

        bool Fits(string secret, long tolerance)
        {
            try
            {
                EventUtility.ValidateSignature(body, signature, secret, tolerance, now.ToUnixTimeSeconds());
                return true;
            }
            catch (StripeException)
            {
                return false;
            }
        }
    }
}
