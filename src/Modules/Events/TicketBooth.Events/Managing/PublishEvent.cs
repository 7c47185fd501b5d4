using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Events.Managing;

/// <summary>Makes a draft public.</summary>
internal static partial class PublishEvent
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/events/{id:guid}/publish",
                async (Guid id, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                    (
                        await mediator.Send(
                            new Contracts.PublishEvent(
                                id,
                                http.User.ToActor(),
                                Remembered.RevisionOf(http.Request.Headers.IfMatch),
                                http.OperationId()
                            ),
                            cancellationToken
                        )
                    ).ToHttp(http, TypedResults.Ok)
            )
            .RequireAdmin()
            .WithName("PublishEvent")
            .WithSummary("Publishes an event")
            .WithDescription(
                """
                The event is public from now on, and on sale from `publishedAt` (now, when it has none) to `endsSellingAt`. Publishing
                twice changes nothing. With the event's `ETag` as `If-Match` 412 `event-changed` when it was edited since. Fails with 404
                `event-not-found`, 409 `event-canceled`, or 422 `sale-over`, `start-passed` or `currency-not-accepted`.
                """
            )
            .WithTags("Events")
            .WithExamples(response: EventExamples.Published)
            .ReadsHeader("If-Match", "The `ETag` of the event as it was read; it is not published when it was edited since.")
            .ReturnsHeader(StatusCodes.Status200OK, "ETag", "For `If-Match` of the next change.")
            .Produces<EventDetails>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "event-canceled")
            .ProducesErrors(StatusCodes.Status412PreconditionFailed, "event-changed")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "currency-not-accepted", "sale-over", "start-passed");

    internal sealed class Validator : AbstractValidator<Contracts.PublishEvent>
    {
        public Validator() => RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
    }

    internal sealed partial class Handler(IMediator mediator, EventWriter writer, ILogger<Handler> logger)
        : IRequestHandler<Contracts.PublishEvent, Result<EventDetails>>
    {
        public async Task<Result<EventDetails>> Handle(Contracts.PublishEvent request, CancellationToken cancellationToken)
        {
            var cause = new PriceCause(PriceChangeReason.Published, request.By);
            var accepted = (await mediator.Send(new GetAcceptedCurrencies(), cancellationToken)).Value;
            var published = await writer.ChangeAsync(request.EventId, request.OperationId, request.Revision, (current, now) =>
                Decide(current, accepted, cause, now)
            );
            if (published.IsSuccess && published.Value.IsChange)
            {
                LogPublished(logger, request.EventId);
            }

            return published.Map(change => change.After.ToDetails(change.At));
        }

        private static Result<EventChange> Decide(Event current, AcceptedCurrencies accepted, PriceCause cause, DateTimeOffset now) =>
            current
                .Publish(now)
                .InAcceptedCurrency(current, accepted)
                .Map(published =>
                    EventChange.Of(current, published, now, cause, new EventPublished(published.Id, published.Revision, now))
                );

        [LoggerMessage(EventId = 3002, Level = LogLevel.Information, Message = "Event {EventId} published")]
        private static partial void LogPublished(ILogger logger, Guid eventId);
    }
}
