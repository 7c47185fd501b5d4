using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>Tickets that staff took off sale. It claims them as an order does, until it is released. Immutable.</summary>
internal sealed record TicketBlock
{
    /// <summary>Tagged with its shard.</summary>
    public required Guid Id { get; init; }

    public required Guid EventId { get; init; }

    public required TicketBlockKind Kind { get; init; }

    /// <summary>The numbers of its tickets: ascending, and apart from each other.</summary>
    public required IReadOnlyList<NumberRange> Tickets { get; init; }

    public required string Reason { get; init; }

    public required Actor By { get; init; }

    public required DateTimeOffset At { get; init; }

    public Actor? ReleasedBy { get; init; }

    public DateTimeOffset? ReleasedAt { get; init; }

    public bool IsReleased => ReleasedAt is not null;

    public int Revision => IsReleased ? 2 : 1;

    public int Count => TicketNumbers.Count(Tickets);

    public IEnumerable<int> Numbers => TicketNumbers.NumbersOf(Tickets);

    public IEnumerable<Guid> TicketIds => Numbers.Select(number => TaggedId.Of(EventId, (ushort)number));

    /// <summary>What others are told of its last change.</summary>
    public TicketBlockChanged Changed => new(Id, Revision, EventId, Kind, IsReleased, Tickets, ReleasedAt ?? At);

    /// <summary>The block once released; itself when it is released already. Tickets that were withdrawn never come back.</summary>
    public Result<TicketBlock> Release(Actor by, DateTimeOffset now) =>
        IsReleased ? this
        : Kind == TicketBlockKind.Kill ? BookingErrors.TicketsWithdrawn
        : this with { ReleasedBy = by, ReleasedAt = now };

    public TicketBlockView ToView() =>
        new(Id, EventId, Kind, TicketNumbers.TextOf(Tickets), Count, Reason, At, By.Name, ReleasedAt, ReleasedBy?.Name);
}
