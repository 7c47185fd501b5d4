using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>Why tickets are off sale, and whether they may come back.</summary>
public enum TicketBlockKind
{
    /// <summary>Kept for the house; staff release it at any time.</summary>
    Hold,

    /// <summary>Withdrawn: never sold, and the tier has fewer tickets from now on.</summary>
    Kill,
}

/// <summary>Tickets <c>First</c> to <c>Last</c>, both included.</summary>
/// <param name="First">1 or more.</param>
/// <param name="Last">Not less than <paramref name="First"/>.</param>
public sealed record NumberRange(int First, int Last);

/// <summary>Tickets of an event that staff took off sale, as staff see them.</summary>
/// <param name="Numbers">The tickets, for example <c>1-20, 35</c>.</param>
/// <param name="Tickets">How many they are.</param>
/// <param name="CreatedBy">The name of the member of staff who blocked them.</param>
/// <param name="ReleasedAt">Since when they are on sale again; null while they are blocked.</param>
/// <param name="ReleasedBy">The name of the member of staff who released them.</param>
public sealed record TicketBlockView(
    Guid Id,
    Guid EventId,
    TicketBlockKind Kind,
    string Numbers,
    int Tickets,
    string Reason,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ReleasedAt,
    string? ReleasedBy
);

/// <summary>
/// Takes tickets off sale that nobody has: all of them, or none. Either <paramref name="Numbers"/>, or <paramref name="TierId"/> with
/// <paramref name="Quantity"/> (neighbours where there are any). Fails with <c>event-not-found</c>, <c>event-canceled</c>,
/// <c>ticket-not-found</c>, <c>tier-not-found</c>, <c>tickets-unavailable</c>, <c>not-enough-tickets</c>, <c>busy</c> or
/// <c>validation-failed</c>.
/// </summary>
/// <param name="Numbers">Numbers and ranges of numbers, for example <c>1-20, 35</c>.</param>
/// <param name="Reason">For staff: 1 to 500 characters.</param>
/// <param name="OperationId">Repeated under the same id, it returns the block that exists; null for a new block.</param>
public sealed record BlockTickets(
    Guid EventId,
    TicketBlockKind Kind,
    string? Numbers,
    Guid? TierId,
    int? Quantity,
    string Reason,
    Actor By,
    Guid? OperationId = null
) : IRequest<Result<TicketBlockView>>, IStaffAction
{
    string IStaffAction.Kind => Kind == TicketBlockKind.Kill ? "withdraw-tickets" : "hold-tickets";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>What <see cref="BlockTickets"/> would do now. Changes nothing, and fails as it does.</summary>
public sealed record PreviewTicketBlock(Guid EventId, string? Numbers, Guid? TierId, int? Quantity) : IRequest<Result<TicketBlockPreview>>;

/// <summary>What would be blocked now. Sales go on: somebody may be faster.</summary>
/// <param name="Numbers">The tickets, for example <c>1-20, 35</c>.</param>
/// <param name="Tickets">How many they are.</param>
/// <param name="Tiers">How many of each tier; tiers without any are missing.</param>
public sealed record TicketBlockPreview(string Numbers, int Tickets, IReadOnlyDictionary<Guid, int> Tiers);

/// <summary>
/// Puts the tickets of a hold on sale again. Releasing twice changes nothing. Fails with <c>ticket-block-not-found</c>,
/// <c>tickets-withdrawn</c> or <c>busy</c>.
/// </summary>
public sealed record ReleaseTicketBlock(Guid EventId, Guid BlockId, Actor By) : IRequest<Result<TicketBlockView>>, IStaffAction
{
    string IStaffAction.Kind => "release-tickets";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Event, EventId);
}

/// <summary>
/// Pages through an event's blocks, released ones too, newest first. Fails with <c>event-not-found</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="Cursor">Where the page before ended.</param>
/// <param name="Limit">1 to 200.</param>
public sealed record ListTicketBlocks(Guid EventId, string? Cursor = null, int Limit = 50) : IRequest<Result<Page<TicketBlockView>>>;

/// <summary>A block, for other modules that check their own data against it.</summary>
/// <param name="HasPendingMessages">A message about it is stored and not yet delivered to every module.</param>
public sealed record TicketBlockFacts(
    Guid BlockId,
    int Revision,
    Guid EventId,
    TicketBlockKind Kind,
    bool IsReleased,
    IReadOnlyList<NumberRange> Tickets,
    bool HasPendingMessages
);

/// <summary>
/// Pages through all blocks, shard by shard, by ascending id within a shard. For checks of the invariants.
/// </summary>
/// <param name="After">The last id of the page before; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record ListTicketBlockFacts(Guid? After, int Limit) : IRequest<Result<IReadOnlyList<TicketBlockFacts>>>;
