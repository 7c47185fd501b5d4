using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Changes all prices of an event by a percentage.</summary>
internal static partial class AdjustPrices
{
    /// <param name="Percentage">Of the present prices: 10 raises them by a tenth, -5 lowers them by a twentieth.</param>
    /// <param name="Note">Why, for the history; at most 500 characters.</param>
    [LimitsOf(typeof(Contracts.AdjustPrices))]
    internal sealed record Body(decimal Percentage, string? Note = null);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/events/{id:guid}/price-adjustments",
                async (Guid id, Body body, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                    (
                        await mediator.Send(
                            new Contracts.AdjustPrices(id, body.Percentage, http.User.ToActor(), body.Note, http.OperationId()),
                            cancellationToken
                        )
                    ).ToHttp(TypedResults.Ok)
            )
            .RequireAdmin()
            .WithName("AdjustPrices")
            .WithSummary("Adjusts an event's prices")
            .WithDescription(
                """
                Changes the price of every ticket that is neither on payment nor paid by a percentage of its present price, at once; those
                on payment or paid keep theirs. Percentages multiply: 10 and then 10 is 21 in all. Prices stay within the tiers' floors
                and ceilings, and are rounded to the policy's unit. Orders that quote the former price within two seconds are honoured.
                422 `validation-failed` for 0, -100 or less, more than 1,000 or more than two decimals; 422 `event-not-published` for a
                draft; 409 `event-canceled`, `event-ended`.
                """
            )
            .WithTags("Prices")
            .WithExamples(request: """{ "percentage": 10, "note": "The headliner is confirmed." }""", response: PricingExamples.Pricing)
            .Produces<EventPricing>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "event-canceled", "event-ended")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "event-not-published", "validation-failed");

    internal sealed class Validator : AbstractValidator<Contracts.AdjustPrices>
    {
        public Validator()
        {
            RuleFor(request => request.Percentage).IsPercentage();
            RuleFor(request => request.By).SetValidator(new ActorRules());
            RuleFor(request => request.Note).MaximumLength(500).MustBeOneLine();
        }
    }

    internal sealed partial class Handler(EventWriter writer, IPriceHistoryStore prices, ILogger<Handler> logger)
        : IRequestHandler<Contracts.AdjustPrices, Result<EventPricing>>
    {
        public async Task<Result<EventPricing>> Handle(Contracts.AdjustPrices request, CancellationToken cancellationToken)
        {
            var adjusted = await writer.ChangeAsync(request.EventId, (current, now) => Decide(current, request, now));
            if (adjusted.Error is { } error)
            {
                return error;
            }

            if (adjusted.Value.IsChange)
            {
                LogAdjusted(logger, request.EventId, request.Percentage, request.By.Id);
            }

            return await PricingViews.ShowAsync(prices, adjusted.Value.After, adjusted.Value.At);
        }

        private static Result<EventChange> Decide(Event current, Contracts.AdjustPrices request, DateTimeOffset now)
        {
            if (request.Version is { } shown && shown != current.Version)
            {
                return EventsErrors.PricesChanged;
            }

            var note = string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim();
            var cause = new PriceCause(PriceChangeReason.Adjusted, request.By, request.Percentage, note);
            return current
                .Adjust(request.Percentage, now, request.OperationId)
                .Map(adjusted => EventChange.Of(current, adjusted, now, cause));
        }

        [LoggerMessage(
            EventId = 3010,
            Level = LogLevel.Information,
            Message = "Prices of event {EventId} adjusted by {Percentage} % by user {UserId}"
        )]
        private static partial void LogAdjusted(ILogger logger, Guid eventId, decimal percentage, Guid userId);
    }
}
