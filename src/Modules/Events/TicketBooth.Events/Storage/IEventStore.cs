using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Pricing;

namespace TicketBooth.Events.Storage;

/// <summary>Where events and what is known of their sales are kept. Every write is atomic and durable when its task completes.</summary>
internal interface IEventStore
{
    /// <summary>What the store has to tell other modules.</summary>
    IOutbox Outbox { get; }

    Task AddAsync(Event made);

    /// <summary>
    /// Writes <paramref name="changed"/> in place of the version just before it, with what is to be said and remembered of it; false, and nothing written, when
    /// another change came first. What the sales know (<see cref="Tier.Held"/>, <see cref="Tier.Sold"/>) stays as it is stored.
    /// </summary>
    Task<bool> ReplaceAsync(Event changed, EventRecords records);

    /// <summary>The event as it was at one moment; null when there is none.</summary>
    Task<Event?> FindAsync(Guid id);

    /// <summary>In the order of start and then id.</summary>
    Task<IReadOnlyList<EventListing>> ListAsync(EventFilter filter);

    /// <summary>The tickets numbered <paramref name="first"/> to <paramref name="last"/> that somebody holds or bought, ascending.</summary>
    Task<IReadOnlyList<TakenTicket>> TakenTicketsAsync(Guid eventId, int first, int last);

    /// <summary>
    /// Takes in what an order's message says, once per <paramref name="key"/> and never over a newer revision of the order; false when it changed nothing
    /// that a reader sees. Any order of arrival ends in the same state.
    /// </summary>
    Task<bool> ApplyAsync(Sale sale, InboxKey key, DateTimeOffset now);

    /// <summary>Price changes of an event, newest first; of one version in the order of the tiers' ids.</summary>
    /// <param name="tierId">Of this tier only.</param>
    /// <param name="after">Only what stands after this one.</param>
    Task<IReadOnlyList<PriceChange>> PriceChangesAsync(Guid eventId, Guid? tierId, (long Version, Guid TierId)? after, int limit);

    /// <summary>What people chose of an event's pricing, newest first.</summary>
    Task<IReadOnlyList<PolicyChange>> PolicyChangesAsync(Guid eventId, int limit);

    /// <summary>By how much each tier's counters changed, minute by minute, from a minute on, ascending. All of them together are the counters.</summary>
    Task<IReadOnlyList<DemandMinute>> DemandAsync(Guid eventId, long fromMinute);

    /// <summary>Forgets the minutes before this one, of all events.</summary>
    Task ForgetDemandAsync(long beforeMinute);

    /// <summary>The events whose prices demand may move at this moment.</summary>
    Task<IReadOnlyList<Guid>> PricedByDemandAsync(DateTimeOffset now);

    /// <summary>The ids of all events, ascending, after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<Guid>> PageOfIdsAsync(Guid after, int limit);

    /// <summary>An event with everything its counters are counted from, all as it was at one moment.</summary>
    Task<Ledger?> LedgerAsync(Guid eventId);

    /// <summary>What is known of these orders; the unknown ones are missing.</summary>
    Task<IReadOnlyDictionary<Guid, KnownSale>> SalesAsync(IReadOnlyList<(Guid EventId, Guid OrderId)> orders);
}

/// <summary>What is written along with a changed event, or not at all.</summary>
internal sealed record EventRecords(IReadOnlyList<OutboxEntry> Messages, IReadOnlyList<PriceChange> Prices, PolicyChange? Policy = null)
{
    public static EventRecords None { get; } = new([], []);
}

/// <summary>Which events, from where on, and how many.</summary>
/// <param name="Words">All of them must occur in the <see cref="SearchText"/>.</param>
/// <param name="IncludeUnpublished">Also what only staff may see.</param>
/// <param name="StartsFrom">The earliest start.</param>
/// <param name="StartsBefore">The first start that is too late.</param>
/// <param name="After">Only what stands after this start and id.</param>
internal sealed record EventFilter(
    IReadOnlyList<string> Words,
    bool IncludeUnpublished,
    DateTimeOffset? StartsFrom,
    DateTimeOffset? StartsBefore,
    (long StartsAtTicks, Guid Id)? After,
    int Limit
);

/// <summary>What a list shows of an event.</summary>
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

/// <summary>An event, who stands on which of its tickets, and which of its orders have not given theirs back.</summary>
internal sealed record Ledger(Event Event, IReadOnlyList<Claim> Claims, IReadOnlyList<KnownSale> ActiveSales);
