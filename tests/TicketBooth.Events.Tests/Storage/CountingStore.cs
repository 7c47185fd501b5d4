using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Tests.Storage;

/// <summary>A store that counts what readers ask of it, and lets a test come in between.</summary>
internal sealed class CountingStore(IEventStore events, ITicketStateStore tickets) : IEventStore, ITicketStateStore
{
    private int count;

    public int Count => Volatile.Read(ref count);

    /// <summary>What happens just before a change is written.</summary>
    public Func<Task>? BeforeReplace { get; set; }

    /// <summary>What happens just before an event is read.</summary>
    public Func<Task>? BeforeFind { get; set; }

    public IOutbox Outbox => events.Outbox;

    public Task<bool> AddAsync(Event made) => events.AddAsync(made);

    public Task<bool> DeleteDraftAsync(Guid id) => events.DeleteDraftAsync(id);

    public async Task<bool> ChangeAsync(Guid id, Func<Event, EventWrite?> decide)
    {
        if (BeforeReplace is { } comesFirst)
        {
            // What is decided first is not written: another change comes in between.
            BeforeReplace = null;
            if (await events.FindAsync(id) is not { } current || decide(current) is null)
            {
                return false;
            }

            await comesFirst();
        }

        return await events.ChangeAsync(id, decide);
    }

    public async Task<Event?> FindAsync(Guid id)
    {
        if (BeforeFind is { } comesFirst)
        {
            BeforeFind = null;
            await comesFirst();
        }

        return await Counted(events.FindAsync(id));
    }

    public Task<IReadOnlyDictionary<Guid, long>> VersionsAsync(IReadOnlyCollection<Guid> ids) => events.VersionsAsync(ids);

    public Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> ids) => events.WithPendingMessagesAsync(ids);

    public Task<IReadOnlyList<EventListing>> ListAsync(EventFilter filter) => Counted(events.ListAsync(filter));

    public Task<IReadOnlyList<Guid>> PageOfIdsAsync(Guid after, int limit) => events.PageOfIdsAsync(after, limit);

    public Task<IReadOnlyList<PricedEvent>> PricedByDemandAsync(DateTimeOffset now) => events.PricedByDemandAsync(now);

    public Task<IReadOnlyList<TakenTicket>> TakenTicketsAsync(Guid eventId, int first, int last) => Counted(tickets.TakenTicketsAsync(eventId, first, last));

    public Task<IReadOnlyCollection<Guid>> ApplyAsync(IReadOnlyList<TicketUpdate> updates) => tickets.ApplyAsync(updates);

    public Task<IReadOnlyList<DemandMinute>> DemandAsync(Guid eventId, long fromMinute) => tickets.DemandAsync(eventId, fromMinute);

    public Task ForgetDemandAsync(long beforeMinute) => tickets.ForgetDemandAsync(beforeMinute);

    public Task<Ledger?> LedgerAsync(Guid eventId) => tickets.LedgerAsync(eventId);

    public Task<bool> RecountAsync(Guid eventId) => tickets.RecountAsync(eventId);

    public Task<IReadOnlyDictionary<Guid, KnownOrder>> OrdersAsync(IReadOnlyList<(Guid EventId, Guid OrderId)> orders) => tickets.OrdersAsync(orders);

    private T Counted<T>(T answer)
    {
        Interlocked.Increment(ref count);
        return answer;
    }
}
