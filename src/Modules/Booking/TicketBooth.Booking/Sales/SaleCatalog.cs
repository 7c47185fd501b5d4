using System.Collections.Concurrent;
using MediatR;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Sales;

/// <summary>The events on sale as Booking knows them: asked for once, kept fresh by messages, so that a purchase asks nobody.</summary>
internal sealed class SaleCatalog(IServiceScopeFactory scopes, IBookingDirectory directory)
{
    private readonly ConcurrentDictionary<Guid, EventOnSale> events = new();

    /// <summary>The events that were asked for and may still be sold.</summary>
    public IReadOnlyList<Guid> OpenAt(DateTimeOffset now) =>
        [.. events.Values.Where(sale => !sale.IsCanceled && now < sale.SaleClosesAt).Select(sale => sale.Id)];

    /// <summary>The event, from memory or (the first time) from Events. Fails with <c>event-not-found</c>.</summary>
    public ValueTask<Result<EventOnSale>> FindAsync(Guid eventId, CancellationToken cancellationToken) =>
        events.TryGetValue(eventId, out var known)
            ? ValueTask.FromResult<Result<EventOnSale>>(known)
            : new(RefreshAsync(eventId, cancellationToken));

    /// <summary>The newest that is known of an event that <see cref="FindAsync"/> has found before.</summary>
    public EventOnSale Newest(Guid eventId) => events[eventId];

    /// <summary>Asks Events again. An answer that is older than what is known changes nothing.</summary>
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
}
