using System.Collections.Concurrent;
using MediatR;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.OnSale;

/// <summary>
/// The events on sale as Booking knows them: queried once, then kept current by messages, so that an order needs no query.
/// </summary>
internal sealed class OnSaleCatalog(IServiceScopeFactory scopes, IBookingDirectory directory)
{
    private readonly ConcurrentDictionary<Guid, EventOnSale> events = new();

    /// <summary>The events that this host has used and that may still be sold.</summary>
    public IReadOnlyList<Guid> OpenAt(DateTimeOffset now) =>
        [.. events.Values.Where(sale => !sale.IsCanceled && now < sale.SaleClosesAt).Select(sale => sale.Id)];

    /// <summary>The event, from memory or (the first time) from Events. Fails with <c>event-not-found</c>.</summary>
    public ValueTask<Result<EventOnSale>> FindAsync(Guid eventId, CancellationToken cancellationToken) =>
        events.TryGetValue(eventId, out var known)
            ? ValueTask.FromResult<Result<EventOnSale>>(known)
            : new(RefreshAsync(eventId, cancellationToken));

    /// <summary>
    /// The event as <see cref="FindAsync"/> finds it. Throws when Events does not know it, so that a message about it is delivered again.
    /// </summary>
    public async ValueTask<EventOnSale> FindKnownAsync(Guid eventId, CancellationToken cancellationToken) =>
        Known(eventId, await FindAsync(eventId, cancellationToken));

    /// <summary>The latest known state of an event that <see cref="FindAsync"/> has found before.</summary>
    public EventOnSale Newest(Guid eventId) => events[eventId];

    /// <summary>Queries Events again. An answer that is older than the known state changes nothing.</summary>
    public async Task<Result<EventOnSale>> RefreshAsync(Guid eventId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var answer = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new GetEventForSale(eventId), cancellationToken);
        if (answer.Error is { } error)
        {
            return error;
        }

        var shard = await directory.AssignAsync(eventId, answer.Value.Large);
        var fresh = new EventOnSale(answer.Value, shard);
        return events.AddOrUpdate(eventId, fresh, (_, known) => known.Version > fresh.Version ? known : fresh);
    }

    /// <summary>
    /// Refreshes an event that a message is about. Throws when Events does not know it, so that the message is delivered again.
    /// </summary>
    public async Task<EventOnSale> RefreshKnownAsync(Guid eventId, CancellationToken cancellationToken) =>
        Known(eventId, await RefreshAsync(eventId, cancellationToken));

    private static EventOnSale Known(Guid eventId, Result<EventOnSale> found) =>
        found.Error is { } error
            ? throw new InvalidOperationException($"A message is about event {eventId}, which Events does not know: {error.Code}.")
            : found.Value;
}
