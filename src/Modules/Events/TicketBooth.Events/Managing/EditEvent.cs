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

/// <summary>Changes an event within what its buyers were promised.</summary>
internal static partial class EditEvent
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPut(
                "/api/v1/events/{id:guid}",
                async (
                    Guid id,
                    EventBody body,
                    HttpRequest http,
                    ClaimsPrincipal user,
                    IMediator mediator,
                    CancellationToken cancellationToken
                ) =>
                {
                    var edited = await mediator.Send(
                        new Contracts.EditEvent(id, body.ToForm(), Remembered.RevisionOf(http.Headers.IfMatch), user.ToActor()),
                        cancellationToken
                    );
                    return edited.ToHttp(TypedResults.Ok);
                }
            )
            .RequireAdmin()
            .WithName("EditEvent")
            .WithSummary("Changes an event")
            .WithDescription(
                "The body is the whole event. A tier is recognised by its `id`, or by its name without one. A draft may change in everything. A published event keeps its currency and its tickets: tiers may be added, gain tickets and change their price, never lose tickets (422 `tickets-released`); tickets on payment or paid keep the price that they were ordered at. A tier's `price` here is its base price, which demand and adjustments build on (see `GetPricing`). Send the event's `ETag` as `If-Match` to be refused with 409 `event-changed` when another administrator was faster. Also 409: `event-canceled`, `event-ended`."
            )
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
        public Validator()
        {
            RuleFor(request => request.Form).SetValidator(new EventFormRules()).OverridePropertyName("");
            RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
        }
    }

    internal sealed partial class Handler(IEventStore store, EventWriter writer, TimeProvider clock, ILogger<Handler> logger)
        : IRequestHandler<Contracts.EditEvent, Result<EventDetails>>
    {
        public async Task<Result<EventDetails>> Handle(Contracts.EditEvent request, CancellationToken cancellationToken)
        {
            // Goes round again only when no more than the prices moved in between: the edit is of the event as its editor saw it.
            for (long? seen = request.Revision; await store.FindAsync(request.EventId) is { } current; seen = current.Revision)
            {
                if (seen is { } expected && expected != current.Revision)
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
                OutboxEntry[] messages = edited.IsPublished
                    ? [MessageCodec.Encode(new EventChanged(edited.Id, edited.Revision, now), edited.Id, now)]
                    : [];
                if (await writer.TryWriteAsync(current, edited, new PriceCause(PriceChangeReason.Edited, request.By), now, messages))
                {
                    LogEdited(logger, edited.Id, edited.Revision);
                    return edited.ToDetails(now);
                }
            }

            return EventErrors.NotFound;
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "Event {EventId} edited to revision {Revision}")]
        private static partial void LogEdited(ILogger logger, Guid eventId, long revision);
    }
}
