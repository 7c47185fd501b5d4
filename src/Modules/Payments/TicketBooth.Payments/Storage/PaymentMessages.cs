using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage;

/// <summary>Announcements as outbox entries, keyed by the order so that one order's messages keep their order.</summary>
internal static class PaymentMessages
{
    /// <summary>The message about a payment that has just changed; null when there is nothing to say.</summary>
    public static OutboxEntry? EntryOf(Payment payment, Announcement announcement) =>
        Announcements.EventOf(payment, announcement) is { } message
            ? MessageCodec.Encode(message, payment.OrderId, payment.ChangedAt)
            : null;
}
