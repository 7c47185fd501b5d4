namespace TicketBooth.Notifications.Domain;

/// <summary>Where an order is, as far as mails tell. Stored as a number.</summary>
internal enum OrderState
{
    /// <summary>Something about its payment came before the order itself.</summary>
    Unknown,
    OnPayment,
    Paid,
    Expired,
    Canceled,
    Refunded,
}
