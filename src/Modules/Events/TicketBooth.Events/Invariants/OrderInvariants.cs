using System.Globalization;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Invariants;

/// <summary>
/// I3 and I4 from this side (what Booking published of its orders was applied here, once), and I6 (no order has a price that was not in
/// force when it was placed).
/// </summary>
internal sealed class OrderInvariants(
    IEventStore events,
    ITicketStateStore tickets,
    IPriceHistoryStore prices,
    IMediator mediator,
    TimeProvider clock
)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task CheckAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        long orders = 0,
            pending = 0;
        var quotes = new QuotedPriceInvariant(events, prices, clock);
        Guid? after = null;
        while (true)
        {
            var page = await mediator.Send(new ListOrderFacts(after, PageSize), cancellationToken);
            if (page.Error is { } error)
            {
                report.Violation("I4", $"Booking does not list its orders: {error.Code}.");
                break;
            }

            if (page.Value.Count == 0)
            {
                break;
            }

            orders += page.Value.Count;
            pending += page.Value.Count(order => order.HasPendingMessages);
            await CheckPageAsync(page.Value, report, cancellationToken);
            await quotes.CheckAsync(page.Value, report);
            await report.StepAsync(cancellationToken);
            after = page.Value[^1].OrderId;
        }

        report.Count("I4", "orders compared with Booking", orders);
        report.Count("I4", "orders with messages under way", pending);
        report.Count("I6", "tickets quoted at the price of their time", quotes.Tickets);
    }

    /// <remarks>A running host changes orders between Booking's answer and this module's: only a difference that stays is wrong.</remarks>
    private async Task CheckPageAsync(IReadOnlyList<OrderFacts> orders, InvariantReport report, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var differing = await DifferingAsync(orders);
        while (differing.Count > 0 && clock.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Pause, clock, cancellationToken);
            var again = await mediator.Send(
                new GetOrderFacts([.. differing.Select(difference => difference.Order.OrderId)]),
                cancellationToken
            );
            if (again.Error is { } error)
            {
                report.Violation("I4", $"Booking does not return its orders: {error.Code}.");
                return;
            }

            differing = await DifferingAsync(again.Value);
        }

        foreach (var (order, known) in differing)
        {
            report.Violation(
                "I4",
                known is null
                    ? $"Order {order.OrderId} is {order.Status} in Booking and unknown here."
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"Order {order.OrderId} is {order.Status} at revision {order.Revision} in Booking; "
                            + $"here it is {known.State} at revision {known.Revision}."
                    )
            );
        }
    }

    private static TicketState StateOf(OrderStatus status) =>
        status switch
        {
            OrderStatus.OnPayment => TicketState.OnPayment,
            OrderStatus.Paid => TicketState.Sold,
            OrderStatus.Expired or OrderStatus.Canceled or OrderStatus.Refunded => TicketState.Available,
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of an order."),
        };

    /// <summary>
    /// Refunds that fail and disputes are of no interest to tickets: an order may have had them since it was last told of here.
    /// </summary>
    private static bool IsRevisionOf(int known, OrderFacts order)
    {
        var hasTrouble = order.Disputes.Count > 0 || order.Refunds.Any(refund => refund.ChangedIn is not null);
        var least = order.Refunds.Count > 0 ? order.Refunds.Max(refund => refund.Revision) : 1;
        return hasTrouble ? known >= least && known <= order.Revision : known == order.Revision;
    }

    private async Task<List<(OrderFacts Order, KnownOrder? Known)>> DifferingAsync(IReadOnlyList<OrderFacts> orders)
    {
        var known = await tickets.OrdersAsync([.. orders.Select(order => (order.EventId, order.OrderId))]);
        return
        [
            .. orders
                .Where(order => !order.HasPendingMessages)
                .Select(order => (Order: order, Known: known.GetValueOrDefault(order.OrderId)))
                .Where(pair =>
                    pair.Known is not { } found
                    || !IsRevisionOf(found.Revision, pair.Order)
                    || found.State != StateOf(pair.Order.Status)
                    || found.Tickets != pair.Order.Tickets.Count
                    || found.Released != pair.Order.Tickets.Count(ticket => ticket.Released)
                ),
        ];
    }
}
