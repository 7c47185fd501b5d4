using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Auditing;

/// <summary>
/// Proves I7 on every event (released fits the capacity, counters are what a recount gives) and, where Booking is in the same host, I3 and I4 from
/// this side (what Booking says of its orders has arrived here, once) and I6: no order has a price that was not in force when it was placed.
/// </summary>
internal sealed class EventsAudit(IEventStore store, IMediator mediator, IServiceProviderIsService services, TimeProvider clock)
    : IInvariantCheck
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        await CheckEventsAsync(report, cancellationToken);
        if (services.IsService(typeof(IRequestHandler<ListOrderFacts, Result<IReadOnlyList<OrderFacts>>>)))
        {
            await CheckOrdersAsync(report, cancellationToken);
        }
    }

    /// <summary>What is wrong within one event, seen at one moment.</summary>
    internal static void Check(Ledger ledger, InvariantReport report)
    {
        var audited = ledger.Event;
        report.Expect(
            audited.Released <= audited.Capacity,
            "I7",
            $"Event {audited.Id} released {audited.Released} tickets into a venue for {audited.Capacity}."
        );
        var states = ledger
            .Claims.GroupBy(claim => claim.Number)
            .ToDictionary(claims => claims.Key, claims => claims.Any(claim => claim.IsSold) ? TicketState.Sold : TicketState.OnPayment);
        foreach (var tier in audited.Tiers)
        {
            var held = states.Count(ticket => ticket.Value == TicketState.OnPayment && tier.Has(ticket.Key));
            var sold = states.Count(ticket => ticket.Value == TicketState.Sold && tier.Has(ticket.Key));
            report.Expect(
                tier.Held == held && tier.Sold == sold,
                "I7",
                $"Tier {tier.Id} of event {audited.Id} counts {tier.Held} on payment and {tier.Sold} sold; its tickets say {held} and {sold}."
            );
            report.Expect(
                tier.Held >= 0 && tier.Sold >= 0 && tier.Available >= 0,
                "I7",
                $"Tier {tier.Id} of event {audited.Id} counts {tier.Held} on payment and {tier.Sold} sold of {tier.Released} tickets."
            );
        }

        foreach (var number in states.Keys.Where(number => !audited.Tiers.Any(tier => tier.Has(number))))
        {
            report.Violation("I7", FormattableString.Invariant($"Ticket {number} of event {audited.Id} is taken and was never released."));
        }

        var claimed = ledger
            .Claims.GroupBy(claim => claim.OrderId)
            .ToDictionary(claims => claims.Key, claims => (Count: claims.Count(), Sold: claims.Count(claim => claim.IsSold)));
        foreach (var sale in ledger.ActiveSales)
        {
            var (count, sold) = claimed.GetValueOrDefault(sale.OrderId);
            var expected = sale.State == TicketState.Sold ? sale.Tickets : 0;
            report.Expect(
                count == sale.Tickets && sold == expected,
                "I7",
                $"Order {sale.OrderId} is {sale.State} with {sale.Tickets} tickets; {count} stand in its name, {sold} of them sold."
            );
            claimed.Remove(sale.OrderId);
        }

        foreach (var orderId in claimed.Keys)
        {
            report.Violation("I7", $"Order {orderId} gave its tickets of event {audited.Id} back, and some still stand in its name.");
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

    private async Task CheckEventsAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        long events = 0,
            tickets = 0,
            held = 0,
            sold = 0;
        var page = await store.PageOfIdsAsync(Guid.Empty, PageSize);
        while (page.Count > 0)
        {
            foreach (var id in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await store.LedgerAsync(id) is { } ledger)
                {
                    Check(ledger, report);
                    events++;
                    tickets += ledger.Event.Released;
                    held += ledger.Event.Tiers.Sum(tier => tier.Held);
                    sold += ledger.Event.Tiers.Sum(tier => tier.Sold);
                }
            }

            page = await store.PageOfIdsAsync(page[^1], PageSize);
        }

        report.Count("I7", "events", events);
        report.Count("I7", "tickets released", tickets);
        report.Count("I7", "tickets on payment", held);
        report.Count("I7", "tickets sold", sold);
    }

    private async Task CheckOrdersAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        long orders = 0,
            pending = 0;
        var quotes = new QuoteCheck(store);
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
            after = page.Value[^1].OrderId;
        }

        report.Count("I4", "orders compared with Booking", orders);
        report.Count("I4", "orders with messages under way", pending);
        report.Count("I6", "tickets quoted at the price of their time", quotes.Tickets);
    }

    /// <remarks>A running host changes between Booking's answer and ours: an order is wrong only when it stays wrong.</remarks>
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
                report.Violation("I4", $"Booking does not tell about its orders: {error.Code}.");
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
                    : FormattableString.Invariant(
                        $"Order {order.OrderId} is {order.Status} at revision {order.Revision} in Booking; here it is {known.State} at revision {known.Revision}."
                    )
            );
        }
    }

    private async Task<List<(OrderFacts Order, KnownSale? Known)>> DifferingAsync(IReadOnlyList<OrderFacts> orders)
    {
        var known = await store.SalesAsync([.. orders.Select(order => (order.EventId, order.OrderId))]);
        return
        [
            .. orders
                .Where(order => !order.HasPendingMessages)
                .Select(order => (Order: order, Known: known.GetValueOrDefault(order.OrderId)))
                .Where(pair =>
                    pair.Known is not { } sale
                    || sale.Revision != pair.Order.Revision
                    || sale.State != StateOf(pair.Order.Status)
                    || sale.Tickets != pair.Order.Tickets.Count
                ),
        ];
    }
}
