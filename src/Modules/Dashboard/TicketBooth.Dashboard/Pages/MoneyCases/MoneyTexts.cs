using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Pages.MoneyCases;

/// <summary>Money in words: keys of <see cref="Shell.Words"/>.</summary>
internal static class MoneyTexts
{
    public static string TitleOf(MoneyCaseKind kind) =>
        kind switch
        {
            MoneyCaseKind.OtherAmount => "Another amount was captured",
            MoneyCaseKind.PaidTwice => "Paid twice",
            MoneyCaseKind.Unmatched => "Money without a payment",
            MoneyCaseKind.RefundFailed => "A refund failed",
            MoneyCaseKind.Dispute => "Disputed by the buyer's bank",
            MoneyCaseKind.ReturnedFromConsole => "Returned outside of the ticket office",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This value has no text."),
        };

    /// <summary>What happened, and what to do about it.</summary>
    public static string StoryOf(MoneyCase shown) =>
        shown switch
        {
            { Kind: MoneyCaseKind.Dispute, Dispute: PaymentDisputeState.Won } =>
                "The buyer's bank wanted this money back, and decided for the house. The money stays.",
            { Kind: MoneyCaseKind.Dispute, Dispute: PaymentDisputeState.Lost } =>
                "The buyer's bank took this money back. Decide about the tickets on the order's page, then take note of it.",
            { Kind: MoneyCaseKind.RefundFailed, Choices: [MoneyCaseChoice.Note] } =>
                "This refund failed, and nobody here owes its money: it went back in another way, or was asked for in the gateway's own "
                    + "console. Take note of it.",
            _ => StoryOf(shown.Kind),
        };

    private static string StoryOf(MoneyCaseKind kind) =>
        kind switch
        {
            MoneyCaseKind.OtherAmount =>
                "The gateway captured another amount or currency than the order asked for. It goes back to the buyer by itself.",
            MoneyCaseKind.PaidTwice => "The gateway captured the amount a second time. The second goes back to the buyer by itself.",
            MoneyCaseKind.Unmatched =>
                "The gateway captured money that no payment expects. Find out whose it is; then keep it, give it back or take note of it.",
            MoneyCaseKind.RefundFailed =>
                "The gateway refuses to give this money back, or it had gone back and was returned. The buyer still has it to get: "
                    + "try again, or pay the buyer in another way and write down its reference.",
            MoneyCaseKind.Dispute =>
                "The buyer's bank wants this money back. Answer the bank in the gateway's own console, then take note of it here.",
            MoneyCaseKind.ReturnedFromConsole =>
                "Money went back that nobody here asked for: from the gateway's own console, or by the buyer's bank. "
                    + "Decide about the tickets on the order's page, then take note of it.",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This value has no text."),
        };

    public static string TextOf(PaymentMoneyKind kind) =>
        kind switch
        {
            PaymentMoneyKind.Captured => "Captured",
            PaymentMoneyKind.CapturedBeside => "Captured, pays nothing",
            PaymentMoneyKind.RefundUnderWay => "Refund under way",
            PaymentMoneyKind.Refunded => "Refunded",
            PaymentMoneyKind.RefundRefused => "Refund failed",
            PaymentMoneyKind.PaidBackByHand => "Paid back by hand",
            PaymentMoneyKind.ReturnedFromConsole => "Returned outside of the ticket office",
            PaymentMoneyKind.DisputeOpened => "Disputed",
            PaymentMoneyKind.DisputeWon => "Dispute won",
            PaymentMoneyKind.DisputeLost => "Dispute lost",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This value has no text."),
        };

    /// <summary>The CSS class of the tag that shows it.</summary>
    public static string TagOf(PaymentMoneyKind kind) =>
        kind switch
        {
            PaymentMoneyKind.Captured or PaymentMoneyKind.DisputeWon => "good",
            PaymentMoneyKind.RefundUnderWay or PaymentMoneyKind.CapturedBeside or PaymentMoneyKind.DisputeOpened => "warn",
            _ => "bad",
        };

    public static string TextOf(PaymentDisputeState state) =>
        state switch
        {
            PaymentDisputeState.Opened => "Disputed",
            PaymentDisputeState.Won => "Dispute won",
            PaymentDisputeState.Lost => "Dispute lost",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "This value has no text."),
        };

    public static string TextOf(MoneyMovement movement) => movement == MoneyMovement.Capture ? "Captured" : "Refunded";

    public static string TextOf(ReconciliationDifferenceKind kind) =>
        kind switch
        {
            ReconciliationDifferenceKind.TheirsOnly => "Only the gateway has it",
            ReconciliationDifferenceKind.OursOnly => "Only we have it",
            ReconciliationDifferenceKind.OtherAmount => "Other amount or currency",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This value has no text."),
        };

    /// <summary>Null when there is nothing more to say.</summary>
    public static string? TextOf(ReconciliationNote note) =>
        note switch
        {
            ReconciliationNote.None => null,
            ReconciliationNote.Recorded => "It is on record now.",
            ReconciliationNote.NotRecorded => "The gateway does not say what it belongs to.",
            ReconciliationNote.RefusedHere => "Here it is a refund that failed.",
            ReconciliationNote.PaidBackByHand => "It was paid back by hand too.",
            _ => throw new ArgumentOutOfRangeException(nameof(note), note, "This value has no text."),
        };
}
