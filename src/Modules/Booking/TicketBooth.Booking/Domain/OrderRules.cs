using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Booking.Domain;

/// <summary>Every change an order can go through. Pure: values in, a decision out; the store settles who gets the tickets.</summary>
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
        var placed = new OrderPlaced(order.Id, order.Revision, eventId, buyerId, tickets, order.Total, currency, order.ExpiresAt, now);
        return new OrderChange(null, order, MessageCodec.Encode(placed, order.Id, now));
    }

    /// <summary>
    /// Marks a payment as under way and gives the gateway its time. One payment at a time; however many are declined, together they keep the tickets
    /// no longer than one that began when the hold was nearly over.
    /// </summary>
    public static Result<OrderChange> BeginPayment(
        Order order,
        Guid buyerId,
        Guid paymentId,
        DateTimeOffset now,
        TimeSpan hold,
        TimeSpan paymentTime
    )
    {
        if (order.BuyerId != buyerId)
        {
            return OrderErrors.NotFound;
        }

        if (order.Status == OrderStatus.OnPayment && order.PaymentId == paymentId)
        {
            return OrderChange.Nothing(order);
        }

        return order.Status switch
        {
            OrderStatus.Paid => OrderErrors.AlreadyPaid,
            OrderStatus.Canceled or OrderStatus.Refunded => OrderErrors.Canceled,
            OrderStatus.Expired => OrderErrors.Expired,
            _ when order.PaymentIsUnderWay => OrderErrors.PaymentInProgress,
            _ when order.HoldIsOver(now) => OrderErrors.Expired,
            _ => new OrderChange(
                order,
                order with
                {
                    PaymentId = paymentId,
                    PaymentStatus = OrderPaymentStatus.AwaitingConfirmation,
                    ExpiresAt = Later(order.ExpiresAt, Earlier(now, order.PlacedAt + hold) + paymentTime),
                    Version = order.Version + 1,
                }
            ),
        };
    }

    /// <summary>
    /// Money was captured (promise I5): the order is paid with it, or it goes back. After the hold has expired the tickets are
    /// claimed again if they are still free.
    /// </summary>
    /// <param name="eventIsCanceled">Then nothing can be bought any more.</param>
    public static OrderChange Confirm(Order order, Guid paymentId, bool eventIsCanceled, DateTimeOffset now)
    {
        var isKnown = order.PaymentId == paymentId && order.PaymentStatus is OrderPaymentStatus.Paid or OrderPaymentStatus.Refunded;
        return order.Status switch
        {
            _ when order.PaymentId == paymentId && isKnown => OrderChange.Nothing(order),
            _ when order.RefundedPayments.Contains(paymentId) => OrderChange.Nothing(order),
            OrderStatus.Paid or OrderStatus.Refunded => GiveBack(order, paymentId, "paid-twice", now),
            OrderStatus.Canceled => GiveBack(order, paymentId, "order-canceled", now),
            OrderStatus.Expired when eventIsCanceled => GiveBack(order, paymentId, "event-canceled", now),
            OrderStatus.Expired => Pay(order, paymentId, now) with { IfTaken = GiveBack(order, paymentId, "tickets-gone", now) },
            _ => Pay(order, paymentId, now),
        };
    }

    /// <summary>The gateway refused: the hold stays for another attempt.</summary>
    public static OrderChange Decline(Order order, Guid paymentId) =>
        order.PaymentId == paymentId && order.PaymentStatus == OrderPaymentStatus.AwaitingConfirmation
            ? new OrderChange(order, order with { PaymentStatus = OrderPaymentStatus.Declined, Version = order.Version + 1 })
            : OrderChange.Nothing(order);

    /// <summary>The money is back with the buyer. A paid order that the gateway took back by itself gives its tickets back, too.</summary>
    public static OrderChange NoteRefund(Order order, Guid paymentId, DateTimeOffset now)
    {
        if (order.RefundedPayments.Contains(paymentId))
        {
            return OrderChange.Nothing(order);
        }

        var refunded = order with { RefundedPayments = [.. order.RefundedPayments, paymentId], Version = order.Version + 1 };
        if (order.PaymentId != paymentId)
        {
            return new OrderChange(order, refunded);
        }

        refunded = refunded with { PaymentStatus = OrderPaymentStatus.Refunded };
        if (order.Status != OrderStatus.Paid)
        {
            return new OrderChange(order, refunded);
        }

        refunded = refunded with { Status = OrderStatus.Refunded, EndedAt = now, Revision = order.Revision + 1 };
        return new OrderChange(order, refunded, Told(refunded, now));
    }

    /// <summary>The hold ran out. Changes nothing when it has not, or when a payment is under way that nobody asked the gateway about.</summary>
    /// <param name="settledPaymentId">The payment that the gateway was asked about and that is not captured.</param>
    public static OrderChange Expire(Order order, Guid? settledPaymentId, DateTimeOffset now)
    {
        if (!order.HoldIsOver(now) || (order.PaymentIsUnderWay && order.PaymentId != settledPaymentId))
        {
            return OrderChange.Nothing(order);
        }

        var expired = order with
        {
            Status = OrderStatus.Expired,
            EndedAt = now,
            Revision = order.Revision + 1,
            Version = order.Version + 1,
        };
        return new OrderChange(order, expired, Told(expired, now));
    }

    /// <summary>Gives the order back; see <see cref="CancelOrder"/>.</summary>
    /// <param name="buyerId">Whose order it must be; null when staff (or a canceled event) asks.</param>
    /// <param name="saleClosesAt">Until when a buyer may give a paid order back.</param>
    /// <param name="reason">Of the refund, see <see cref="RefundDue"/>.</param>
    public static Result<OrderChange> Cancel(Order order, Guid? buyerId, DateTimeOffset saleClosesAt, string reason, DateTimeOffset now)
    {
        if (buyerId is { } buyer && order.BuyerId != buyer)
        {
            return OrderErrors.NotFound;
        }

        switch (order.Status)
        {
            case OrderStatus.Expired:
                return OrderErrors.Expired;
            case OrderStatus.Canceled or OrderStatus.Refunded:
                return OrderChange.Nothing(order);
            case OrderStatus.Paid when buyerId is not null && now >= saleClosesAt:
                return OrderErrors.RefundClosed;
            case OrderStatus.Paid:
                var refunded = order with
                {
                    Status = OrderStatus.Refunded,
                    EndedAt = now,
                    Revision = order.Revision + 1,
                    Version = order.Version + 1,
                };
                return new OrderChange(order, refunded, Told(refunded, now), RefundOf(order, order.PaymentId!.Value, reason, now));
            default:
                // A payment under way may still be captured; its confirmation then finds a canceled order and goes back.
                var canceled = order with
                {
                    Status = OrderStatus.Canceled,
                    EndedAt = now,
                    Revision = order.Revision + 1,
                    Version = order.Version + 1,
                };
                return new OrderChange(order, canceled, Told(canceled, now));
        }
    }

    private static OrderChange Pay(Order order, Guid paymentId, DateTimeOffset now)
    {
        var paid = order with
        {
            Status = OrderStatus.Paid,
            PaidAt = now,
            EndedAt = null,
            PaymentId = paymentId,
            PaymentStatus = OrderPaymentStatus.Paid,
            Revision = order.Revision + 1,
            Version = order.Version + 1,
        };
        return new OrderChange(order, paid, Told(paid, now));
    }

    /// <summary>The order stays what it is, and the money goes back. An order that another payment paid keeps that one in its books.</summary>
    private static OrderChange GiveBack(Order order, Guid paymentId, string reason, DateTimeOffset now)
    {
        var refund = RefundOf(order, paymentId, reason, now);
        return order.Status is OrderStatus.Paid or OrderStatus.Refunded
            ? new OrderChange(order, order with { Version = order.Version + 1 }, refund)
            : new OrderChange(
                order,
                order with
                {
                    PaymentId = paymentId,
                    PaymentStatus = OrderPaymentStatus.Paid,
                    Version = order.Version + 1,
                },
                refund
            );
    }

    private static OutboxEntry RefundOf(Order order, Guid paymentId, string reason, DateTimeOffset now) =>
        MessageCodec.Encode(new RefundDue(paymentId, order.Id, reason, now), order.Id, now);

    private static OutboxEntry Told(Order order, DateTimeOffset now) =>
        order.Status switch
        {
            OrderStatus.Paid => MessageCodec.Encode(
                new OrderPaid(
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
                order.Id,
                now
            ),
            OrderStatus.Expired => MessageCodec.Encode(
                new OrderExpired(order.Id, order.Revision, order.EventId, order.BuyerId, order.Tickets, now),
                order.Id,
                now
            ),
            OrderStatus.Canceled => MessageCodec.Encode(
                new OrderCanceled(order.Id, order.Revision, order.EventId, order.BuyerId, order.Tickets, now),
                order.Id,
                now
            ),
            OrderStatus.Refunded => MessageCodec.Encode(
                new OrderRefunded(
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
                order.Id,
                now
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order.Status, "Nothing is told about this status."),
        };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
