using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events.Contracts;

/// <summary>Queries everything that is needed to sell an event's tickets. Fails with <c>event-not-found</c>, also for a draft.</summary>
public sealed record GetEventForSale(Guid EventId) : IRequest<Result<EventForSale>>;

/// <summary>
/// Queries the versions of those of the given events that exist: a seller asks with it, in one query, which of its snapshots are outdated.
/// </summary>
public sealed record GetEventVersions(IReadOnlyCollection<Guid> EventIds) : IRequest<Result<IReadOnlyDictionary<Guid, long>>>;

/// <summary>
/// Those of the given events about which a message is stored and not yet delivered to every module. For checks of the invariants.
/// </summary>
public sealed record FindPendingEvents(IReadOnlyCollection<Guid> EventIds) : IRequest<Result<IReadOnlySet<Guid>>>;

/// <summary>A published (or canceled) event as the seller sees it at one moment.</summary>
/// <param name="Id">Version 7 with an empty tag, so that ticket ids can be made from it.</param>
/// <param name="Version">Grows with every change of the event, its prices included; a snapshot with a higher one is newer.</param>
/// <param name="SaleOpensAt">From this moment on tickets may be ordered.</param>
/// <param name="SaleClosesAt">From this moment on they may not.</param>
/// <param name="EndsAt">From this moment on the event is over: its show has started, and its sale has closed.</param>
/// <param name="Currency">ISO 4217, of every price here.</param>
/// <param name="Large">Wants a shard of its own.</param>
/// <param name="IsCanceled">Nothing is sold any more and everything sold is refunded.</param>
/// <param name="Tiers">In the organiser's order.</param>
public sealed record EventForSale(
    Guid Id,
    long Version,
    DateTimeOffset SaleOpensAt,
    DateTimeOffset SaleClosesAt,
    DateTimeOffset EndsAt,
    string Currency,
    bool Large,
    bool IsCanceled,
    IReadOnlyList<TierForSale> Tiers
)
{
    /// <summary>When it was changed last. What is ordered by it is dated no earlier: clocks step back, and those of hosts differ.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Until when buyers may cancel paid orders; null when that is until the sale closes.</summary>
    public DateTimeOffset? RefundableUntil { get; init; }

    /// <summary>What is kept of the money then, in percent.</summary>
    public int RefundFeePercent { get; init; }

    /// <summary>Until when buyers cancel paid orders without a fee, because the show was moved; null when it was not.</summary>
    public DateTimeOffset? RefundWindowUntil { get; init; }
}

/// <summary>A tier of an event on sale.</summary>
/// <param name="Price">The tier's current price in cents.</param>
/// <param name="Tickets">The numbers of its tickets within the event; ranges of different tiers never overlap.</param>
public sealed record TierForSale(Guid Id, long Price, IReadOnlyList<TicketRange> Tickets);

/// <summary>Tickets <c>First</c>, <c>First + 1</c>, … <c>First + Count - 1</c>.</summary>
/// <param name="First">1 or more.</param>
/// <param name="Count">1 or more.</param>
public sealed record TicketRange(int First, int Count);
