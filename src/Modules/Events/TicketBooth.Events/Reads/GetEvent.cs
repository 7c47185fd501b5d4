using System.Security.Claims;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Reads;

/// <summary>Shows one event with its tiers.</summary>
internal static class GetEvent
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/events/{id:guid}",
                async (Guid id, ClaimsPrincipal user, Handler handler, CancellationToken cancellationToken) =>
                {
                    var found = await handler.FindAsync(id, cancellationToken);
                    return found is not null && (found.IsPublic || user.IsStaff())
                        ? new RememberedResult(found)
                        : EventsErrors.NotFound.ToProblem();
                }
            )
            .WithName("GetEvent")
            .WithSummary("Shows an event")
            .WithDescription(
                """
                Prices are integer cents of the event's currency; tiers come in the organiser's order. Counts follow sales within moments.
                A draft is `event-not-found` to all but staff. Send the `ETag` back as `If-None-Match`: 304 while nothing has changed.
                """
            )
            .WithTags("Events")
            .WithExamples(response: EventExamples.Published)
            .Produces<EventDetails>()
            .Produces(StatusCodes.Status304NotModified)
            .WithRevalidation()
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found");

    /// <remarks>Called without the mediator: a cached event costs a look-up in memory and a copy of its bytes, and nothing more.</remarks>
    internal sealed class Handler(IEventStore store, ReadCache cache, TimeProvider clock, IOptions<JsonOptions> json)
    {
        public ValueTask<Remembered?> FindAsync(Guid id, CancellationToken cancellationToken) =>
            cache.GetAsync(new ReadKey(id, ""), (this, id), static state => state.Item1.LoadAsync(state.id), cancellationToken);

        private async Task<Remembered?> LoadAsync(Guid id)
        {
            var now = clock.GetUtcNow();
            return await store.FindAsync(id) is { } found
                ? Remembered.Of(
                    found.ToDetails(now),
                    json.Value.SerializerOptions,
                    found.Phase.StatusHoldsUntil(now),
                    found.IsPublished,
                    found.Revision
                )
                : null;
        }
    }
}
