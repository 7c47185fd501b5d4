using System.Collections.Concurrent;
using MediatR;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Admissions.Doors;

/// <summary>
/// Events as their doors know them. What a host has read counts for a second, so that a queue at a door costs no query each.
/// </summary>
internal sealed class KnownEvents(IDoorStore store, IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);

    // At peak a house has a few doors; what is remembered of others costs less than finding out.
    private const int MostRemembered = 1_000;

    private readonly ConcurrentDictionary<Guid, (DoorEvent Event, long ReadAt)> remembered = new();

    /// <summary>Null for an event that does not exist, or is not published.</summary>
    public async Task<DoorEvent?> FindAsync(Guid eventId, CancellationToken cancellationToken)
    {
        if (remembered.TryGetValue(eventId, out var known) && clock.GetElapsedTime(known.ReadAt) < Remembered)
        {
            return known.Event;
        }

        return await ReadAsync(eventId, cancellationToken);
    }

    /// <summary>As it is stored now.</summary>
    public async Task<DoorEvent?> ReadAsync(Guid eventId, CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        var found = await store.FindEventAsync(eventId);
        if (found is null)
        {
            await RefreshAsync(eventId, cancellationToken);
            found = await store.FindEventAsync(eventId);
        }

        if (found is not null)
        {
            if (remembered.Count >= MostRemembered)
            {
                remembered.Clear();
            }

            remembered[eventId] = (found, readAt);
        }

        return found;
    }

    /// <summary>Asks Events how the event is now.</summary>
    public async Task RefreshAsync(Guid eventId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var asked = await mediator.Send(new GetEventFacts([eventId]), cancellationToken);
        if (asked.IsSuccess && asked.Value is [{ IsPublished: true } facts])
        {
            await store.SaveFactsAsync(
                new DoorEvent(
                    facts.Id,
                    facts.Version,
                    facts.Name,
                    facts.Venue,
                    facts.StartsAt,
                    facts.Currency,
                    facts.IsCanceled,
                    [.. facts.Tiers.Select(tier => new DoorTier(tier.Id, tier.Name))]
                )
            );
            Forget(eventId);
        }
    }

    public void Forget(Guid eventId) => remembered.TryRemove(eventId, out _);
}
