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
            return Settle(order, refund => refund.Id == asked || (refund.IsWhole && asked == paymentId), now);
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
        var back = Settle(order, _ => true, now);
        var settled = back.After with
        {
            PaymentStatus = OrderPaymentStatus.Refunded,
            RefundedPayments = [.. order.RefundedPayments, paymentId],
            Version = order.Version + 1,
        };
        if (order.Status is not (OrderStatus.Paid or OrderStatus.Refunded))
        {
            return new OrderChange(order, settled, back.Events);
        }

        var left = order.Total - order.Returned;
        var frees = releasesTickets && order.HoldsTickets && (left > 0 || order.Refunds.Any(refund => refund.ByGateway));
        if (!frees)
        {
            var booked = Book(settled, FreshId.At(now), left, now);
            return new OrderChange(order, booked.After with { Version = settled.Version }, [.. back.Events, .. booked.Events]);
        }

        var refund = Booked(FreshId.At(now), left, now) with { TicketIds = [.. order.Held.Select(ticket => ticket.Id)], Released = true };
        var (after, told) = RefundRules.With(settled, refund, now);
        return new OrderChange(order, after with { Version = settled.Version }, [.. back.Events, told]);
    }

    /// <summary>
    /// Money does not go back, or came back to us after the gateway had told that it went: a person must act. It may be all of the
    /// payment's money.
    /// </summary>
    public static OrderChange RecordFailure(Order order, FailedRefund told, DateTimeOffset now)
    {
        var failed = told.GatewaysId is null
            ? order.Refunds.FirstOrDefault(refund => IsAskedAs(refund, told.RefundId, told.PaymentId))
            : order.Refunds.FirstOrDefault(refund => refund.Id == NamedId.Of($"{told.PaymentId:N}/{told.GatewaysId}"))
                ?? order.Refunds.LastOrDefault(refund => refund.ByGateway && refund.Amount == told.Amount);
        var open = told.IsKept && order.PaymentId == told.PaymentId ? Reopen(order, told.PaymentId) : order;
        return Change(
            order,
            open,
            refund =>
                refund == failed && refund.Status != OrderRefundStatus.Failed
                    ? refund with
                    {
                        Status = OrderRefundStatus.Failed,
                        Failure = told.Reason,
                        FailedAt = now,
                    }
                    : refund,
            now
        );
    }

    /// <summary>Staff try a refused refund again: it is on its way once more.</summary>
    public static OrderChange RecordAgain(Order order, Guid paymentId, Guid refundId, DateTimeOffset now) =>
        Change(
            order,
            order,
            refund =>
                refund.Status == OrderRefundStatus.Failed && IsAskedAs(refund, refundId, paymentId)
                    ? refund with
                    {
                        Status = OrderRefundStatus.Asked,
                        Failure = null,
                        FailedAt = null,
                    }
                    : refund,
            now
        );

    private static bool IsAskedAs(OrderRefund refund, Guid id, Guid paymentId) => refund.Id == id || (refund.IsWhole && id == paymentId);

    /// <summary>The order while not all of its payment's money is back.</summary>
    private static Order Reopen(Order order, Guid paymentId) =>
        order.PaymentStatus == OrderPaymentStatus.Refunded
            ? order with
            {
                PaymentStatus = OrderPaymentStatus.Paid,
                RefundedPayments = [.. order.RefundedPayments.Where(refunded => refunded != paymentId)],
            }
            : order;

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

    private static OrderChange Settle(Order order, Func<OrderRefund, bool> which, DateTimeOffset now) =>
        Change(
            order,
            order,
            refund =>
                which(refund) && refund.Counts
                    ? refund with
                    {
                        Status = OrderRefundStatus.Settled,
                        Failure = null,
                        FailedAt = null,
                    }
                    : refund,
            now
        );

    /// <summary>
    /// The order with changed refunds. What fails, and what fails no more, is told: it changes what the order is worth to the house.
    /// </summary>
    /// <param name="order">As it was.</param>
    /// <param name="open">As it is otherwise.</param>
    /// <param name="change">Of each refund.</param>
    /// <param name="now">When it is decided.</param>
    private static OrderChange Change(Order order, Order open, Func<OrderRefund, OrderRefund> change, DateTimeOffset now)
    {
        List<Guid> turned = [];
        OrderRefund[] changed =
        [
            .. order.Refunds.Select(refund =>
            {
                var next = change(refund);
                if ((next.Status == OrderRefundStatus.Failed) == (refund.Status == OrderRefundStatus.Failed))
                {
                    return next;
                }

                turned.Add(refund.Id);
                return next with { ChangedIn = order.Revision + 1 };
            }),
        ];
        if (ReferenceEquals(order, open) && changed.SequenceEqual(order.Refunds))
        {
            return OrderChange.Nothing(order);
        }

        var after = open with { Refunds = changed.SequenceEqual(order.Refunds) ? order.Refunds : changed, Version = order.Version + 1 };
        if (turned.Count == 0)
        {
            return new OrderChange(order, after);
        }

        after = after with { Revision = order.Revision + 1 };
        return new OrderChange(order, after, OrderEvents.RefundsChanged(after, changed.Where(refund => turned.Contains(refund.Id)), now));
    }
}

/// <summary>What Payments tells of a refund that failed.</summary>
/// <param name="RefundId">Ours; of no meaning with <paramref name="GatewaysId"/>.</param>
/// <param name="GatewaysId">The gateway's id of a refund that we did not ask for.</param>
/// <param name="Amount">How much.</param>
/// <param name="Reason">The gateway's word.</param>
/// <param name="IsKept">Not all of what paid the order is back with the buyer.</param>
internal sealed record FailedRefund(Guid PaymentId, Guid RefundId, string? GatewaysId, long Amount, string Reason, bool IsKept);
