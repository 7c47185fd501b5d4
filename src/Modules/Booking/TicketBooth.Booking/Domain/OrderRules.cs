using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>What a buyer's own cancellation of a paid order is subject to.</summary>
/// <param name="Until">From this moment on it is refused.</param>
/// <param name="FeePercent">What is kept of the money, in percent.</param>
internal readonly record struct CancelTerms(DateTimeOffset Until, int FeePercent = 0);

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
        TimeSpan hold,
        string? language = null
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
        return new OrderChange(null, order, OrderEvents.Placed(order, language));
    }

    /// <summary>
    /// An order that is paid when it is placed: no hold, and no payment at a gateway. It costs nothing, or the counter took its money.
    /// </summary>
    /// <param name="placed">As <see cref="Place"/> decided it.</param>
    /// <param name="counter">The sale at the counter, with its entry; null for an order of a buyer.</param>
    public static OrderChange PayAtOnce(OrderChange placed, CounterSale? counter)
    {
        var paid = placed.After with
        {
            Status = OrderStatus.Paid,
            PaidAt = placed.After.PlacedAt,
            ExpiresAt = placed.After.PlacedAt,
            Counter = counter,
        };
        return new OrderChange(null, paid, OrderEvents.StatusChanged(paid, paid.PlacedAt));
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
    /// <param name="terms">For a buyer; nobody else is bound by them.</param>
    /// <param name="reason">Of the refund, see <see cref="RefundDue"/>.</param>
    public static Result<OrderChange> Cancel(Order order, Guid? buyerId, CancelTerms terms, string reason, DateTimeOffset now)
    {
        if (buyerId is { } buyer && order.BuyerId != buyer)
        {
            return BookingErrors.NotFound;
        }

        return order.Status switch
        {
            OrderStatus.Expired => BookingErrors.Expired,
            OrderStatus.Canceled or OrderStatus.Refunded => OrderChange.Nothing(order),
            OrderStatus.Paid when buyerId is not null && now >= terms.Until => BookingErrors.RefundClosed,
            OrderStatus.Paid => RefundRules.End(order, buyerId is null ? 0 : terms.FeePercent, reason, now),

            // A payment under way may still be captured; its confirmation then meets a canceled order and is refunded.
            _ => End(order, OrderStatus.Canceled, now),
        };
    }

    /// <summary>The order no longer holds its tickets.</summary>
    private static OrderChange End(Order order, OrderStatus status, DateTimeOffset now)
    {
        var ended = order with { Status = status, EndedAt = now, Revision = order.Revision + 1, Version = order.Version + 1 };
        return new OrderChange(order, ended, OrderEvents.StatusChanged(ended, now, order.PaymentIsUnderWay ? order.PaymentId : null));
    }
}
