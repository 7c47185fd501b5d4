using System.Collections.Frozen;
using Stripe;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>
/// Why a card was refused: a stable code for us, and words for the buyer. Only what Stripe's "Decline codes" allow to tell is told apart:
/// a lost, stolen or suspected card is "declined" and no more, so that a thief learns nothing.
/// </summary>
internal static class StripeDeclines
{
    public const string ErrorCode = "card-declined";

    private static readonly FrozenDictionary<string, (string Reason, string Words)> ByCode = new Dictionary<
        string,
        (string Reason, string Words)
    >(StringComparer.Ordinal)
    {
        ["insufficient_funds"] = ("insufficient-funds", "The card has not enough money for this payment. Use another card."),
        ["expired_card"] = ("card-expired", "The card has expired. Use another card."),
        ["incorrect_cvc"] = WrongData("security code"),
        ["invalid_cvc"] = WrongData("security code"),
        ["incorrect_number"] = WrongData("number"),
        ["invalid_number"] = WrongData("number"),
        ["invalid_expiry_month"] = WrongData("expiry date"),
        ["invalid_expiry_year"] = WrongData("expiry date"),
        ["incorrect_zip"] = WrongData("postal code"),
        ["incorrect_postal_code"] = WrongData("postal code"),
        ["card_velocity_exceeded"] = Limit,
        ["withdrawal_count_limit_exceeded"] = Limit,
        ["card_not_supported"] = NotSupported,
        ["currency_not_supported"] = NotSupported,
        ["processing_error"] = TryAgain,
        ["issuer_not_available"] = TryAgain,
        ["try_again_later"] = TryAgain,
        ["reenter_transaction"] = TryAgain,
        ["authentication_required"] = NotAuthenticated,
        ["payment_intent_authentication_failure"] = NotAuthenticated,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static (string, string) Limit => ("card-limit", "The card's limit is reached. Use another card.");

    private static (string, string) NotSupported => ("card-not-supported", "The card cannot be used for this payment. Use another card.");

    private static (string, string) TryAgain =>
        (PaymentsErrors.CardTryAgain, "The card's bank did not answer. Try again, or use another card.");

    private static (string, string) NotAuthenticated =>
        ("authentication-failed", "The card's bank could not make sure that it is you. Try again, or use another card.");

    /// <summary>A stable code; <see cref="ErrorCode"/> for all that is not told.</summary>
    public static string ReasonOf(StripeError? error) => Of(error).Reason;

    public static Error ErrorOf(StripeError? error) => Error.Rule(ErrorCode, Of(error).Words);

    // Stripe's own order: the decline code is the bank's word, the code is Stripe's.
    private static (string Reason, string Words) Of(StripeError? error) =>
        (error?.DeclineCode is { } decline && ByCode.TryGetValue(decline, out var told))
        || (error is { DeclineCode: null, Code: { } code } && ByCode.TryGetValue(code, out told))
            ? told
            : (ErrorCode, "The card was declined. Use another card, or ask the card's bank.");

    private static (string, string) WrongData(string what) => ("card-data-wrong", $"The card's {what} is wrong. Enter it again.");
}
