using System.Runtime.CompilerServices;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.PersonalData;

/// <summary>A person's tickets, with the names on them and when they came through the door.</summary>
internal sealed class TicketsOfPerson(TicketsOf tickets, IDoorStore door) : IPersonalData
{
    public string Section => "tickets";

    public async IAsyncEnumerable<object> ReadAsync(Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var ticket in tickets.PersonAsync(person.AccountId, cancellationToken))
        {
            var isTheirs = ticket.IsOf(person.AccountId);
            var passages = isTheirs ? await door.PassagesAsync(new TicketCode(ticket.EventId, ticket.Number, ticket.Generation)) : [];
            yield return new Item(
                ticket.Id,
                ticket.OrderId,
                ticket.EventId,
                ticket.Number,
                ticket.TierId,
                ticket.Price,
                ticket.Currency,
                isTheirs ? ticket.HolderName : null,
                ticket.IsActive,
                GivenAway: !isTheirs,
                Received: ticket.BuyerId != person.AccountId,
                [.. passages.Select(passage => new Passage(passage.Direction, passage.ScannedAt))]
            );
        }
    }

    /// <param name="Price">Cents.</param>
    /// <param name="Active">The order is paid and still has it.</param>
    /// <param name="GivenAway">It is somebody else's now, whose name and ways are not told.</param>
    /// <param name="Received">Somebody else has bought it.</param>
    internal sealed record Item(
        Guid TicketId,
        Guid OrderId,
        Guid EventId,
        int Number,
        Guid TierId,
        long Price,
        string Currency,
        string? HolderName,
        bool Active,
        bool GivenAway,
        bool Received,
        IReadOnlyList<Passage> Passages
    );

    internal sealed record Passage(Direction Direction, DateTimeOffset At);
}
