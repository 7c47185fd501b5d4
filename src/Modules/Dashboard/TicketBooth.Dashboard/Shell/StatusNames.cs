using System.Text.Json;
using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Upkeep;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Shell;

/// <summary>Statuses as REST spells them (<c>on_payment</c>); also what marks them in a page.</summary>
internal static class StatusNames
{
    public static string Of<T>(T status)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    public static bool TryParse<T>(string? name, out T status)
        where T : struct, Enum
    {
        var found = Enum.GetValues<T>().Cast<T?>().FirstOrDefault(known => Of(known!.Value) == name);
        status = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary>A status, a method or a kind in words: a key of <see cref="Words"/>.</summary>
    public static string TextOf(Enum status) =>
        status switch
        {
            OrderStatus.OnPayment => "On payment",
            OrderStatus.Paid or PaymentStatus.Paid => "Paid",
            OrderStatus.Expired => "Expired",
            OrderStatus.Canceled => "Canceled",
            OrderStatus.Refunded or PaymentStatus.Refunded => "Refunded",
            PaymentStatus.AwaitingConfirmation => "Awaiting confirmation",
            PaymentStatus.Declined => "Declined",
            PaymentMethod.Card => "Card",
            PaymentMethod.Pix => "Pix",
            RunKind.Rebuild => "Rebuild",
            RunKind.Reconciliation => "Comparison with the ledger",
            ListRuns.RunState.Running => "Under way",
            ListRuns.RunState.Ended => "Ended",
            ListRuns.RunState.Lost => "Lost with its host",
            PaymentNeed.StuckPayment => "Payment without an answer",
            PaymentNeed.RefundDue => "Refund due",
            GetOrderStory.StepKind.Placed => "Order placed",
            GetOrderStory.StepKind.PaymentStarted => "Payment started",
            GetOrderStory.StepKind.PaymentDeclined => "Payment declined",
            GetOrderStory.StepKind.PaymentConfirmed => "Payment captured",
            GetOrderStory.StepKind.PaymentRefunded => "Money paid back",
            GetOrderStory.StepKind.Paid => "Order paid",
            GetOrderStory.StepKind.Expired => "Hold expired",
            GetOrderStory.StepKind.Canceled => "Order canceled",
            GetOrderStory.StepKind.Refunded => "Order refunded",
            GetOrderStory.StepKind.StaffActed => "Staff acted",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Nobody has said how this reads."),
        };

    /// <summary>The class of a status' tag.</summary>
    public static string TagOf<T>(T status)
        where T : struct, Enum =>
        Of(status) switch
        {
            "paid" or "published" or "ended" => "good",
            "on_payment" or "awaiting_confirmation" or "draft" or "running" => "warn",
            "refunded" or "canceled" or "declined" or "lost" => "bad",
            _ => "",
        };
}
