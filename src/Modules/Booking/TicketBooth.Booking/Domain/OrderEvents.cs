using TicketBooth.Booking.Contracts;

namespace TicketBooth.Booking.Domain;

/// <summary>The integration events about an order.</summary>
internal static class OrderEvents
{
    public static OrderPlaced Placed(Order order) =>
        new(
            order.Id,
            order.Revision,
            order.EventId,
            order.BuyerId,
            order.Tickets,
            order.Total,
            order.Currency,
            order.ExpiresAt,
            order.PlacedAt
        );

    /// <summary>The order has another status now.</summary>
    public static IOrderMessage StatusChanged(Order order, DateTimeOffset now) =>
        order.Status switch
        {
            OrderStatus.Paid => new OrderPaid(
                order.Id,
                order.Revision,
                order.EventId,
                order.BuyerId,
                order.Tickets,
                order.Total,
                order.Currency,
                order.PaymentId!.Value,
                now
            ),
            OrderStatus.Expired => new OrderExpired(order.Id, order.Revision, order.EventId, order.BuyerId, order.Tickets, now),
            OrderStatus.Canceled => new OrderCanceled(order.Id, order.Revision, order.EventId, order.BuyerId, order.Tickets, now),
            OrderStatus.Refunded => new OrderRefunded(
                order.Id,
                order.Revision,
                order.EventId,
                order.BuyerId,
                order.Tickets,
                order.Total,
                order.Currency,
                order.PaymentId!.Value,
                now
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order.Status, "No change leads to this status."),
        };
}
