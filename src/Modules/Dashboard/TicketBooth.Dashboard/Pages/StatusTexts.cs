using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Maintenance;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Pages;

/// <summary>Statuses and kinds as pages show them.</summary>
internal static class StatusTexts
{
    public static string TextOf(CounterMethod method) =>
        method switch
        {
            CounterMethod.Cash => "Cash",
            CounterMethod.CardTerminal => "Card",
            _ => "Complimentary",
        };

    public static string TextOf(ShiftEntryKind kind) =>
        kind switch
        {
            ShiftEntryKind.Sale => "Sale",
            ShiftEntryKind.Void => "Void",
            ShiftEntryKind.Refund => "Paid back",
            ShiftEntryKind.PayIn => "Pay-in",
            _ => "Cash drop",
        };

    /// <summary>In words: a key of <see cref="Words"/>.</summary>
    public static string TextOf(Enum status) =>
        status switch
        {
            OrderStatus.OnPayment => "Awaiting payment",
            OrderStatus.Paid or PaymentStatus.Paid => "Paid",
            OrderStatus.Expired => "Expired",
            OrderStatus.Canceled => "Canceled",
            OrderStatus.Refunded or PaymentStatus.Refunded => "Refunded",
            PaymentStatus.AwaitingConfirmation => "Awaiting confirmation",
            PaymentStatus.Declined => "Declined",
            PaymentStatus.RefundFailed => "Refund failed",
            PaymentMethod.Card => "Card",
            PaymentMethod.Pix => "Pix",
            RunKind.Rebuild => "Rebuild",
            RunKind.Reconciliation => "Comparison with the ledger",
            RunKind.SelfAudit => "Check of the promises",
            ListRuns.RunState.Running => "Under way",
            ListRuns.RunState.Ended => "Ended",
            ListRuns.RunState.Lost => "Interrupted",
            PaymentNeed.StuckPayment => "Payment without an answer",
            PaymentNeed.RefundDue => "Refund due",
            PaymentNeed.Disputed => "Disputed",
            OrderDisputeState.Opened => "Disputed",
            OrderDisputeState.Won => "Dispute won",
            OrderDisputeState.Lost => "Dispute lost",
            GetOrderStory.StepKind.Placed => "Order placed",
            GetOrderStory.StepKind.PaymentStarted => "Payment started",
            GetOrderStory.StepKind.PaymentDeclined => "Payment declined",
            GetOrderStory.StepKind.PaymentConfirmed => "Payment captured",
            GetOrderStory.StepKind.PaymentRefunded => "Money refunded",
            GetOrderStory.StepKind.Paid => "Order paid",
            GetOrderStory.StepKind.Expired => "Hold expired",
            GetOrderStory.StepKind.Canceled => "Order canceled",
            GetOrderStory.StepKind.Refunded => "Order refunded",
            GetOrderStory.StepKind.PartlyRefunded => "Money or tickets given back",
            GetOrderStory.StepKind.RefundFailed => "A refund failed",
            GetOrderStory.StepKind.Disputed => "Disputed by the buyer's bank",
            OrderRefundStatus.Asked => "On its way",
            OrderRefundStatus.Settled => "Done",
            OrderRefundStatus.Failed => "Refused by the gateway",
            GetOrderStory.StepKind.StaffActed => "Staff action",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This value has no text."),
        };

    /// <summary>The CSS class of the tag that shows it.</summary>
    public static string TagOf<T>(T status)
        where T : struct, Enum =>
        StatusNames.Of(status) switch
        {
            "paid" or "published" or "ended" or "settled" or "won" => "good",
            "on_payment" or "awaiting_confirmation" or "draft" or "running" or "asked" or "opened" => "warn",
            "refunded" or "canceled" or "declined" or "lost" or "failed" or "refund_failed" => "bad",
            _ => "",
        };
}
