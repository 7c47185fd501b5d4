using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.Admissions.Storage;

/// <summary>The tickets of paid orders.</summary>
internal interface ITicketStore
{
    /// <summary>The messages about transfers. It may be the door's as well.</summary>
    IOutbox Outbox { get; }

    /// <summary>
    /// Applies what messages say, in their order. A revision of an order counts once, so a repeated message changes nothing.
    /// </summary>
    Task ApplyAsync(IReadOnlyList<OrderTickets> changes);

    Task<IReadOnlyList<IssuedTicket>> OfOrderAsync(Guid orderId);

    Task<IReadOnlyList<IssuedTicket>> OfOrdersAsync(IReadOnlyCollection<Guid> orderIds);

    /// <summary>The ticket of an offer that is not answered.</summary>
    Task<IssuedTicket?> OfTransferAsync(Guid transferId);

    /// <summary>The tickets that were transferred to somebody, by event and number.</summary>
    Task<IReadOnlyList<IssuedTicket>> OfOwnerAsync(Guid ownerId);

    /// <summary>The tickets that are offered to an address, in whatever case it was typed, by event and number.</summary>
    Task<IReadOnlyList<IssuedTicket>> OfferedToAsync(string email);

    /// <summary>Every ticket that was made of a number.</summary>
    Task<IReadOnlyList<IssuedTicket>> OfNumberAsync(Guid eventId, int number);

    /// <summary>Every ticket that was made of the numbers behind one, ascending, of so many numbers.</summary>
    Task<IReadOnlyList<IssuedTicket>> OfEventAsync(Guid eventId, int afterNumber, int numbers);

    /// <summary>Pages through all tickets, in the order of their keys.</summary>
    Task<IReadOnlyList<IssuedTicket>> ListAsync((Guid EventId, int Number, Guid OrderId)? after, int limit);

    /// <summary>
    /// Replaces a ticket; false when somebody else has changed it since it was read, or has given its generation to another.
    /// </summary>
    /// <param name="after">With the version that was read.</param>
    /// <param name="messages">Which are written with it, or not at all.</param>
    Task<bool> TryChangeAsync(IssuedTicket after, params IReadOnlyList<OutboxEntry> messages);

    /// <summary>Null while it was never set.</summary>
    Task<DateTimeOffset?> MomentAsync(Moment moment);

    /// <summary>Sets a moment; one that is later already stays.</summary>
    Task SetMomentAsync(Moment moment, DateTimeOffset at);
}

/// <summary>Moments of this module in its store. Stored under their names.</summary>
internal enum Moment
{
    /// <summary>It was started for the first time: orders that are paid later have tickets.</summary>
    Began,

    /// <summary>It ran: it was told of every order that was paid up to then.</summary>
    Ran,
}
