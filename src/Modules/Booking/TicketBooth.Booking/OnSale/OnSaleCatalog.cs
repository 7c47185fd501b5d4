using System.Collections.Concurrent;
using MediatR;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.OnSale;

/// <summary>
/// The events that this host has sold, as Booking knows them: queried once, then followed for as long as the host runs, so that an order
/// needs no query. Also after their sale has closed: it may be extended, and late payments come in.
/// </summary>
internal sealed class OnSaleCatalog(IServiceScopeFactory scopes, IBookingDirectory directory, TimeProvider clock)
{
    /// <summary>
    /// How long a host may go on by an event's former state. What is not known to be current for so long is queried again before it is
    /// used.
    /// </summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    private const int EventsAtATime = 1_000;

    private readonly ConcurrentDictionary<Guid, Known> events = new();
    private readonly ConcurrentDictionary<Guid, Lazy<Task<Result<EventOnSale>>>> queries = new();
    private readonly ConcurrentDictionary<Guid, EventOnSale> canceled = new();

    /// <summary>
    /// Events that were canceled while this host sold them: it may have sold some tickets, or taken money, before it knew.
    /// </summary>
    public IReadOnlyCollection<EventOnSale> CanceledWhileSold => [.. canceled.Values];

    /// <summary>The event, from memory or, when that may be outdated, from Events. Fails with <c>event-not-found</c>.</summary>
    public ValueTask<Result<EventOnSale>> FindAsync(Guid eventId, CancellationToken cancellationToken) =>
        FindCurrent(eventId) is { } sale ? ValueTask.FromResult<Result<EventOnSale>>(sale) : new(QueryAsync(eventId, cancellationToken));

    /// <summary>The event from memory; null when Events must be asked.</summary>
    public EventOnSale? FindCurrent(Guid eventId) =>
        events.TryGetValue(eventId, out var known) && clock.GetElapsedTime(known.CurrentAt) < Bound ? known.Sale : null;

    /// <summary>
    /// The event as <see cref="FindAsync"/> finds it. Throws when Events does not know it, so that a message about it is delivered again.
    /// </summary>
    public async ValueTask<EventOnSale> FindKnownAsync(Guid eventId, CancellationToken cancellationToken) =>
        KnownOrThrow(eventId, await FindAsync(eventId, cancellationToken));

    /// <summary>The latest known state of an event that <see cref="FindAsync"/> has found before.</summary>
    public EventOnSale Newest(Guid eventId) => events[eventId].Sale;

    /// <summary>Queries Events again. An answer that is older than the known state changes nothing.</summary>
    public async Task<Result<EventOnSale>> RefreshAsync(Guid eventId, CancellationToken cancellationToken)
    {
        var before = events.GetValueOrDefault(eventId);
        var queriedAt = clock.GetTimestamp();
        var answer = await SendAsync(new GetEventForSale(eventId), cancellationToken);
        if (answer.Error is { } error)
        {
            return error;
        }

        var shard = before?.Sale.Shard ?? await directory.AssignAsync(eventId, answer.Value.Large);
        var fresh = new Known(new EventOnSale(answer.Value, shard), queriedAt);
        var after = events.AddOrUpdate(eventId, fresh, (_, known) => known.Sale.Version > fresh.Sale.Version ? known : fresh);
        if (before is { Sale.IsCanceled: false } && after.Sale.IsCanceled)
        {
            canceled[eventId] = after.Sale;
        }

        return after.Sale;
    }

    /// <summary>
    /// Refreshes an event that a message is about. Throws when Events does not know it, so that the message is delivered again.
    /// </summary>
    public async Task<EventOnSale> RefreshKnownAsync(Guid eventId, CancellationToken cancellationToken) =>
        KnownOrThrow(eventId, await RefreshAsync(eventId, cancellationToken));

    /// <summary>Asks Events, a thousand events in one query, which of them have changed. All others are current.</summary>
    public async Task<IReadOnlyList<Guid>> FindOutdatedAsync(CancellationToken cancellationToken)
    {
        var outdated = new List<Guid>();
        foreach (var ids in events.Keys.Chunk(EventsAtATime))
        {
            var askedAt = clock.GetTimestamp();
            var versions = (await SendAsync(new GetEventVersions(ids), cancellationToken)).Value;
            foreach (var id in ids)
            {
                var known = events[id];
                if (versions.GetValueOrDefault(id, long.MaxValue) > known.Sale.Version)
                {
                    outdated.Add(id);
                }
                else if (known.CurrentAt < askedAt)
                {
                    events.TryUpdate(id, known with { CurrentAt = askedAt }, known);
                }
            }
        }

        return outdated;
    }

    /// <summary>Nothing is left of what this host sold of a canceled event.</summary>
    public void Forget(EventOnSale canceledEvent) => canceled.TryRemove(canceledEvent.Id, out _);

    /// <summary>Any number of callers share one query.</summary>
    private async Task<Result<EventOnSale>> QueryAsync(Guid eventId, CancellationToken cancellationToken)
    {
        var query = queries.GetOrAdd(eventId, id => new Lazy<Task<Result<EventOnSale>>>(() => RefreshAsync(id, CancellationToken.None)));
        try
        {
            return await query.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            queries.TryRemove(KeyValuePair.Create(eventId, query));
        }
    }

    private async Task<T> SendAsync<T>(IRequest<T> request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, cancellationToken);
    }

    private static EventOnSale KnownOrThrow(Guid eventId, Result<EventOnSale> found) =>
        found.Error is { } error
            ? throw new InvalidOperationException($"A message is about event {eventId}, which Events does not know: {error.Code}.")
            : found.Value;

    /// <param name="CurrentAt">The last moment at which Events was known to have nothing newer.</param>
    private sealed record Known(EventOnSale Sale, long CurrentAt);
}
