using System.Runtime.CompilerServices;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.PersonalData;

/// <summary>Offers of tickets that nobody has answered: a person's own, and those to their address.</summary>
internal sealed class TransfersOfPerson(TicketsOf tickets, ITicketStore store) : IPersonalData
{
    public string Section => "transfers";

    public async IAsyncEnumerable<object> ReadAsync(Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var ticket in tickets.PersonAsync(person.AccountId, cancellationToken))
        {
            if (ticket.IsOf(person.AccountId) && ticket.TransferId is { } offer)
            {
                yield return new Item(offer, ticket.Id, ticket.EventId, ticket.TransferEmail, OfferedToYou: false);
            }
        }

        foreach (var ticket in person.Email is { } email ? await store.OfferedToAsync(email) : [])
        {
            yield return new Item(ticket.TransferId!.Value, ticket.Id, ticket.EventId, ticket.TransferEmail, OfferedToYou: true);
        }
    }

    /// <param name="Email">Whom it is offered to.</param>
    internal sealed record Item(Guid TransferId, Guid TicketId, Guid EventId, string? Email, bool OfferedToYou);
}
