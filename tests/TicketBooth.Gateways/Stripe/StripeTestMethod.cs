namespace TicketBooth.Gateways.Stripe;

internal enum AfterCharge
{
    Nothing,
    RefundsFail,
    RefundsArePending,
    Dispute,
}

/// <summary>What Stripe's published test payment methods do (docs.stripe.com/testing).</summary>
/// <param name="Decline">The error's code and its decline code.</param>
internal sealed record StripeTestMethod(
    string Type, string LastFour, (string Code, string DeclineCode)? Decline = null, bool NeedsAuthentication = false, AfterCharge AfterCharge = AfterCharge.Nothing)
{
    private static readonly Dictionary<string, StripeTestMethod> ByName = Build();

    public bool IsCard => Type == "card";

    public static StripeTestMethod? Find(string name) => ByName.GetValueOrDefault(name);

    private static Dictionary<string, StripeTestMethod> Build()
    {
        var methods = new Dictionary<string, StripeTestMethod>(StringComparer.Ordinal)
        {
            ["pm_card_visa"] = new("card", "4242"),
            ["pm_card_visa_debit"] = new("card", "5556"),
            ["pm_card_mastercard"] = new("card", "4444"),
            ["pm_card_amex"] = new("card", "8431"),
            ["pm_card_br"] = new("card", "0007"),
            ["pm_card_authenticationRequired"] = new("card", "3184", NeedsAuthentication: true),
            ["pm_card_threeDSecure2Required"] = new("card", "3220", NeedsAuthentication: true),
            ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"] =
                new("card", "9995", ("card_declined", "insufficient_funds"), NeedsAuthentication: true),
            ["pm_card_refundFail"] = new("card", "5126", AfterCharge: AfterCharge.RefundsFail),
            ["pm_card_pendingRefund"] = new("card", "7726", AfterCharge: AfterCharge.RefundsArePending),
            ["pm_card_createDispute"] = new("card", "0259", AfterCharge: AfterCharge.Dispute),
            // A bank's debit is `processing` until StripeConsole.FinishProcessing.
            ["pm_usBankAccount_success"] = new("us_bank_account", "6789"),
        };
        foreach (var (name, lastFour, code, decline) in new[]
        {
            ("", "0002", "card_declined", "generic_decline"),
            ("InsufficientFunds", "9995", "card_declined", "insufficient_funds"),
            ("LostCard", "9987", "card_declined", "lost_card"),
            ("StolenCard", "9979", "card_declined", "stolen_card"),
            ("Fraudulent", "0019", "card_declined", "fraudulent"),
            ("ExpiredCard", "0069", "expired_card", "expired_card"),
            ("IncorrectCvc", "0127", "incorrect_cvc", "incorrect_cvc"),
            ("ProcessingError", "0119", "processing_error", "processing_error"),
            ("VelocityLimitExceeded", "6975", "card_declined", "card_velocity_exceeded"),
        })
        {
            // Both spellings are published, the longer one in the newer pages.
            methods["pm_card_chargeDeclined" + name] = new("card", lastFour, (code, decline));
            methods["pm_card_visa_chargeDeclined" + name] = new("card", lastFour, (code, decline));
        }

        return methods;
    }
}
