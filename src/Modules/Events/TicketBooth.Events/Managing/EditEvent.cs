using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Events.Managing;

/// <summary>Changes an event without breaking what buyers were promised.</summary>
internal static partial class EditEvent
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPut(
                "/api/v1/events/{id:guid}",
                async (Guid id, EventBody body, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var edited = await mediator.Send(
                        new Contracts.EditEvent(
                            id,
                            body.ToForm(),
                            Remembered.RevisionOf(http.Request.Headers.IfMatch),
                            http.User.ToActor(),
                            Confirmed: body.Confirmed
                        ),
                        cancellationToken
                    );
                    return edited.ToHttp(http, TypedResults.Ok);
                }
            )
            .RequireAdmin()
            .WithName("EditEvent")
            .WithSummary("Changes an event")
            .WithDescription(
                """
                The body is the whole event. A tier is recognised by its `id`, or by its name without one. A draft may change in
                everything, but only in a currency that a payment gateway accepts (422 `currency-not-accepted`). A published event keeps its
                currency and its tickets: tiers may be added, gain tickets and change their price,
                never lose tickets (422 `tickets-released`); tickets on payment or paid keep the price that they were ordered at. A tier's
                `price` here is its base price, which demand and adjustments build on (see `GetPricing`). Send the event's `ETag` as
                `If-Match` to be refused with 412 `event-changed` when another administrator was faster. 409: `event-canceled`,
                `event-ended`, and `event-changed` without an `If-Match`. A start or an end of the sale that is changed must lie ahead.
                When people have tickets, another `startsAt` or `venue` is refused with 422 `tickets-sold` unless `confirmed` is true: they
                must be told. A start that is moved far after tickets were sold, earlier or later, opens a refund window for their buyers
                (`refundWindowUntil`).
                """
            )
            .WithTags("Events")
            .WithExamples(request: EventExamples.Body, response: EventExamples.Published)
            .ReadsHeader("If-Match", "The `ETag` of the event as it was read; the edit is refused when it was edited since.")
            .ReturnsHeader(StatusCodes.Status200OK, "ETag", "For `If-Match` of the next change.")
            .Produces<EventDetails>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "event-canceled", "event-changed", "event-ended")
            .ProducesErrors(StatusCodes.Status412PreconditionFailed, "event-changed")
            .ProducesErrors(
                StatusCodes.Status422UnprocessableEntity,
                "currency-not-accepted",
                "tickets-released",
                "tickets-sold",
                "validation-failed"
            );

    internal sealed class Validator : AbstractValidator<Contracts.EditEvent>
    {
        public Validator()
        {
            RuleFor(request => request.Form).SetValidator(new EventFormRules()).OverridePropertyName("");
            RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
        }
    }

    internal sealed partial class Handler(IMediator mediator, EventWriter writer, ILogger<Handler> logger)
        : IRequestHandler<Contracts.EditEvent, Result<EventDetails>>
    {
        public async Task<Result<EventDetails>> Handle(Contracts.EditEvent request, CancellationToken cancellationToken)
        {
            var accepted = (await mediator.Send(new GetAcceptedCurrencies(), cancellationToken)).Value;
            var postponement = (await mediator.Send(new GetPostponementRule(), cancellationToken)).Value;
            var edited = await writer.EditAsync(request.EventId, request.Revision, (current, now) =>
                Decide(current, request, accepted, postponement, now)
            );
            if (edited.IsSuccess)
            {
                LogEdited(logger, request.EventId, edited.Value.After.Revision);
            }

            return edited.Map(change => change.After.ToDetails(change.At));
        }

        private static Result<EventChange> Decide(
            Event current,
            Contracts.EditEvent request,
            AcceptedCurrencies accepted,
            PostponementRule postponement,
            DateTimeOffset now
        ) =>
            After(current, request, now)
                .InAcceptedCurrency(current, accepted)
                .Map(edited => edited.Following(current, postponement, now))
                .Map(edited =>
                    EventChange.Of(
                        current,
                        edited,
                        now,
                        new PriceCause(PriceChangeReason.Edited, request.By),
                        !edited.IsPublished ? null
                            : current.IsPublished ? new EventChanged(edited.Id, edited.Revision, now)
                            : new EventPublished(edited.Id, edited.Revision, now)
                    )
                );

        private static Result<Event> After(Event current, Contracts.EditEvent request, DateTimeOffset now)
        {
            if (request.Version is { } shown && shown != current.Version)
            {
                return EventsErrors.PricesChanged;
            }

            if (!request.Confirmed && EventTimes.IsMovedForBuyers(current, request.Form))
            {
                return EventsErrors.TicketsSold;
            }

            var edited = current.Edit(request.Form, now);
            return edited.IsSuccess && request.Publish
                // Both are one write, and so one version.
                ? edited.Value.Publish(now).Map(shown => shown with { Version = edited.Value.Version, Revision = edited.Value.Revision })
                : edited;
        }

        [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Event {EventId} edited, now at revision {Revision}")]
        private static partial void LogEdited(ILogger logger, Guid eventId, long revision);
    }
}
