using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;

namespace TicketBooth.Admissions.Codes;

/// <summary>
/// Signs the codes of tickets, when somebody asks for them first: a sale pays nothing for it. A code is then kept, so that every copy of a
/// ticket shows the same.
/// </summary>
internal sealed class TicketCodes(ITicketStore tickets, EventKeys keys)
{
    /// <summary>The tickets with their codes. Those that open no door have none.</summary>
    public async Task<IReadOnlyList<IssuedTicket>> AddAsync(IReadOnlyList<IssuedTicket> issued, CancellationToken cancellationToken)
    {
        var signed = new List<IssuedTicket>(issued.Count);
        foreach (var ticket in issued)
        {
            signed.Add(await AddAsync(ticket, cancellationToken));
        }

        return signed;
    }

    private async Task<IssuedTicket> AddAsync(IssuedTicket ticket, CancellationToken cancellationToken)
    {
        while (ticket is { IsActive: true, Code: null, TransferId: null })
        {
            if (await keys.EnsureAsync(ticket.EventId, cancellationToken) is not { } show)
            {
                return ticket;
            }

            var signed = ticket with { Code = keys.Sign(show, new TicketCode(ticket.EventId, ticket.Number, ticket.Generation)) };
            if (await tickets.TryChangeAsync(signed))
            {
                return signed with { Version = signed.Version + 1 };
            }

            // Somebody else has changed it: it may have a code by now, or be another's.
            ticket = (await tickets.OfNumberAsync(ticket.EventId, ticket.Number)).First(other => other.OrderId == ticket.OrderId);
        }

        return ticket;
    }
}
