using System.Runtime.CompilerServices;
using MediatR;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;
using TicketBooth.Booking.Contracts;

namespace TicketBooth.Admissions.PersonalData;

/// <summary>The tickets that have to do with a person.</summary>
internal sealed class TicketsOf(ITicketStore tickets, IMediator mediator)
{
    /// <summary>
    /// Those of their orders, the newest order's first, also what they gave to others; and then what others gave to them.
    /// </summary>
    public async IAsyncEnumerable<IssuedTicket> PersonAsync(Guid accountId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Guid? before = null;
        while ((await mediator.Send(new ListOrdersOfBuyer(accountId, before), cancellationToken)).Value is { Count: > 0 } orders)
        {
            var ofOrders = (await tickets.OfOrdersAsync([.. orders.Select(order => order.OrderId)])).ToLookup(ticket => ticket.OrderId);
            foreach (var ticket in orders.SelectMany(order => ofOrders[order.OrderId].OrderBy(ticket => ticket.Number)))
            {
                yield return ticket;
            }

            before = orders[^1].OrderId;
        }

        // Who buys back their own ticket has seen it above.
        foreach (var ticket in await tickets.OfOwnerAsync(accountId))
        {
            if (ticket.BuyerId != accountId)
            {
                yield return ticket;
            }
        }
    }
}
