using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads;
using TicketBooth.Events.Reads.Cache;

namespace TicketBooth.Events.Managing;

/// <summary>Cancels an event.</summary>
internal static partial class CancelEvent
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/events/{id:guid}/cancel",
                async (Guid id, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                    (
                        await mediator.Send(
                            new Contracts.CancelEvent(
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
            .WithName("CancelEvent")
            .WithSummary("Cancels an event")
            .WithDescription(
                """
                This cannot be undone. Orders on payment are canceled and paid orders refunded within moments. The event stays visible
                as `canceled`, unless it never was published. Canceling twice changes nothing. With the event's `ETag` as `If-Match`
                412 `event-changed` when it was edited since. Fails with 404 `event-not-found`.
                """
            )
            .WithTags("Events")
            .WithExamples(response: EventExamples.Canceled)
            .ReadsHeader("If-Match", "The `ETag` of the event as it was read; it is not canceled when it was edited since.")
            .ReturnsHeader(StatusCodes.Status200OK, "ETag", "For `If-Match` of the next change.")
            .Produces<EventDetails>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status412PreconditionFailed, "event-changed");

    internal sealed class Validator : AbstractValidator<Contracts.CancelEvent>
    {
        public Validator() => RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
    }

    internal sealed partial class Handler(EventWriter writer, ILogger<Handler> logger)
        : IRequestHandler<Contracts.CancelEvent, Result<EventDetails>>
    {
        public async Task<Result<EventDetails>> Handle(Contracts.CancelEvent request, CancellationToken cancellationToken)
        {
            var canceled = await writer.ChangeAsync(request.EventId, request.OperationId, request.Revision, Decide);
            if (canceled.IsSuccess && canceled.Value.IsChange)
            {
                LogCanceled(logger, request.EventId);
            }

            return canceled.Map(change => change.After.ToDetails(change.At));
        }

        private static Result<EventChange> Decide(Event current, DateTimeOffset now)
        {
            // No other module knows of a draft.
            var canceled = current.Cancel();
            var message = canceled.IsPublished ? new EventCanceled(canceled.Id, canceled.Revision, now) : null;
            return EventChange.Of(current, canceled, now, message);
        }

        [LoggerMessage(EventId = 3003, Level = LogLevel.Information, Message = "Event {EventId} canceled")]
        private static partial void LogCanceled(ILogger logger, Guid eventId);
    }
}
