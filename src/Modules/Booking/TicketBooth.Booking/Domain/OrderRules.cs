using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>
/// How an order is placed, expires and is canceled; <see cref="PaymentRules"/> has the rest. Pure: values in, a decision out. Whether the
/// tickets are free is the store's decision.
/// </summary>
internal static class OrderRules
{
    public static OrderChange Place(
        Guid id,
        Guid eventId,
        Guid buyerId,
        IReadOnlyList<OrderedTicket> tickets,
        string currency,
        DateTimeOffset now,
        TimeSpan hold
    )
    {
        var order = new Order
        {
            Id = id,
            EventId = eventId,
            BuyerId = buyerId,
            Status = OrderStatus.OnPayment,
            Tickets = tickets,
            Total = tickets.Sum(ticket => ticket.Price),
            Currency = currency,
            PlacedAt = now,
            ExpiresAt = now + hold,
            Revision = 1,
            Version = 1,
        };
        return new OrderChange(null, order, OrderEvents.Placed(order));
    }

    /// <summary>
    /// The hold has run out. Changes nothing when it has not, or when a payment is under way whose outcome the gateway has not yet been
    /// queried about.
    /// </summary>
    /// <param name="settledPaymentId">The payment that, according to the gateway, is not captured.</param>
    public static OrderChange Expire(Order order, Guid? settledPaymentId, DateTimeOffset now) =>
        !order.HoldIsOver(now) || (order.PaymentIsUnderWay && order.PaymentId != settledPaymentId)
            ? OrderChange.Nothing(order)
            : End(order, OrderStatus.Expired, now);

    /// <summary>An order on payment is canceled, a paid one refunded. See the request <see cref="CancelOrder"/>.</summary>
    /// <param name="buyerId">Whose order it must be; null for staff and for a canceled event.</param>
    /// <param name="saleClosesAt">Until when a buyer may cancel a paid order.</param>
    /// <param name="reason">Of the refund, see <see cref="RefundDue"/>.</param>
    public static Result<OrderChange> Cancel(Order order, Guid? buyerId, DateTimeOffset saleClosesAt, string reason, DateTimeOffset now)
    {
        if (buyerId is { } buyer && order.BuyerId != buyer)
        {
            return BookingErrors.NotFound;
        }

        return order.Status switch
        {
            OrderStatus.Expired => BookingErrors.Expired,
            OrderStatus.Canceled or OrderStatus.Refunded => OrderChange.Nothing(order),
            OrderStatus.Paid when buyerId is not null && now >= saleClosesAt => BookingErrors.RefundClosed,
            OrderStatus.Paid => End(order, OrderStatus.Refunded, now, new RefundDue(order.PaymentId!.Value, order.Id, reason, now)),

            // A payment under way may still be captured; its confirmation then meets a canceled order and is refunded.
            _ => End(order, OrderStatus.Canceled, now),
        };
    }

    /// <summary>The order no longer holds its tickets.</summary>
    private static OrderChange End(Order order, OrderStatus status, DateTimeOffset now, RefundDue? refund = null)
    {
        var ended = order with { Status = status, EndedAt = now, Revision = order.Revision + 1, Version = order.Version + 1 };
        var changed = OrderEvents.StatusChanged(ended, now);
        return refund is null ? new OrderChange(order, ended, changed) : new OrderChange(order, ended, changed, refund);
    }
}
