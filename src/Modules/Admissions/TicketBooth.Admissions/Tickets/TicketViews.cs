using TicketBooth.Admissions.Codes;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Doors;

namespace TicketBooth.Admissions.Tickets;

/// <summary>Tickets as their owners see them.</summary>
internal sealed class TicketViews(TicketCodes codes, KnownEvents events, OrderTicketsOf orders)
{
    public async Task<IReadOnlyList<TicketView>> OfAsync(
        IReadOnlyList<IssuedTicket> issued,
        Viewer viewer,
        CancellationToken cancellationToken
    )
    {
        var views = new List<TicketView>(issued.Count);
        foreach (var ticket in await codes.AddAsync(issued, cancellationToken))
        {
            var show = await events.FindAsync(ticket.EventId, cancellationToken);
            var isTheirs = viewer.IsStaff || ticket.IsOf(viewer.UserId ?? ticket.BuyerId);
            var isGood = ticket.IsActive && isTheirs && show is { IsCanceled: false };
            views.Add(
                new TicketView(
                    ticket.Id,
                    ticket.Number,
                    ticket.TierId,
                    show?.TierName(ticket.TierId) ?? "",
                    isTheirs ? ticket.HolderName : null,
                    isGood ? ticket.Code : null,
                    !isGood ? TicketStatus.Void
                        : await orders.IsUsedAsync(ticket) ? TicketStatus.CheckedIn
                        : TicketStatus.Valid,
                    ticket.Price,
                    ticket.Currency
                )
            );
        }

        return views;
    }
}
