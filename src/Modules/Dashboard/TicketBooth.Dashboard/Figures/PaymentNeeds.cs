using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Figures;

/// <summary>Why somebody should look at a payment.</summary>
internal enum PaymentNeed
{
    /// <summary>The gateway has not answered for longer than the settings allow.</summary>
    StuckPayment,

    /// <summary>Its captured money must go back and has not.</summary>
    RefundDue,
}

/// <summary>Few payments need somebody, and each need has its index.</summary>
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
}
