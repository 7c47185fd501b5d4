using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>
/// What the gateway's word about refunds does to an order: of those that <see cref="RefundRules"/> asked for, and of those that were made
/// at its own console. Pure, as all rules are.
/// </summary>
internal static class GatewayRefundRules
{
    private const string AtTheGateway = "refunded-at-gateway";

    /// <summary>
    /// A part of the payment's money is back with the buyer. One that we did not ask for was given back at the gateway: the order stays
    /// paid, and is worth less.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="paymentId">The payment.</param>
    /// <param name="askedAs">The id under which we asked for it; null when we did not.</param>
    /// <param name="gatewaysId">The gateway's id of it.</param>
    /// <param name="amount">How much.</param>
    /// <param name="now">When it is decided.</param>
    public static OrderChange RecordPart(Order order, Guid paymentId, Guid? askedAs, string gatewaysId, long amount, DateTimeOffset now)
    {
        if (order.PaymentId != paymentId)
        {
            return OrderChange.Nothing(order);
        }

        if (askedAs is { } asked)
        {
            return Settle(order, refund => refund.Id == asked || (refund.IsWhole && asked == paymentId));
        }

        var id = NamedId.Of($"{paymentId:N}/{gatewaysId}");
        return order.RefundedPayments.Contains(paymentId) || order.Refunds.Any(known => known.Id == id)
            ? OrderChange.Nothing(order)
            : Book(order, id, Math.Min(amount, order.Total - order.Returned), now);
    }

    /// <summary>
    /// All that paid the order is back with the buyer. If we asked for it all, it is settled. What we did not ask for was given back at the
    /// gateway: whether the tickets become free then is a setting.
    /// </summary>
    public static OrderChange RecordAll(Order order, Guid paymentId, bool releasesTickets, DateTimeOffset now)
    {
        var settled = Settle(order, _ => true).After with
        {
            PaymentStatus = OrderPaymentStatus.Refunded,
            RefundedPayments = [.. order.RefundedPayments, paymentId],
            Version = order.Version + 1,
        };
        if (order.Status is not (OrderStatus.Paid or OrderStatus.Refunded))
        {
            return new OrderChange(order, settled);
        }

        var left = order.Total - order.Returned;
        var frees = releasesTickets && order.HoldsTickets && (left > 0 || order.Refunds.Any(refund => refund.ByGateway));
        if (!frees)
        {
            var booked = Book(settled, FreshId.At(now), left, now);
            return new OrderChange(order, booked.After with { Version = settled.Version }, booked.Events);
        }

        var refund = Booked(FreshId.At(now), left, now) with { TicketIds = [.. order.Held.Select(ticket => ticket.Id)], Released = true };
        var (after, told) = RefundRules.With(settled, refund, now);
        return new OrderChange(order, after with { Version = settled.Version }, told);
    }

    /// <summary>The gateway refuses to give money back that we asked for: a person must.</summary>
    public static OrderChange RecordFailure(Order order, Guid paymentId, Guid refundId, string reason) =>
        Change(order, refund =>
            refund.Status == OrderRefundStatus.Asked && (refund.Id == refundId || (refund.IsWhole && refundId == paymentId))
                ? refund with
                {
                    Status = OrderRefundStatus.Failed,
                    Failure = reason,
                }
                : refund
        );

    /// <summary>Notes money that went back without our asking.</summary>
    private static OrderChange Book(Order order, Guid id, long amount, DateTimeOffset now)
    {
        if (amount <= 0 || order.Status is not (OrderStatus.Paid or OrderStatus.Refunded))
        {
            return OrderChange.Nothing(order);
        }

        var (after, told) = RefundRules.With(order, Booked(id, amount, now), now);
        return new OrderChange(order, after, told);
    }

    private static OrderRefund Booked(Guid id, long amount, DateTimeOffset now) =>
        new(id, Revision: 0, amount, [], Released: false, AtTheGateway, now, OrderRefundStatus.Settled) { ByGateway = true };

    private static OrderChange Settle(Order order, Func<OrderRefund, bool> which) =>
        Change(order, refund => which(refund) ? refund with { Status = OrderRefundStatus.Settled, Failure = null } : refund);

    private static OrderChange Change(Order order, Func<OrderRefund, OrderRefund> change)
    {
        OrderRefund[] changed = [.. order.Refunds.Select(change)];
        return changed.Zip(order.Refunds).All(pair => pair.First == pair.Second)
            ? OrderChange.Nothing(order)
            : new OrderChange(order, order with { Refunds = changed, Version = order.Version + 1 });
    }
}
