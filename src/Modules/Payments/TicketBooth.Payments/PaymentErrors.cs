using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments;

/// <summary>Every expected failure of this module. Reasons of declined payments are codes of the same kind.</summary>
internal static class PaymentErrors
{
    /// <summary>The reason of a payment that the gateway refused.</summary>
    public const string DeclinedByGateway = "declined";

    /// <summary>The reason of a payment that never reached the gateway, found out when its hold ran out.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>The reason of a payment that staff gave up because the gateway never said what became of it.</summary>
    public const string NoAnswer = "no-answer";

    public static readonly Error CardNumberRefused = Error.Rule(
        "card-number-refused",
        "The body holds what looks like a card number. Send the token that the gateway gave to the browser; a card number is never read here."
    );

    public static readonly Error UnknownToken = Error.Rule("unknown-token", "The gateway does not know this token.");

    public static readonly Error PixNeedsReais = Error.Rule("pix-needs-brl", "Pix pays in BRL only; this order has another currency.");

    public static readonly Error GatewayUnavailable = Error.Unavailable(
        "gateway-unavailable",
        "The payment gateway cannot be reached now; try again.",
        TimeSpan.FromSeconds(5)
    );

    public static readonly Error NotFound = Error.NotFound("payment-not-found", "There is no such payment.");

    public static readonly Error AmountMismatch = Error.Rule(
        "amount-mismatch",
        "The amount or currency is not the payment's own; nothing was changed."
    );

    public static readonly Error ExternalIdMismatch = Error.Rule(
        "external-id-mismatch",
        "The payment has another externalId; nothing was changed."
    );

    public static readonly Error WebhookSignatureInvalid = new(
        "webhook-signature-invalid",
        ErrorKind.Unauthenticated,
        "The Standard Webhooks headers are missing, or no signature of them fits the body."
    );

    public static readonly Error WebhookTooOld = new(
        "webhook-too-old",
        ErrorKind.Unauthenticated,
        "webhook-timestamp is more than 5 minutes away from this server's clock."
    );

    public static readonly Error MalformedJson = new("malformed-json", ErrorKind.Malformed, "The body is not JSON.");
}
