using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments;

/// <summary>The expected failures of this module, and the reasons of declined payments, which are codes too.</summary>
internal static class PaymentsErrors
{
    /// <summary>What must end before a buyer is erased.</summary>
    public static readonly Error RefundOpen = Error.Conflict(
        "refund-open",
        "Money of an order is on its way back, and has not arrived. Wait until it has."
    );

    /// <summary>As <see cref="RefundOpen"/>.</summary>
    public static readonly Error DisputeOpen = Error.Conflict(
        "dispute-open",
        "The buyer's bank disputes a payment. Wait until it has decided."
    );

    /// <summary>The reason of a payment that the gateway refused.</summary>
    public const string DeclinedByGateway = "declined";

    /// <summary>The reason of a payment, and of a refund, of another amount or currency than the order's.</summary>
    public const string OtherAmount = "other-amount";

    /// <summary>The reason of a refund of money that was captured a second time.</summary>
    public const string PaidTwice = "paid-twice";

    /// <summary>The reason of a payment that never reached the gateway, as found out when its hold expired.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>The reason of a payment that was ended at the gateway before it captured anything.</summary>
    public const string Canceled = "canceled";

    /// <summary>The reason of a payment that staff gave up because the gateway never reported an outcome.</summary>
    public const string NoAnswer = "no-answer";

    /// <summary>The reason of a payment that the card's bank could not decide about.</summary>
    public const string CardTryAgain = "card-try-again";

    /// <summary>The reason of a payment that was ended because its buyer pays in another way.</summary>
    public const string Superseded = "superseded";

    public static readonly Error CardNumberRefused = Error.Rule(
        "card-number-refused",
        "The body holds what looks like a card number. Send the token that the gateway gave to the browser, never a card number."
    );

    public static readonly Error UnknownToken = Error.Rule("unknown-token", "The gateway does not know this token.");

    public static readonly Error MethodUnavailable = Error.Rule("method-unavailable", "Nothing can be paid in this way here.");

    public static readonly Error AmountNotPayable = Error.Rule(
        "amount-not-payable",
        "The gateway cannot take this amount in this currency: it is too small, too large, or has decimals that it does not know."
    );

    public static readonly Error PixNeedsReais = Error.Rule("pix-needs-brl", "Pix pays in BRL only; this order has another currency.");

    public static readonly Error GatewayUnavailable = Error.Unavailable(
        "gateway-unavailable",
        "The payment gateway cannot be reached now; try again.",
        TimeSpan.FromSeconds(5)
    );

    /// <summary>As Booking says it: the order has another payment under way.</summary>
    public static readonly Error InProgress = Error.Conflict("payment-in-progress", "A payment of this order is still with the gateway.");

    /// <summary>As Booking says it: the money is here, though Booking may still be about to hear of it.</summary>
    public static readonly Error AlreadyPaid = Error.Conflict("order-already-paid", "A payment of this order was captured.");

    public static readonly Error OrderNotFound = Error.NotFound("order-not-found", "There is no such order, or it is not yours.");

    public static readonly Error PixCodeNotFound = Error.NotFound("pix-code-not-found", "The order has no payment by Pix that waits.");

    public static readonly Error NotFound = Error.NotFound("payment-not-found", "There is no such payment.");

    public static readonly Error CaseNotFound = Error.NotFound("money-case-not-found", "There is no such case.");

    public static readonly Error CaseChoice = Error.Conflict("money-case-choice", "The case does not offer this, or does not any more.");

    public static readonly Error ReconciliationNotFound = Error.NotFound(
        "reconciliation-not-found",
        "There is no such reconciliation, or it has not ended yet."
    );

    public static readonly Error ReconciliationUnderWay = Error.Conflict(
        "reconciliation-under-way",
        "A reconciliation with the gateways is under way; one runs at a time."
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

    public static Error TooManyAttempts(TimeSpan wait) =>
        new(
            "too-many-attempts",
            ErrorKind.TooManyRequests,
            "Too many payments were declined. Try again when the time in Retry-After has passed.",
            RetryAfter: wait
        );
}
