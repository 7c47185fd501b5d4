using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Domain;

/// <summary>Announcements as integration events.</summary>
internal static class Announcements
{
    /// <summary>What the other modules learn of a payment that has just changed; null when there is nothing to say.</summary>
    public static IIntegrationEvent? EventOf(Payment payment, Announcement announcement)
    {
        var at = payment.ChangedAt;
        return announcement switch
        {
            Announcement.None => null,
            Announcement.Confirmed => new PaymentConfirmed(payment.Id, payment.OrderId, payment.Amount, payment.Currency, at),
            Announcement.Declined => new PaymentDeclined(payment.Id, payment.OrderId, payment.DeclineReason!, at),
            Announcement.Refunded => new PaymentRefunded(payment.Id, payment.OrderId, payment.Amount, payment.Currency, at),
            _ => throw new ArgumentOutOfRangeException(nameof(announcement), announcement, "Not an announcement."),
        };
    }
}
