using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Browsing;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Managing;

/// <summary>Calls an event off.</summary>
internal static partial class CancelEvent
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/events/{id:guid}/cancel",
                async (Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
                    (await mediator.Send(new Contracts.CancelEvent(id, user.ToActor()), cancellationToken)).ToHttp(TypedResults.Ok)
            )
            .RequireAdmin()
            .WithName("CancelEvent")
            .WithSummary("Cancels an event")
            .WithDescription(
                "For good. Orders on payment are canceled and paid orders refunded, which follows within moments. The event stays visible as `canceled`, unless it never was published. Canceling twice changes nothing. Fails with 404 `event-not-found`."
            )
            .WithTags("Events")
            .WithExamples(response: EventExamples.Canceled)
            .Produces<EventDetails>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);

    internal sealed class Validator : AbstractValidator<Contracts.CancelEvent>
    {
        public Validator() => RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
    }

    internal sealed partial class Handler(IEventStore store, EventWriter writer, TimeProvider clock, ILogger<Handler> logger)
        : IRequestHandler<Contracts.CancelEvent, Result<EventDetails>>
    {
        public async Task<Result<EventDetails>> Handle(Contracts.CancelEvent request, CancellationToken cancellationToken)
        {
            // Goes round again only when another change was written in between, so somebody always gets ahead.
            while (await store.FindAsync(request.EventId) is { } current)
            {
                var now = clock.GetUtcNow();
                var canceled = current.Cancel();
                if (canceled.Revision == current.Revision)
                {
                    return current.ToDetails(now);
                }

                // A draft has no buyers, so there is nobody to tell.
                OutboxEntry[] messages = canceled.IsPublished
                    ? [MessageCodec.Encode(new EventCanceled(canceled.Id, canceled.Revision, now), canceled.Id, now)]
                    : [];
                if (await writer.TryWriteAsync(canceled, [], now, messages))
                {
                    LogCanceled(logger, canceled.Id);
                    return canceled.ToDetails(now);
                }
            }

            return EventErrors.NotFound;
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "Event {EventId} canceled")]
        private static partial void LogCanceled(ILogger logger, Guid eventId);
    }
}
