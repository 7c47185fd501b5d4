using TicketBooth.Booking.Domain;

namespace TicketBooth.Booking.Storage;

/// <summary>
/// The blocks of one shard. They claim their tickets under the same unique index as the orders of <see cref="IOrderStore"/>, so a
/// ticket is either a buyer's or off sale.
/// </summary>
internal interface ITicketBlockStore
{
    /// <summary>Writes a new block with its claims and its message: all of it, or nothing. Durable when it completes.</summary>
    /// <returns><see cref="WriteOutcome.Stale"/> when there is a block with this id.</returns>
    Task<WriteOutcome> AddAsync(TicketBlock block);

    /// <summary>Frees the tickets of a block, with its message, in one write; false when it was released before.</summary>
    Task<bool> ReleaseAsync(TicketBlock released);

    /// <summary>The block; null when there is none.</summary>
    Task<TicketBlock?> FindAsync(Guid id);

    /// <summary>Those of the tickets that are blocked.</summary>
    Task<IReadOnlySet<Guid>> BlockedAsync(IReadOnlyCollection<Guid> ticketIds);

    /// <summary>An event's blocks, released ones too, newest (highest id) first, below <paramref name="before"/>.</summary>
    Task<IReadOnlyList<TicketBlock>> OfEventAsync(Guid eventId, Guid? before, int limit);

    /// <summary>All blocks, ascending by id, above <paramref name="after"/>.</summary>
    Task<IReadOnlyList<TicketBlock>> PageAsync(Guid? after, int limit);
}
