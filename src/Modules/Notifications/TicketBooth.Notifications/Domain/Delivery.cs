namespace TicketBooth.Notifications.Domain;

/// <summary>What to do with a mail whose time has come.</summary>
internal enum Delivery
{
    Send,

    /// <summary>What it would tell does not hold any more, or another mail tells it.</summary>
    Skip,

    /// <summary>What it is to tell is not known yet.</summary>
    Wait,
}

/// <summary>What is known of an order and its event when a mail about it is due.</summary>
/// <param name="State">Of the order.</param>
/// <param name="IsPaying">An attempt to pay has no outcome yet.</param>
/// <param name="AwaitsPixCode">That attempt is by Pix, and its code is not known yet.</param>
/// <param name="AwaitsTickets">Its tickets as documents are not made yet.</param>
/// <param name="ExpiresAt">When the hold ends.</param>
/// <param name="EndedAt">When the order ended.</param>
/// <param name="IsEventCanceled">As the event says itself.</param>
/// <param name="CanceledAt">When, as far as this module has been told.</param>
internal readonly record struct OrderSituation(
    OrderState State,
    bool IsPaying,
    bool AwaitsPixCode,
    bool AwaitsTickets,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    bool IsEventCanceled,
    DateTimeOffset? CanceledAt
);

/// <summary>Whether a mail about an order still says what holds. Pure.</summary>
internal static class DeliveryRules
{
    private static readonly TimeSpan LongestWaitForPix = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWaitForTickets = TimeSpan.FromMinutes(2);

    public static Delivery Decide(string kind, OrderSituation order, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var isHeld = order.State == OrderState.OnPayment && order.ExpiresAt > now && !order.IsEventCanceled;
        return kind switch
        {
            MailKinds.OrderPlaced when !isHeld => Delivery.Skip,
            MailKinds.OrderPlaced when order.AwaitsPixCode && now - createdAt < LongestWaitForPix => Delivery.Wait,
            MailKinds.PaymentDeclined or MailKinds.HoldEnding when !isHeld || order.IsPaying => Delivery.Skip,

            MailKinds.OrderPaid when order.State != OrderState.Paid => Delivery.Skip,
            MailKinds.OrderPaid when order.AwaitsTickets && now - createdAt < LongestWaitForTickets => Delivery.Wait,

            // The mail about the canceled event says that the money goes back.
            MailKinds.OrderCanceled or MailKinds.OrderRefunded when order.IsEventCanceled => order.CanceledAt is not { } canceledAt
                ? Delivery.Wait
            : order.EndedAt >= canceledAt ? Delivery.Skip
            : Delivery.Send,
            _ => Delivery.Send,
        };
    }
}
