using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Domain;

/// <summary>Announcements as integration events, keyed by the order so that one order's messages keep their order.</summary>
internal static class Announcements
{
    /// <summary>The message about a payment that has just changed; null when there is nothing to say.</summary>
    public static OutboxEntry? EntryOf(Payment payment, Announcement announcement)
    {
        var at = payment.ChangedAt;
        return announcement switch
        {
            Announcement.None => null,
            Announcement.Confirmed => MessageCodec.Encode(
                new PaymentConfirmed(payment.Id, payment.OrderId, payment.Amount, payment.Currency, at),
                payment.OrderId,
                at
            ),
            Announcement.Declined => MessageCodec.Encode(
                new PaymentDeclined(payment.Id, payment.OrderId, payment.DeclineReason!, at),
                payment.OrderId,
                at
            ),
            Announcement.Refunded => MessageCodec.Encode(
                new PaymentRefunded(payment.Id, payment.OrderId, payment.Amount, payment.Currency, at),
                payment.OrderId,
                at
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(announcement), announcement, "Not an announcement."),
        };
    }
}
