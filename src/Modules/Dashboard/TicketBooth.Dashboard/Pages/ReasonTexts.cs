namespace TicketBooth.Dashboard.Pages;

/// <summary>Why money moved or did not, in words. Modules and gateways say it by codes, staff in their own words.</summary>
internal static class ReasonTexts
{
    /// <summary>Keys of <see cref="Shell.Words"/>, by the codes of Booking, Payments and the gateways.</summary>
    public static readonly IReadOnlyDictionary<string, string> OfCodes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["order-canceled"] = "The order was canceled",
        ["event-canceled"] = "The event was canceled",
        ["event-ended"] = "The show was over",
        ["tickets-gone"] = "The tickets were sold to somebody else meanwhile",
        ["ticket-limit"] = "The buyer had reached the limit of tickets",
        ["paid-twice"] = "Paid twice",
        ["other-amount"] = "Another amount was captured",
        ["refunded-by-staff"] = "Given back by staff",
        ["refunded-at-gateway"] = "Given back outside of the ticket office",
        ["not-asked"] = "Nobody here asked for it",
        ["not-captured"] = "The gateway had no money to give back",
        ["refund-not-possible"] = "The gateway cannot give it back",
        ["more-than-left"] = "More than what is left of the money",
        ["abandoned"] = "The buyer did not finish",
        ["amount-not-payable"] = "The gateway does not take this amount",
        ["authentication-failed"] = "The bank could not make sure that it was the buyer",
        ["canceled"] = "Canceled",
        ["card-data-wrong"] = "Data of the card was wrong",
        ["card-declined"] = "The bank declined the card",
        ["card-expired"] = "The card has expired",
        ["card-limit"] = "The card's limit is reached",
        ["card-not-supported"] = "The card cannot be used for this payment",
        ["card-try-again"] = "The bank asks to try again",
        ["declined"] = "Declined",
        ["gateway-unavailable"] = "The gateway could not be reached",
        ["insufficient-funds"] = "Not enough money",
        ["insufficient_funds"] = "Not enough money",
        ["method-unavailable"] = "This way to pay was not available",
        ["no-answer"] = "The gateway gave no answer",
        ["pix-needs-brl"] = "Pix takes reais only",
        ["superseded"] = "Another attempt took its place",
        ["unknown-token"] = "The gateway does not know this card",
        ["med-fraud"] = "Special return of Pix: fraud",
        ["med-bank-error"] = "Special return of Pix: error of a bank",
        ["fraudulent"] = "The cardholder says that it was not them",
        ["product_not_received"] = "The cardholder says that nothing came",
        ["duplicate"] = "The cardholder says that it was paid twice",
        ["credit_not_processed"] = "The cardholder waits for a refund",
        ["lost_or_stolen_card"] = "The card is lost or stolen",
        ["expired_or_canceled_card"] = "The card has expired or was canceled",
    };

    /// <summary>A key of <see cref="Shell.Words"/>; what staff wrote, and a code that nobody knows yet, stays as it is.</summary>
    public static string Of(string? reason) => reason is null ? "" : OfCodes.GetValueOrDefault(reason, reason);
}
