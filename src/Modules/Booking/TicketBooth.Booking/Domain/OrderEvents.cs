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
        new(order.Id, order.Revision, order.EventId, order.BuyerId, order.Tickets, order.Total, order.Currency, order.PaymentId, now)
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
            order.PaymentId,
            now
        );

    /// <summary>Refunds of the order failed, or are no failures any more.</summary>
    public static OrderRefundsChanged RefundsChanged(Order order, IEnumerable<OrderRefund> changed, DateTimeOffset now) =>
        new(
            order.Id,
            order.Revision,
            order.EventId,
            order.BuyerId,
            order.Tickets,
            [
                .. changed.Select(refund => new ChangedRefund(
                    refund.Id,
                    refund.Revision,
                    refund.Amount,
                    refund.Released ? refund.ToFacts().Tickets : [],
                    refund.At,
                    refund.FailedAt
                )
                {
                    ByGateway = refund.ByGateway,
                }),
            ],
            order.Currency,
            now
        );

    /// <summary>A dispute of the order was opened or decided.</summary>
    public static OrderDisputed Disputed(Order order, OrderDispute dispute, DateTimeOffset now) =>
        new(
            order.Id,
            order.Revision,
            order.EventId,
            order.BuyerId,
            order.MarkedTickets,
            order.Status,
            dispute.Id,
            dispute.PaymentId,
            dispute.State,
            dispute.Amount,
            order.Currency,
            dispute.At,
            now
        );

    /// <summary>The order has another status now; <see cref="Refunded"/> for one that is refunded.</summary>
    /// <param name="order">As it is now.</param>
    /// <param name="now">When it got the status.</param>
    /// <param name="openPayment">The payment that was under way when the order ended without being paid.</param>
    public static IOrderMessage StatusChanged(Order order, DateTimeOffset now, Guid? openPayment = null) =>
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
                order.PaymentId,
                now
            )
            {
                Channel = order.Counter is null ? SalesChannel.Online : SalesChannel.Counter,
                IsComplimentary = order.Counter is { IsComplimentary: true },
            },
            OrderStatus.Expired => new OrderExpired(order.Id, order.Revision, order.EventId, order.BuyerId, order.Tickets, now)
            {
                PaymentId = openPayment,
            },
            OrderStatus.Canceled => new OrderCanceled(order.Id, order.Revision, order.EventId, order.BuyerId, order.Tickets, now)
            {
                PaymentId = openPayment,
            },
            _ => throw new ArgumentOutOfRangeException(nameof(order), order.Status, "No change leads to this status."),
        };
}
