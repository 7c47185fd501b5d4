using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Reads;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Events.Managing;

/// <summary>Creates an event as a draft.</summary>
internal static partial class CreateEvent
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/events", async (EventBody body, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
            {
                var made = await mediator.Send(
                    new Contracts.CreateEvent(body.ToForm(), http.User.ToActor(), http.OperationId()),
                    cancellationToken
                );
                return made.ToHttp(http, details => TypedResults.Created($"/api/v1/events/{details.Id}", details));
            })
            .RequireAdmin()
            .WithName("CreateEvent")
            .WithSummary("Creates a draft of an event")
            .WithDescription(
                """
                Only staff see it until it is published. Prices are integer cents. `startsAt` and `endsSellingAt` must lie ahead; the
                tiers' tickets may not exceed `capacity`. Breaking a rule is 422 `validation-failed` with the fields; an unreadable body
                400 `malformed-json`, `missing-field` or `unknown-field`. A currency that no payment gateway of this installation accepts is
                422 `currency-not-accepted`.
                """
            )
            .WithTags("Events")
            .WithExamples(request: EventExamples.Body, response: EventExamples.Draft)
            .Produces<EventDetails>(StatusCodes.Status201Created)
            .ReturnsHeader(StatusCodes.Status201Created, "Location", "Where it is.")
            .ReturnsHeader(StatusCodes.Status201Created, "ETag", "For `If-Match` of the next change.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "currency-not-accepted", "validation-failed");

    internal sealed class Validator : AbstractValidator<Contracts.CreateEvent>
    {
        public Validator(TimeProvider clock)
        {
            // The client sends no "form": errors name its fields as it sent them.
            RuleFor(request => request.Form).SetValidator(new EventFormRules()).OverridePropertyName("");
            RuleFor(request => request.Form.StartsAt)
                .GreaterThan(_ => clock.GetUtcNow())
                .OverridePropertyName("StartsAt")
                .WithMessage("Must lie ahead.");
            RuleFor(request => request.Form.EndsSellingAt)
                .GreaterThan(_ => clock.GetUtcNow())
                .OverridePropertyName("EndsSellingAt")
                .WithMessage("Must lie ahead.");
            RuleFor(request => request.Form.Tiers)
                .Must(tiers => tiers is null || tiers.All(tier => tier?.Id is null))
                .OverridePropertyName("Tiers")
                .WithMessage("The tiers of a new event have no ids yet.");
            RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
        }
    }

    internal sealed partial class Handler(
        IMediator mediator,
        IEventStore store,
        ReadCache cache,
        TimeProvider clock,
        ILogger<Handler> logger
    ) : IRequestHandler<Contracts.CreateEvent, Result<EventDetails>>
    {
        public async Task<Result<EventDetails>> Handle(Contracts.CreateEvent request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var accepted = await mediator.Send(new GetAcceptedCurrencies(), cancellationToken);
            var created = Result<Event>
                .From(Event.Create(request.Form, now, request.OperationId))
                .InAcceptedCurrency(before: null, accepted.Value);
            if (created.Error is { } error)
            {
                return error;
            }

            var made = created.Value;
            if (!await store.AddAsync(made))
            {
                // The request comes again after its answer was lost. There is the event, and nobody knew its id until now.
                return (await store.FindAsync(made.Id))!.ToDetails(now);
            }

            await cache.EvictAsync(made.Id);
            LogCreated(logger, made.Id, made.Released);
            return made.ToDetails(now);
        }

        [LoggerMessage(EventId = 3000, Level = LogLevel.Information, Message = "Event {EventId} created with {Tickets} tickets")]
        private static partial void LogCreated(ILogger logger, Guid eventId, int tickets);
    }
}
