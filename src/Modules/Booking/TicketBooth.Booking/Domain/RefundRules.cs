using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>What a refund is to do.</summary>
/// <param name="Id">Of the refund.</param>
/// <param name="TicketIds">Tickets that the order holds; null for all that is left, or for an amount.</param>
/// <param name="Amount">Cents; null for the sum of the tickets' prices, or else for all that is left.</param>
/// <param name="ReleaseTickets">Null for the usual: true, but false for an amount without tickets.</param>
/// <param name="Reason">What staff wrote.</param>
/// <param name="By">The member of staff.</param>
internal sealed record RefundTerms(Guid Id, IReadOnlyList<Guid>? TicketIds, long? Amount, bool? ReleaseTickets, string Reason, Actor By);

/// <summary>
/// How money of a paid order goes back, in parts or as a whole. Money and tickets are two decisions. Pure, as <see cref="OrderRules"/> are.
/// </summary>
/// <remarks>
/// What was decided counts as returned, also when the gateway refuses it: the buyer still has it to get, and nobody gives it back a second
/// time. An order that holds no ticket any more is refunded, whatever was kept of its money; one that holds a ticket is paid, whatever was
/// given back.
/// </remarks>
internal static class RefundRules
{
    private const string ByStaff = "refunded-by-staff";

    /// <summary>See the request <see cref="RefundOrder"/>.</summary>
    public static Result<OrderChange> Refund(Order order, RefundTerms terms, DateTimeOffset now)
    {
        if (order.Refunds.Any(known => known.Id == terms.Id))
        {
            return OrderChange.Nothing(order);
        }

        if (order.Status is not (OrderStatus.Paid or OrderStatus.Refunded))
        {
            return BookingErrors.NotPaid;
        }

        var isAmount = terms is { TicketIds: null, Amount: not null };
        var releases = terms.ReleaseTickets ?? !isAmount;
        if (isAmount && releases)
        {
            return BookingErrors.TicketsNotNamed;
        }

        var named = NamedBy(order, terms.TicketIds);
        if (named.Error is { } error)
        {
            return error;
        }

        var left = order.Total - order.Returned;
        var amount = terms.Amount ?? (terms.TicketIds is null ? left : named.Value.Sum(ticket => ticket.Price));
        if (amount > left)
        {
            return BookingErrors.AmountOverRest(left);
        }

        IReadOnlyList<OrderedTicket> tickets = terms.TicketIds is null && releases ? order.Held : named.Value;
        return amount == 0 && (tickets.Count == 0 || !releases)
            ? BookingErrors.NothingToRefund
            : GiveBack(order, Asked(terms.Id, amount, tickets, releases, terms.Reason, now) with { By = terms.By }, ByStaff, now);
    }

    /// <summary>Ends a paid order: its tickets are free again, and what is left of its money goes back, but for a fee.</summary>
    /// <param name="feePercent">What is kept of the money that is left, in percent of it, rounded half up to the smallest unit.</param>
    /// <param name="reason">Of the refund, see <see cref="RefundDue"/>.</param>
    public static OrderChange End(Order order, int feePercent, string reason, DateTimeOffset now)
    {
        var left = order.Total - order.Returned;
        var fee = ((left * feePercent) + 50) / 100;
        return GiveBack(order, Asked(FreshId.At(now), left - fee, order.Held, releases: true, reason, now), reason, now);
    }

    private static Result<IReadOnlyList<OrderedTicket>> NamedBy(Order order, IReadOnlyList<Guid>? ticketIds)
    {
        var named = new List<OrderedTicket>();
        foreach (var id in ticketIds ?? [])
        {
            if (order.Tickets.FirstOrDefault(ticket => ticket.Id == id) is not { } ticket)
            {
                return BookingErrors.TicketNotInOrder;
            }

            if (!order.Held.Contains(ticket))
            {
                return BookingErrors.TicketReleased;
            }

            named.Add(ticket);
        }

        return Result<IReadOnlyList<OrderedTicket>>.From(named);
    }

    private static OrderRefund Asked(
        Guid id,
        long amount,
        IReadOnlyList<OrderedTicket> tickets,
        bool releases,
        string reason,
        DateTimeOffset now
    ) =>
        new(
            id,
            Revision: 0,
            amount,
            [.. tickets.Select(ticket => ticket.Id)],
            Released: releases && tickets.Count > 0,
            reason,
            now,
            amount == 0 ? OrderRefundStatus.Settled : OrderRefundStatus.Asked
        );

    /// <summary>Decides a refund, and asks Payments for the money.</summary>
    private static OrderChange GiveBack(Order order, OrderRefund refund, string reason, DateTimeOffset now)
    {
        var isWhole =
            order.Refunds.Count == 0
            && refund.Amount == order.Total
            && refund is { Released: true, TicketIds: var all }
            && all.Count == order.Tickets.Count;
        if (order.PaymentId is not { } paymentId)
        {
            // It was sold at the counter, which gives the money back, or it cost nothing.
            var (withRefund, toldOfIt) = With(order, refund, now);
            return new OrderChange(order, withRefund, toldOfIt);
        }

        var (after, told) = With(order, refund with { IsWhole = isWhole }, now);
        IIntegrationEvent[] events =
            isWhole ? [told, new RefundDue(paymentId, order.Id, reason, now)]
            : refund.Amount > 0 ? [told, new PartialRefundDue(refund.Id, paymentId, order.Id, refund.Amount, order.Currency, reason, now)]
            : [told];
        return new OrderChange(order, after, events);
    }

    /// <summary>The order with a refund, and the message about it.</summary>
    internal static (Order After, IOrderMessage Told) With(Order order, OrderRefund refund, DateTimeOffset now)
    {
        var released = refund.Released ? refund.TicketIds.ToHashSet() : [];
        var after = order with
        {
            Refunds = [.. order.Refunds, refund with { Revision = order.Revision + 1 }],
            Tickets =
                released.Count == 0
                    ? order.Tickets
                    : [.. order.Tickets.Select(ticket => released.Contains(ticket.Id) ? ticket with { Released = true } : ticket)],
            Revision = order.Revision + 1,
            Version = order.Version + 1,
        };
        OrderedTicket[] freed = [.. after.Tickets.Where(ticket => released.Contains(ticket.Id))];
        if (order.Status != OrderStatus.Paid || after.Held.Count > 0)
        {
            return (after, OrderEvents.PartlyRefunded(after, freed, refund.Amount, now));
        }

        after = after with { Status = OrderStatus.Refunded, EndedAt = now };
        return (after, OrderEvents.Refunded(after, freed, refund.Amount, now));
    }
}
