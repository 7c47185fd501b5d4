using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Reads;

/// <summary>Gives other modules the facts of events that they keep copies of.</summary>
internal static class EventFactsQueries
{
    internal sealed class ListValidator : AbstractValidator<ListEventFacts>
    {
        public ListValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, 1_000);
    }

    internal sealed class ListHandler(IEventStore store) : IRequestHandler<ListEventFacts, Result<IReadOnlyList<EventFacts>>>
    {
        public async Task<Result<IReadOnlyList<EventFacts>>> Handle(ListEventFacts request, CancellationToken cancellationToken) =>
            Result<IReadOnlyList<EventFacts>>.From(
                await store.FactsAsync(await store.PageOfIdsAsync(request.After ?? Guid.Empty, request.Limit))
            );
    }

    internal sealed class GetHandler(IEventStore store) : IRequestHandler<GetEventFacts, Result<IReadOnlyList<EventFacts>>>
    {
        public async Task<Result<IReadOnlyList<EventFacts>>> Handle(GetEventFacts request, CancellationToken cancellationToken) =>
            Result<IReadOnlyList<EventFacts>>.From(await store.FactsAsync(request.EventIds));
    }

    private static async Task<IReadOnlyList<EventFacts>> FactsAsync(this IEventStore store, IReadOnlyList<Guid> ids)
    {
        var facts = new List<EventFacts>(ids.Count);
        foreach (var id in ids)
        {
            if (await store.FindAsync(id) is { } found)
            {
                facts.Add(FactsOf(found));
            }
        }

        return facts;
    }

    private static EventFacts FactsOf(Event found) =>
        new(
            found.Id,
            found.Version,
            found.IsPublished,
            found.IsCanceled,
            found.Name,
            found.Venue,
            found.StartsAt,
            found.PublishedAt,
            found.EndsSellingAt,
            found.Currency,
            found.Capacity,
            [.. found.Tiers.Select(tier => new TierFacts(tier.Id, tier.Name, tier.Price, tier.Released, tier.OffSale))]
        );
}
