using MediatR;
using TicketBooth.Admissions.Codes;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions;

/// <summary>
/// Promise I8: every ticket of a paid order has exactly one live code, a ticket that nobody has paid for has none, and a code lets in once.
/// Also that the events' keys can be read, without which no code is made.
/// </summary>
/// <remarks>
/// An order that was paid before this module was started first may have no ticket yet: they are issued when somebody asks for them. Such
/// orders are counted apart.
/// </remarks>
internal sealed class AdmissionsInvariants(ITicketStore tickets, IDoorStore door, EventKeys keys, IMediator mediator, TimeProvider clock)
    : IInvariantCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private const string Promise = "I8";
    private const int PageSize = 500;

    public async Task RunAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        await CheckOrdersAsync(report, cancellationToken);
        await CheckTicketsAsync(report, cancellationToken);
    }

    /// <summary>Every ticket that is paid has a live code, and one only.</summary>
    private async Task CheckOrdersAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        var (paid, unasked) = (0L, 0L);
        var began = await tickets.MomentAsync(Moment.Began) ?? DateTimeOffset.MaxValue;
        var without = new List<OrderFacts>();
        Guid? after = null;
        while (
            await mediator.Send(new ListOrderFacts(after, PageSize), cancellationToken) is { IsSuccess: true, Value: { Count: > 0 } page }
        )
        {
            after = page[^1].OrderId;
            var orders = page.Where(order => order is { Status: OrderStatus.Paid, HasPendingMessages: false }).ToList();
            var issued = (await tickets.OfOrdersAsync([.. orders.Select(order => order.OrderId)])).ToLookup(ticket => ticket.OrderId);
            foreach (var order in orders)
            {
                if (!issued.Contains(order.OrderId))
                {
                    var isOlder = (order.PaidAt ?? order.PlacedAt) < began;
                    unasked += isOlder ? 1 : 0;
                    if (!isOlder)
                    {
                        without.Add(order);
                    }

                    continue;
                }

                paid += CheckOrder(report, order, [.. issued[order.OrderId]]);
            }

            await report.StepAsync(cancellationToken);
        }

        foreach (var order in await StillWithoutAsync(without, cancellationToken))
        {
            report.Violation(Promise, FormattableString.Invariant($"Order {order.OrderId} is paid and has no tickets."));
        }

        report.Count(Promise, "tickets of paid orders", paid);
        report.Count(Promise, "paid orders whose tickets are issued when somebody asks for them", unasked);
    }

    /// <remarks>
    /// A running host issues tickets all the time, and a broker has messages under way that Booking has sent: only what stays is wrong.
    /// </remarks>
    private async Task<List<OrderFacts>> StillWithoutAsync(List<OrderFacts> orders, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (orders.Count > 0 && clock.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(Pause, clock, cancellationToken);
            var still = new List<OrderFacts>();
            foreach (var some in orders.Select(order => order.OrderId).Chunk(PageSize))
            {
                var issued = (await tickets.OfOrdersAsync(some)).Select(ticket => ticket.OrderId).ToHashSet();
                var asked = await mediator.Send(new GetOrderFacts([.. some.Where(id => !issued.Contains(id))]), cancellationToken);
                still.AddRange(asked.Value.Where(order => order is { Status: OrderStatus.Paid, HasPendingMessages: false }));
            }

            orders = still;
        }

        return orders;
    }

    /// <returns>How many tickets it has.</returns>
    private static int CheckOrder(InvariantReport report, OrderFacts order, List<IssuedTicket> issued)
    {
        var held = order.Tickets.Where(ticket => !ticket.Released).ToList();
        foreach (var ticket in held.Where(ticket => issued.Find(one => one.Number == ticket.Number) is not { IsActive: true }))
        {
            report.Violation(
                Promise,
                FormattableString.Invariant(
                    $"Order {order.OrderId} has paid for ticket {ticket.Number} of event {order.EventId}, which has no live code."
                )
            );
        }

        return held.Count;
    }

    /// <summary>None that is not paid has a live code, none has two, and none was admitted twice by one code.</summary>
    private async Task CheckTicketsAsync(InvariantReport report, CancellationToken cancellationToken)
    {
        var (live, events) = (0L, new HashSet<Guid>());
        (Guid, int, Guid)? last = null;
        IssuedTicket? former = null;
        while (await tickets.ListAsync(last, PageSize) is { Count: > 0 } page)
        {
            last = page[^1].Key;
            events.UnionWith(page.Select(ticket => ticket.EventId));
            var active = page.Where(ticket => ticket.IsActive).ToList();
            live += active.Count;
            former = CheckAlone(report, former, active);
            await CheckPaidAsync(report, active, cancellationToken);
            await report.StepAsync(cancellationToken);
        }

        report.Count(Promise, "tickets with a live code", live);
        foreach (var eventId in events)
        {
            await CheckPassagesAsync(report, eventId);
            await CheckKeyAsync(report, eventId);
            await report.StepAsync(cancellationToken);
        }
    }

    /// <param name="report">Is told of a number with two live codes.</param>
    /// <param name="former">The last one of the page before.</param>
    /// <param name="active">In the order of their numbers, so that those of one number are side by side.</param>
    /// <returns>The last one of this page.</returns>
    private static IssuedTicket? CheckAlone(InvariantReport report, IssuedTicket? former, List<IssuedTicket> active)
    {
        foreach (var ticket in active)
        {
            report.Expect(
                (former?.EventId, former?.Number) != (ticket.EventId, ticket.Number),
                Promise,
                $"Ticket {ticket.Number} of event {ticket.EventId} has live codes of the orders {former?.OrderId} and {ticket.OrderId}."
            );
            former = ticket;
        }

        return former;
    }

    private async Task CheckPaidAsync(InvariantReport report, List<IssuedTicket> active, CancellationToken cancellationToken)
    {
        var asked = await mediator.Send(new GetOrderFacts([.. active.Select(ticket => ticket.OrderId).Distinct()]), cancellationToken);
        var orders = asked.Value.ToDictionary(order => order.OrderId);
        foreach (var ticket in active)
        {
            var order = orders.GetValueOrDefault(ticket.OrderId);
            var isPaid = order is { Status: OrderStatus.Paid } && order.Tickets.Any(paid => paid.Number == ticket.Number && !paid.Released);
            report.Expect(
                isPaid || order is { HasPendingMessages: true },
                Promise,
                $"Ticket {ticket.Number} of event {ticket.EventId} has a live code, and order {ticket.OrderId} has not paid for it."
            );
        }
    }

    private async Task CheckPassagesAsync(InvariantReport report, Guid eventId)
    {
        foreach (var last in await door.LastPassagesAsync(eventId))
        {
            var passages = await door.PassagesAsync(new TicketCode(eventId, last.Number, last.Generation));
            report.Expect(
                passages.Select(passage => passage.Turn).Distinct().Count() == passages.Count,
                Promise,
                $"Ticket {last.Number} of event {eventId} was admitted more than once by its code of generation {last.Generation}."
            );
        }
    }

    private async Task CheckKeyAsync(InvariantReport report, Guid eventId)
    {
        if (await door.FindEventAsync(eventId) is { PrivateKey: not null } show)
        {
            report.Expect(
                keys.CanSign(show),
                Promise,
                $"Codes of event {eventId} cannot be signed: the keys of Accounts:Keys that protect its key are missing."
            );
        }
    }
}
