using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Events.Contracts;

/// <summary>An event as other modules keep a copy of it.</summary>
/// <param name="Version">Grows with every change of the event, its prices included; facts with a higher one are newer.</param>
/// <param name="PublishedAt">When the sale opens; null on a draft that opens when it is published.</param>
/// <param name="EndsSellingAt">When the sale closes.</param>
/// <param name="Currency">ISO 4217, of every price here.</param>
/// <param name="Capacity">The venue's.</param>
/// <param name="Tiers">In the organiser's order.</param>
public sealed record EventFacts(
    Guid Id,
    long Version,
    bool IsPublished,
    bool IsCanceled,
    string Name,
    string Venue,
    DateTimeOffset StartsAt,
    DateTimeOffset? PublishedAt,
    DateTimeOffset EndsSellingAt,
    string Currency,
    int Capacity,
    IReadOnlyList<TierFacts> Tiers
);

/// <summary>A tier as other modules keep a copy of it.</summary>
/// <param name="Price">What a ticket costs now, in cents.</param>
/// <param name="Released">How many tickets it has, without those that were withdrawn.</param>
/// <param name="OffSale">How many of them staff hold for the house.</param>
public sealed record TierFacts(Guid Id, string Name, long Price, int Released, int OffSale = 0);

/// <summary>Pages through all events, drafts too, in the order of their ids. Reads only; made for copies and their rebuilds.</summary>
/// <param name="After">The last id of the page before; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record ListEventFacts(Guid? After, int Limit) : IRequest<Result<IReadOnlyList<EventFacts>>>;

/// <summary>Those of the given events that exist, in any order.</summary>
public sealed record GetEventFacts(IReadOnlyList<Guid> EventIds) : IRequest<Result<IReadOnlyList<EventFacts>>>;

/// <summary>Finds events of every status for staff, in the order of their start and then id. Fails with <c>validation-failed</c>.</summary>
/// <param name="Search">Words that name or venue must hold, without regard to case and accents; null for all.</param>
/// <param name="From">The earliest start.</param>
/// <param name="Cursor">Where the page before ended.</param>
/// <param name="Limit">1 to 200.</param>
/// <param name="To">The end of the range of starts; exclusive.</param>
/// <param name="Status">Only events in this status now; null for all.</param>
public sealed record FindEvents(
    string? Search = null,
    DateTimeOffset? From = null,
    string? Cursor = null,
    int Limit = 50,
    DateTimeOffset? To = null,
    EventStatus? Status = null
) : IRequest<Result<Page<EventSummary>>>;

/// <summary>Queries an event as an administrator edits it. Fails with <c>event-not-found</c>.</summary>
public sealed record GetEventForm(Guid EventId) : IRequest<Result<EditableEvent>>;

/// <summary>What an editor starts from.</summary>
/// <param name="Form">The form that would make the event as it is.</param>
/// <param name="Revision">For <see cref="EditEvent"/>: refuses the edit when somebody else was faster.</param>
/// <param name="Taken">How many tickets are on payment or sold.</param>
/// <param name="Numbers">The ticket numbers of each tier, by its id; those of withdrawn tickets too.</param>
public sealed record EditableEvent(
    Guid EventId,
    EventForm Form,
    long Revision,
    EventStatus Status,
    int Taken,
    IReadOnlyDictionary<Guid, IReadOnlyList<TicketRange>> Numbers
);
