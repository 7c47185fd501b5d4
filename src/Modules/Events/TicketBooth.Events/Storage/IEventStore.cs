using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage;

/// <summary>Where events are stored. Every write is atomic, and durable when its task completes.</summary>
internal interface IEventStore
{
    /// <summary>The messages of this module that wait to be published.</summary>
    IOutbox Outbox { get; }

    /// <summary>False, and nothing written, when there is an event with this id.</summary>
    Task<bool> AddAsync(Event made);

    /// <summary>
    /// Reads an event, decides, and writes the event that comes of it together with its records. Nothing else is written in between.
    /// Ticket counters (<see cref="Tier.Held"/>, <see cref="Tier.Sold"/>) stay as they are stored. False when the event does not exist or
    /// nothing was decided.
    /// </summary>
    /// <param name="id">The event.</param>
    /// <param name="decide">
    /// Runs where the change is written, after whatever that waited for; more than once when another change came in between. Null to write
    /// nothing.
    /// </param>
    Task<bool> ChangeAsync(Guid id, Func<Event, EventWrite?> decide);

    /// <summary>Deletes an event and its policy history; false, and nothing deleted, when there is none or it was published.</summary>
    Task<bool> DeleteDraftAsync(Guid id);

    /// <summary>The event as it was at one moment; null when there is none.</summary>
    Task<Event?> FindAsync(Guid id);

    /// <summary>The versions of those of the events that exist.</summary>
    Task<IReadOnlyDictionary<Guid, long>> VersionsAsync(IReadOnlyCollection<Guid> ids);

    /// <summary>Those of the events about which a message is stored and not yet delivered to every module.</summary>
    Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> ids);

    /// <summary>Ordered by start, then id.</summary>
    Task<IReadOnlyList<EventListing>> ListAsync(EventFilter filter);

    /// <summary>The ids of all events, ascending, after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<Guid>> PageOfIdsAsync(Guid after, int limit);

    /// <summary>The events whose prices demand may move at this moment. One query, which reads no event whole.</summary>
    Task<IReadOnlyList<PricedEvent>> PricedByDemandAsync(DateTimeOffset now);
}

/// <summary>What tells whether the prices of an event may have to be decided on again.</summary>
/// <param name="Taken">How many of its tickets are on payment or sold.</param>
internal readonly record struct PricedEvent(Guid Id, long Version, int Taken);

/// <param name="Changed">The event, one version after the one that it was decided on.</param>
/// <param name="Records">What is written with it.</param>
internal sealed record EventWrite(Event Changed, EventRecords Records);

/// <summary>What is written in the same write as a changed event.</summary>
internal sealed record EventRecords(IReadOnlyList<OutboxEntry> Messages, IReadOnlyList<PriceChange> Prices, PolicyChange? Policy = null)
{
    public static EventRecords None { get; } = new([], []);
}

/// <summary>Which events to list, from where on, and how many.</summary>
/// <param name="Words">All of them must occur in the <see cref="SearchText"/>.</param>
/// <param name="IncludeUnpublished">Also drafts, which only staff may see.</param>
/// <param name="StartsFrom">The earliest start; inclusive.</param>
/// <param name="StartsBefore">The end of the range of starts; exclusive.</param>
/// <param name="After">Where the page before ended.</param>
/// <param name="InStatus">Only those that are in a status at a time; null for all.</param>
internal sealed record EventFilter(
    IReadOnlyList<string> Words,
    bool IncludeUnpublished,
    DateTimeOffset? StartsFrom,
    DateTimeOffset? StartsBefore,
    (long StartsAtTicks, Guid Id)? After,
    int Limit,
    (EventStatus Status, DateTimeOffset At)? InStatus = null
);

/// <summary>An event in a list.</summary>
/// <param name="PriceFrom">The lowest price of a tier with available tickets; of all tiers when none is available.</param>
internal sealed record EventListing(
    Guid Id,
    string Name,
    string Venue,
    EventPhase Phase,
    DateTimeOffset? PublishedAt,
    string Currency,
    int Capacity,
    int Available,
    long PriceFrom
);
