using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Pricing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

/// <summary>A store that counts what readers ask of it, and lets a test come in between.</summary>
internal sealed class CountingStore(IEventStore store) : IEventStore
{
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <summary>What happens just before a change is written.</summary>
    public Func<Task>? BeforeReplace { get; set; }

    /// <summary>What happens just before an event is read.</summary>
    public Func<Task>? BeforeFind { get; set; }

    public IOutbox Outbox => store.Outbox;

    public Task AddAsync(Event made) => store.AddAsync(made);

    public async Task<bool> ReplaceAsync(Event changed, EventRecords records)
    {
        if (BeforeReplace is { } comesFirst)
        {
            BeforeReplace = null;
            await comesFirst();
        }

        return await store.ReplaceAsync(changed, records);
    }

    public async Task<Event?> FindAsync(Guid id)
    {
        if (BeforeFind is { } comesFirst)
        {
            BeforeFind = null;
            await comesFirst();
        }

        return await Counted(store.FindAsync(id));
    }

    public Task<IReadOnlyList<EventListing>> ListAsync(EventFilter filter) => Counted(store.ListAsync(filter));

    public Task<IReadOnlyList<TakenTicket>> TakenTicketsAsync(Guid eventId, int first, int last) => Counted(store.TakenTicketsAsync(eventId, first, last));

    public Task<bool> ApplyAsync(Sale sale, InboxKey key, DateTimeOffset now) => store.ApplyAsync(sale, key, now);

    public Task<IReadOnlyList<PriceChange>> PriceChangesAsync(Guid eventId, Guid? tierId, (long Version, Guid TierId)? after, int limit) => store.PriceChangesAsync(eventId, tierId, after, limit);

    public Task<IReadOnlyList<PolicyChange>> PolicyChangesAsync(Guid eventId, int limit) => store.PolicyChangesAsync(eventId, limit);

    public Task<IReadOnlyList<DemandMinute>> DemandAsync(Guid eventId, long fromMinute) => store.DemandAsync(eventId, fromMinute);

    public Task ForgetDemandAsync(long beforeMinute) => store.ForgetDemandAsync(beforeMinute);

    public Task<IReadOnlyList<Guid>> PricedByDemandAsync(DateTimeOffset now) => store.PricedByDemandAsync(now);

    public Task<IReadOnlyList<Guid>> PageOfIdsAsync(Guid after, int limit) => store.PageOfIdsAsync(after, limit);

    public Task<Ledger?> LedgerAsync(Guid eventId) => store.LedgerAsync(eventId);

    public Task<IReadOnlyDictionary<Guid, KnownSale>> SalesAsync(IReadOnlyList<(Guid EventId, Guid OrderId)> orders) => store.SalesAsync(orders);

    private T Counted<T>(T answer)
    {
        Interlocked.Increment(ref count);
        return answer;
    }
}
