using MediatR;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Issuing;
using TicketBooth.Admissions.Storage;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.Admissions.Tickets;

/// <summary>The tickets of an order that somebody may see, and changes of one of them.</summary>
internal sealed class OrderTicketsOf(ITicketStore tickets, IDoorStore door, IMediator mediator, TicketLinks links)
{
    /// <summary>
    /// All that the order ever had, for its buyer, staff and a link; those that were transferred to them, for somebody else. Fails with
    /// <c>order-not-found</c>, <c>unauthenticated</c> or <c>link-expired</c>.
    /// </summary>
    public async Task<Result<IReadOnlyList<IssuedTicket>>> FindAsync(Guid orderId, Viewer viewer, CancellationToken cancellationToken)
    {
        if (viewer.Link is { } link ? !links.Opens(link, orderId) : viewer.UserId is null)
        {
            return viewer.Link is null ? AdmissionsErrors.NotSignedIn : AdmissionsErrors.LinkExpired;
        }

        var issued = await IssuedAsync(orderId, cancellationToken);
        if (issued.Error is { } error)
        {
            return error;
        }

        if (viewer.Link is not null || viewer.IsStaff || issued.Value.BuyerId == viewer.UserId)
        {
            return Result<IReadOnlyList<IssuedTicket>>.From(issued.Value.Tickets);
        }

        var own = issued.Value.Tickets.Where(ticket => ticket.OwnerId == viewer.UserId).ToList();
        return own.Count > 0 ? own : AdmissionsErrors.OrderNotFound;
    }

    /// <summary>Changes a ticket, again when somebody else was faster.</summary>
    /// <param name="decide">Gets the ticket and all that were made of its number.</param>
    /// <param name="cancellationToken">Of the request.</param>
    /// <param name="tell">What others are told of the changed ticket.</param>
    public async Task<Result<IssuedTicket>> ChangeAsync(
        Guid orderId,
        Guid ticketId,
        Viewer viewer,
        Func<IssuedTicket, IReadOnlyList<IssuedTicket>, Result<IssuedTicket>> decide,
        CancellationToken cancellationToken,
        Func<IssuedTicket, OutboxEntry>? tell = null
    )
    {
        while (true)
        {
            var found = await FindAsync(orderId, viewer, cancellationToken);
            if (found.Error is { } error)
            {
                return error;
            }

            if (found.Value.FirstOrDefault(ticket => ticket.Id == ticketId) is not { } ticket)
            {
                return AdmissionsErrors.TicketNotFound;
            }

            // Whoever has transferred a ticket has it no more.
            if (!viewer.IsStaff && viewer.UserId is { } user && !ticket.IsOf(user))
            {
                return AdmissionsErrors.TicketVoid;
            }

            var ofNumber = await tickets.OfNumberAsync(ticket.EventId, ticket.Number);
            if (IssueRules.Live(ofNumber)?.OrderId != orderId)
            {
                return AdmissionsErrors.TicketVoid;
            }

            if (ticket.TransferId is not null)
            {
                return AdmissionsErrors.InTransfer;
            }

            if (await IsUsedAsync(ticket))
            {
                return AdmissionsErrors.CheckedIn;
            }

            var decided = decide(ticket, ofNumber);
            if (decided.Error is not null)
            {
                return decided;
            }

            if (await tickets.TryChangeAsync(decided.Value, tell is null ? [] : [tell(decided.Value)]))
            {
                return decided.Value with { Version = decided.Value.Version + 1 };
            }
        }
    }

    /// <summary>Whether somebody was let in with it.</summary>
    public async Task<bool> IsUsedAsync(IssuedTicket ticket) =>
        (await door.PassagesAsync(new TicketCode(ticket.EventId, ticket.Number, ticket.Generation))).Count > 0;

    /// <remarks>
    /// The message that an order is paid may not have come yet, and orders that were paid before this module was loaded send none. So an
    /// order without tickets is asked for, and issued as the message would.
    /// </remarks>
    private async Task<Result<Issued>> IssuedAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var issued = await tickets.OfOrderAsync(orderId);
        if (issued.Count == 0)
        {
            var orders = await mediator.Send(new GetOrderFacts([orderId]), cancellationToken);
            if (orders.Error is { } error)
            {
                return error;
            }

            if (orders.Value is not [var order])
            {
                return AdmissionsErrors.OrderNotFound;
            }

            if (order.Status != OrderStatus.Paid)
            {
                return new Issued(order.BuyerId, []);
            }

            await tickets.ApplyAsync([TicketWriter.ChangeOf(order)]);
            issued = await tickets.OfOrderAsync(orderId);
        }

        return new Issued(issued[0].BuyerId, issued);
    }

    private readonly record struct Issued(Guid BuyerId, IReadOnlyList<IssuedTicket> Tickets);
}
