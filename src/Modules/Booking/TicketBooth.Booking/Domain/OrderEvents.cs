using TicketBooth.Booking.Contracts;

namespace TicketBooth.Booking.Domain;

/// <summary>The integration events about an order.</summary>
internal static class OrderEvents
{
    /// <param name="order">The new order.</param>
    /// <param name="language">Of mails about it; null when the buyer's client asked for none.</param>
    public static OrderPlaced Placed(Order order, string? language) =>
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
        )
        {
            Language = language,
        };

    /// <summary>The order holds no ticket any more; <paramref name="amount"/> goes back by this.</summary>
    public static OrderRefunded Refunded(Order order, IReadOnlyList<OrderedTicket> released, long amount, DateTimeOffset now) =>
        new(order.Id, order.Revision, order.EventId, order.BuyerId, order.Tickets, order.Total, order.Currency, order.PaymentId!.Value, now)
        {
            Amount = amount,
            Released = released.Count == order.Tickets.Count ? null : [.. released.Select(ticket => ticket.Number)],
        };

    /// <summary><paramref name="amount"/> goes back, or tickets are free again, and the order keeps its status.</summary>
    public static OrderPartlyRefunded PartlyRefunded(Order order, IReadOnlyList<OrderedTicket> released, long amount, DateTimeOffset now) =>
        new(
            order.Id,
            order.Revision,
            order.EventId,
            order.BuyerId,
            order.Tickets,
            released,
            amount,
            order.Returned,
            order.Currency,
            order.PaymentId!.Value,
            now
        );

    /// <summary>The order has another status now; <see cref="Refunded"/> for one that is refunded.</summary>
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
            _ => throw new ArgumentOutOfRangeException(nameof(order), order.Status, "No change leads to this status."),
        };
}
