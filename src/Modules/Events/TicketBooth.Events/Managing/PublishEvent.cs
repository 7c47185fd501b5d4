using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Browsing;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Pricing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Managing;

/// <summary>Makes a draft public.</summary>
internal static partial class PublishEvent
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/events/{id:guid}/publish",
                async (Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
                    (await mediator.Send(new Contracts.PublishEvent(id, user.ToActor()), cancellationToken)).ToHttp(TypedResults.Ok)
            )
            .RequireAdmin()
            .WithName("PublishEvent")
            .WithSummary("Publishes an event")
            .WithDescription(
                "The event is public from now on, and on sale from `publishedAt` (now, when it has none) to `endsSellingAt`. Publishing twice changes nothing. Fails with 404 `event-not-found`, 409 `event-canceled` or 422 `sale-over`."
            )
            .WithTags("Events")
            .WithExamples(response: EventExamples.Published)
            .Produces<EventDetails>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal sealed class Validator : AbstractValidator<Contracts.PublishEvent>
    {
        public Validator() => RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
    }

    internal sealed partial class Handler(IEventStore store, EventWriter writer, TimeProvider clock, ILogger<Handler> logger)
        : IRequestHandler<Contracts.PublishEvent, Result<EventDetails>>
    {
        public async Task<Result<EventDetails>> Handle(Contracts.PublishEvent request, CancellationToken cancellationToken)
        {
            // Goes round again only when another change was written in between, so somebody always gets ahead.
            while (await store.FindAsync(request.EventId) is { } current)
            {
                var now = clock.GetUtcNow();
                var publish = current.Publish(now);
                if (publish.Error is { } error)
                {
                    return error;
                }

                var published = publish.Value;
                if (published.Revision == current.Revision)
                {
                    return current.ToDetails(now);
                }

                var message = MessageCodec.Encode(new EventPublished(published.Id, published.Revision, now), published.Id, now);
                if (await writer.TryWriteAsync(current, published, new PriceCause(PriceChangeReason.Published, request.By), now, [message]))
                {
                    LogPublished(logger, published.Id);
                    return published.ToDetails(now);
                }
            }

            return EventErrors.NotFound;
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "Event {EventId} published")]
        private static partial void LogPublished(ILogger logger, Guid eventId);
    }
}
