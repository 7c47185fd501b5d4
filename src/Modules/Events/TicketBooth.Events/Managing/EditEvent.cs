using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Messaging;
using TicketBooth.BuildingBlocks.Results;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Browsing;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Managing;

/// <summary>Changes an event within what its buyers were promised.</summary>
internal static partial class EditEvent
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/api/v1/events/{id:guid}", async (Guid id, EventBody body, HttpRequest http, IMediator mediator, CancellationToken cancellationToken) =>
        {
            var edited = await mediator.Send(new Contracts.EditEvent(id, body.ToForm(), Remembered.RevisionOf(http.Headers.IfMatch)), cancellationToken);
            return edited.ToHttp(TypedResults.Ok);
        })
        .RequireAdmin()
        .WithName("EditEvent")
        .WithSummary("Changes an event")
        .WithDescription("The body is the whole event. A tier is recognised by its `id`, or by its name without one. A draft may change in everything. A published event keeps its currency and its tickets: tiers may be added, gain tickets and change their price, never lose tickets (422 `tickets-released`); tickets on payment or paid keep the price that they were ordered at. Send the event's `ETag` as `If-Match` to be refused with 409 `event-changed` when another administrator was faster. Also 409: `event-canceled`, `event-ended`.")
        .WithTags("Events")
        .WithExamples(request: EventExamples.Body, response: EventExamples.Published)
        .Produces<EventDetails>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal sealed class Validator : AbstractValidator<Contracts.EditEvent>
    {
        public Validator() => RuleFor(request => request.Form).SetValidator(new EventFormRules()).OverridePropertyName("");
    }

    internal sealed partial class Handler(IEventStore store, ReadCache cache, TimeProvider clock, ILogger<Handler> logger)
        : IRequestHandler<Contracts.EditEvent, Result<EventDetails>>
    {
        public async Task<Result<EventDetails>> Handle(Contracts.EditEvent request, CancellationToken cancellationToken)
        {
            if (await store.FindAsync(request.EventId) is not { } current)
            {
                return EventErrors.NotFound;
            }

            if (request.Revision is { } expected && expected != current.Revision)
            {
                return EventErrors.Changed;
            }

            var now = clock.GetUtcNow();
            var edit = current.Edit(request.Form, now);
            if (edit.Error is { } error)
            {
                return error;
            }

            var edited = edit.Value;
            var message = edited.IsPublished ? MessageCodec.Encode(new EventChanged(edited.Id, edited.Revision, now), edited.Id, now) : null;
            if (!await store.ReplaceAsync(edited, message))
            {
                return EventErrors.Changed;
            }

            await cache.EvictAsync(edited.Id);
            LogEdited(logger, edited.Id, edited.Revision);
            return edited.ToDetails(now);
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "Event {EventId} edited to revision {Revision}")]
        private static partial void LogEdited(ILogger logger, Guid eventId, long revision);
    }
}
