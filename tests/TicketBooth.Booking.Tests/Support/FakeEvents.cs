using System.Collections.Concurrent;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Tests.Support;

/// <summary>Stands for Events: knows the events that a test has put on sale.</summary>
internal sealed class FakeEvents(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, EventForSale> events = new();
    private int queries;
    private int versionQueries;

    public EventForSale this[Guid id] => events[id];

    /// <summary>The events whose queries fail, as when their store is out of reach.</summary>
    public HashSet<Guid> Failing { get; } = [];

    /// <summary>The events about which a message is on its way.</summary>
    public HashSet<Guid> Pending { get; } = [];

    /// <summary>How often somebody asked for one event.</summary>
    public int Queries => queries;

    /// <summary>How often somebody asked for the versions of many.</summary>
    public int VersionQueries => versionQueries;

    public EventForSale? Find(Guid id) => events.GetValueOrDefault(id);

    /// <summary>Puts an event on sale: one tier per number of tickets given, its first at 100.00, each next one 50.00 dearer.</summary>
    public EventForSale Publish(params int[] tickets)
    {
        var tiers = new List<TierForSale>();
        var first = 1;
        foreach (var count in tickets)
        {
            tiers.Add(new TierForSale(Guid.CreateVersion7(clock.GetUtcNow()), 10_000 + (5_000 * tiers.Count), [new TicketRange(first, count)]));
            first += count;
        }

        var now = clock.GetUtcNow();
        return Put(new EventForSale(TaggedId.NewBase(now), 1, now.AddDays(-1), now.AddDays(5), now.AddDays(6), "BRL", Large: false, IsCanceled: false, tiers));
    }

    public EventForSale Put(EventForSale sale) => events[sale.Id] = sale;

    /// <summary>Changes an event as its next revision.</summary>
    public EventForSale Change(Guid id, Func<EventForSale, EventForSale> change) => Put(change(events[id]) with { Version = events[id].Version + 1 });

    internal sealed class Handler(FakeEvents events) : IRequestHandler<GetEventForSale, Result<EventForSale>>
    {
        public Task<Result<EventForSale>> Handle(GetEventForSale request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref events.queries);
            return events.Failing.Contains(request.EventId)
                ? Task.FromException<Result<EventForSale>>(new IOException("This disk is gone."))
                : Task.FromResult<Result<EventForSale>>(events.Find(request.EventId) is { } sale ? sale : Error.NotFound("event-not-found", "No such event."));
        }
    }

    internal sealed class VersionsHandler(FakeEvents events) : IRequestHandler<GetEventVersions, Result<IReadOnlyDictionary<Guid, long>>>
    {
        public Task<Result<IReadOnlyDictionary<Guid, long>>> Handle(GetEventVersions request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref events.versionQueries);
            return Task.FromResult(Result<IReadOnlyDictionary<Guid, long>>.From(request.EventIds.ToDictionary(id => id, id => events[id].Version)));
        }
    }

    internal sealed class PendingHandler(FakeEvents events) : IRequestHandler<FindPendingEvents, Result<IReadOnlySet<Guid>>>
    {
        public Task<Result<IReadOnlySet<Guid>>> Handle(FindPendingEvents request, CancellationToken cancellationToken) =>
            Task.FromResult(Result<IReadOnlySet<Guid>>.From(request.EventIds.Where(events.Pending.Contains).ToHashSet()));
    }
}

internal static class SaleExtensions
{
    public static Guid Ticket(this EventForSale sale, int number) => TaggedId.Of(sale.Id, (ushort)number);

    public static Guid[] TicketIds(this EventForSale sale, params int[] numbers) => [.. numbers.Select(sale.Ticket)];
}
