using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Counter;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking;

/// <summary>
/// Checks what Booking promises: one active order per ticket, totals as quoted, no ticket sold that was not released, a captured payment
/// for each paid order, no paid order of a canceled event.
/// </summary>
internal sealed class BookingInvariants(
    ShardRegistry shards,
    OnSaleCatalog catalog,
    CounterInvariants counter,
    IMediator mediator,
    TimeProvider clock
) : IInvariantCheck
{
    private const int PageSize = 1_000;

    public async Task RunAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        long orders = 0,
            active = 0,
            paid = 0;
        foreach (var shard in shards.All)
        {
            var (withoutOrder, withoutClaim, claims) = await shard.Store.CountClaimsAsync();
            await report.StepAsync(cancellationToken);
            report.Count("I1", $"claims on shard {shard.Number}", claims);
            report.Expect(withoutOrder == 0, "I1", $"{withoutOrder} claims of shard {shard.Number} belong to no active order or block");
            report.Expect(
                withoutClaim == 0,
                "I1",
                $"{withoutClaim} tickets of active orders or blocks of shard {shard.Number} have no claim"
            );

            await CheckBlocksAsync(shard, report, cancellationToken);
            var holders = new Dictionary<Guid, Guid>();
            for (Guid? after = null; await shard.Store.PageAsync(after, PageSize) is { Count: > 0 } page; after = page[^1].Id)
            {
                orders += page.Count;
                active += page.Count(order => order.HoldsTickets);
                foreach (var order in page)
                {
                    counter.Look(order, report);
                    await CheckAsync(shard, order, holders, report, cancellationToken);
                }

                var sold = page.Where(order => order.Status == OrderStatus.Paid).ToList();
                var captured = sold.FindAll(HasPayment);
                paid += captured.Count;
                await CheckPaymentsAsync(shard, captured, report, cancellationToken);
                await CheckCanceledEventsAsync(shard, sold, report, cancellationToken);
                if (report.IsServed)
                {
                    await new LateHolds(shard, clock).CheckAsync(page, report, cancellationToken);
                }

                await report.StepAsync(cancellationToken);
            }
        }

        report.Count("I1", "orders", orders);
        report.Count("I1", "active orders, each the only one of its tickets", active);
        report.Count("I5", "paid orders, each with its captured payment", paid);
        report.Count("I6", "totals equal to the quoted prices", orders);
        await counter.ReportAsync(report, cancellationToken);
    }

    private async Task CheckAsync(
        Shard shard,
        Order order,
        Dictionary<Guid, Guid> holders,
        InvariantReport report,
        CancellationToken cancellationToken
    )
    {
        report.Expect(
            order.Total == order.Tickets.Sum(ticket => ticket.Price),
            "I6",
            $"order {order.Id}: total {new Money(order.Total, order.Currency)} is not the sum of its tickets' prices"
        );
        if (!order.HoldsTickets)
        {
            return;
        }

        report.Expect(order.Held.Count > 0, "I1", $"order {order.Id} is {order.Status} and holds no ticket");
        var sale = await catalog.FindAsync(order.EventId, cancellationToken);
        foreach (var ticket in order.Held)
        {
            if (!holders.TryAdd(ticket.Id, order.Id))
            {
                var other = holders[ticket.Id];
                report.Expect(
                    !await AreActiveAsync(shard, other, order.Id),
                    "I1",
                    $"ticket {ticket.Id} is in the active orders {other} and {order.Id}"
                );
            }

            report.Expect(
                sale.IsSuccess && sale.Value.HasTicket(ticket.Number),
                "I7",
                $"order {order.Id}: ticket {ticket.Number} was never released"
            );
        }
    }

    /// <summary>
    /// Tickets that are off sale were released before. That no buyer has them follows from the claims: a ticket has one, and each of a
    /// block's tickets must have its own.
    /// </summary>
    private async Task CheckBlocksAsync(Shard shard, InvariantReport report, CancellationToken cancellationToken)
    {
        long off = 0;
        for (Guid? after = null; await shard.Store.Blocks.PageAsync(after, PageSize) is { Count: > 0 } page; after = page[^1].Id)
        {
            foreach (var block in page.Where(block => !block.IsReleased))
            {
                off += block.Count;
                var sale = await catalog.FindAsync(block.EventId, cancellationToken);
                report.Expect(
                    sale.IsSuccess && block.Numbers.All(sale.Value.HasTicket),
                    "I7",
                    $"block {block.Id} has tickets that were never released"
                );
            }

            await report.StepAsync(cancellationToken);
        }

        report.Count("I1", $"tickets off sale on shard {shard.Number}, each with its claim", off);
    }

    /// <summary>Not what was sold at the counter, whose money is in a shift, and not what costs nothing.</summary>
    private static bool HasPayment(Order order) => order.Counter is null && (order.Total > 0 || order.PaymentId is not null);

    private async Task CheckPaymentsAsync(Shard shard, List<Order> sold, InvariantReport report, CancellationToken cancellationToken)
    {
        if (sold.Count == 0)
        {
            return;
        }

        var answer = await mediator.Send(new GetPaymentFacts([.. sold.Select(order => order.PaymentId).OfType<Guid>()]), cancellationToken);
        var payments = answer.Value.ToDictionary(payment => payment.PaymentId);
        foreach (var order in sold)
        {
            var payment = order.PaymentId is { } id ? payments.GetValueOrDefault(id) : null;
            report.Expect(
                IsCaptured(payment, order) || payment is { HasPendingMessages: true } || await HasMovedOnAsync(shard, order),
                "I5",
                $"order {order.Id} is paid, its payment is {payment?.Status.ToString() ?? "missing"}"
            );
            if (payment is not null)
            {
                var (quoted, captured) = (new Money(order.Total, order.Currency), new Money(payment.Amount, payment.Currency));
                report.Expect(captured == quoted, "I6", $"order {order.Id}: quoted {quoted}, captured {captured}");
                await CheckReturnedAsync(shard, order, payment, report);
            }
        }
    }

    /// <summary>The order's money is there, or all of it was given back while its buyer kept tickets.</summary>
    private static bool IsCaptured(PaymentFacts? payment, Order order) =>
        payment is { Status: PaymentStatus.Paid }
        || (payment is { Status: not (PaymentStatus.AwaitingConfirmation or PaymentStatus.Declined) } && order.Returned == order.Total);

    /// <summary>
    /// What is left of the payment is what is left of the order. What the gateway refused stands in the order alone until it is tried
    /// again.
    /// </summary>
    private static async Task CheckReturnedAsync(Shard shard, Order order, PaymentFacts payment, InvariantReport report)
    {
        var (settled, asked) = (SumOf(order, OrderRefundStatus.Settled), SumOf(order, OrderRefundStatus.Asked));
        var mostAsked = asked + SumOf(order, OrderRefundStatus.Failed);
        report.Expect(
            (settled == payment.Returned && payment.Returning >= asked && payment.Returning <= mostAsked)
                || payment.HasPendingMessages
                || (await shard.Store.WithPendingMessagesAsync([order.Id])).Count > 0
                || await HasMovedOnAsync(shard, order),
            "I5",
            $"order {order.Id}: {settled} went back and {asked} is to go; of its payment {payment.Returned} and {payment.Returning}"
        );
    }

    private static long SumOf(Order order, OrderRefundStatus status) =>
        order.Refunds.Where(refund => refund.Status == status).Sum(refund => refund.Amount);

    /// <summary>Money for an event that was canceled goes back (promise I5).</summary>
    private async Task CheckCanceledEventsAsync(Shard shard, List<Order> sold, InvariantReport report, CancellationToken cancellationToken)
    {
        var kept = new List<Order>();
        foreach (var order in sold)
        {
            if (await catalog.FindAsync(order.EventId, cancellationToken) is { IsSuccess: true, Value.IsCanceled: true })
            {
                kept.Add(order);
            }
        }

        if (kept.Count == 0)
        {
            return;
        }

        // Whoever is to cancel these orders may not have heard of it yet.
        var pending = await mediator.Send(new FindPendingEvents([.. kept.Select(order => order.EventId).Distinct()]), cancellationToken);
        foreach (var order in kept)
        {
            report.Expect(
                pending.Value.Contains(order.EventId) || await HasMovedOnAsync(shard, order),
                "I5",
                $"order {order.Id} is paid, but event {order.EventId} was canceled"
            );
        }
    }

    // Orders change while the check reads page after page: what looks wrong is read again before it is reported.
    private static async Task<bool> AreActiveAsync(Shard shard, params Guid[] orderIds) =>
        (await shard.Store.LoadAsync(orderIds)).Count(order => order.HoldsTickets) == orderIds.Length;

    private static async Task<bool> HasMovedOnAsync(Shard shard, Order order) =>
        (await shard.Store.LoadAsync([order.Id])).Single().Version != order.Version;
}
