using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Figures;

/// <summary>Why staff should look at a payment.</summary>
internal enum PaymentNeed
{
    /// <summary>The gateway has not answered for longer than the settings allow.</summary>
    StuckPayment,

    /// <summary>Its captured money must be refunded and is not yet.</summary>
    RefundDue,

    /// <summary>The buyer's bank disputes money of its order and has not decided.</summary>
    Disputed,
}

/// <summary>Queries for payments and orders that need attention. Each uses an index.</summary>
internal static class PaymentNeeds
{
    public static IQueryable<PaymentRow> InNeedOf(
        this IQueryable<PaymentRow> payments,
        PaymentNeed need,
        DateTimeOffset now,
        DashboardOptions options
    )
    {
        var since = now.AddMinutes(-options.StuckPaymentMinutes);
        return need == PaymentNeed.StuckPayment
            ? payments.Where(payment => payment.AwaitingSince < since)
            : payments.Where(payment => payment.OwedSince != null);
    }

    public static IQueryable<OrderRow> Disputed(this IQueryable<OrderRow> orders) => orders.Where(order => order.DisputedSince != null);
}
