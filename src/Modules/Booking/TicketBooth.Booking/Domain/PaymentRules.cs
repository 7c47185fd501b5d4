using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>How the steps of a payment change its order. Pure, as <see cref="OrderRules"/> are.</summary>
internal static class PaymentRules
{
    private const string EventEnded = "event-ended";

    /// <summary>
    /// Marks a payment as under way and extends the hold by the time that the gateway needs. One payment at a time; however many are
    /// declined, together they keep the tickets no longer than one that began when the hold was nearly over.
    /// </summary>
    public static Result<OrderChange> Begin(
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
            return BookingErrors.NotFound;
        }

        if (order.Status == OrderStatus.OnPayment && order.PaymentId == paymentId)
        {
            return OrderChange.Nothing(order);
        }

        return order.Status switch
        {
            OrderStatus.Paid => BookingErrors.AlreadyPaid,
            OrderStatus.Canceled or OrderStatus.Refunded => BookingErrors.Canceled,
            OrderStatus.Expired => BookingErrors.Expired,
            _ when order.PaymentIsUnderWay => BookingErrors.PaymentInProgress,
            _ when order.HoldIsOver(now) => BookingErrors.Expired,
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
    /// Money was captured (promise I5): it pays the order, or it is refunded. An order whose hold has expired claims its tickets again
    /// and is paid if they are still free.
    /// </summary>
    /// <param name="eventIsCanceled">Then nothing can be bought any more.</param>
    /// <param name="eventHasEnded">Then money that comes after the hold is of no use to its buyer: nobody can go to the show.</param>
    public static OrderChange Confirm(Order order, Guid paymentId, bool eventIsCanceled, bool eventHasEnded, DateTimeOffset now)
    {
        var moneyIsKnown = order.PaymentStatus is OrderPaymentStatus.Paid or OrderPaymentStatus.Refunded;
        return order.Status switch
        {
            _ when order.PaymentId == paymentId && moneyIsKnown => OrderChange.Nothing(order),
            _ when order.RefundedPayments.Contains(paymentId) => OrderChange.Nothing(order),
            OrderStatus.Paid or OrderStatus.Refunded => Refund(order, paymentId, "paid-twice", now),
            OrderStatus.Canceled => Refund(order, paymentId, "order-canceled", now),
            OrderStatus.Expired when eventIsCanceled => Refund(order, paymentId, "event-canceled", now),
            OrderStatus.OnPayment when eventIsCanceled => EndAndRefund(order, OrderStatus.Canceled, paymentId, "event-canceled", now),
            OrderStatus.Expired when eventHasEnded => Refund(order, paymentId, EventEnded, now),
            OrderStatus.OnPayment when eventHasEnded && order.HoldIsOver(now) => EndAndRefund(
                order,
                OrderStatus.Expired,
                paymentId,
                EventEnded,
                now
            ),
            OrderStatus.Expired => Pay(order, paymentId, now) with
            {
                IfTaken = Refund(order, paymentId, "tickets-gone", now),
                IfOverLimit = Refund(order, paymentId, "ticket-limit", now),
            },
            _ => Pay(order, paymentId, now),
        };
    }

    /// <summary>The gateway declined the payment: the hold stays for another attempt.</summary>
    public static OrderChange Decline(Order order, Guid paymentId) =>
        order.PaymentId == paymentId && order.PaymentStatus == OrderPaymentStatus.AwaitingConfirmation
            ? new OrderChange(order, order with { PaymentStatus = OrderPaymentStatus.Declined, Version = order.Version + 1 })
            : OrderChange.Nothing(order);

    /// <summary>
    /// All of the payment's money is back with the buyer; see <see cref="GatewayRefundRules.RecordAll"/> for the payment that paid the
    /// order.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="paymentId">The payment.</param>
    /// <param name="releasesTickets">Whether tickets become free when the gateway gave the money back without our asking.</param>
    /// <param name="now">When it is decided.</param>
    public static OrderChange RecordRefund(Order order, Guid paymentId, bool releasesTickets, DateTimeOffset now) =>
        order.RefundedPayments.Contains(paymentId) ? OrderChange.Nothing(order)
        : order.PaymentId == paymentId ? GatewayRefundRules.RecordAll(order, paymentId, releasesTickets, now)
        : new OrderChange(order, order with { RefundedPayments = [.. order.RefundedPayments, paymentId], Version = order.Version + 1 });

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
        return new OrderChange(order, paid, OrderEvents.StatusChanged(paid, now));
    }

    /// <summary>
    /// The order keeps its status and the money is refunded. An order that another payment paid keeps that payment on record.
    /// </summary>
    private static OrderChange Refund(Order order, Guid paymentId, string reason, DateTimeOffset now)
    {
        var refund = new RefundDue(paymentId, order.Id, reason, now);
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

    /// <summary>The event is canceled and this order of it not yet: the money was faster.</summary>
    private static OrderChange EndAndRefund(Order order, OrderStatus status, Guid paymentId, string reason, DateTimeOffset now)
    {
        var ended = order with
        {
            Status = status,
            EndedAt = now,
            PaymentId = paymentId,
            PaymentStatus = OrderPaymentStatus.Paid,
            Revision = order.Revision + 1,
            Version = order.Version + 1,
        };
        var refund = new RefundDue(paymentId, order.Id, reason, now);
        return new OrderChange(order, ended, OrderEvents.StatusChanged(ended, now), refund);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
