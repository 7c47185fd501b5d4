using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Chooses how an event's prices follow demand.</summary>
internal static partial class ChangePricingPolicy
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPut(
                "/api/v1/events/{id:guid}/pricing",
                async (Guid id, PricingPolicy policy, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                {
                    var seen = Remembered.RevisionOf(http.Request.Headers.IfMatch);
                    var chosen = await mediator.Send(
                        new Contracts.ChangePricingPolicy(id, policy, http.User.ToActor(), PolicyRevision: seen),
                        cancellationToken
                    );
                    return chosen.ToHttp(pricing =>
                    {
                        http.Response.Headers.ETag = PricingAnswers.Remember(pricing, http).ETag;
                        return TypedResults.Ok(pricing);
                    });
                }
            )
            .RequireAdmin()
            .WithName("ChangePricingPolicy")
            .WithSummary("Chooses how prices follow demand")
            .WithDescription(
                """
                `mode` is `off` (prices are the tiers' base prices with people's adjustments) or `demand`; what is left out is as in the
                default policy. `paused` freezes the prices where they are. Switching to `off` takes the demand part out of the prices at
                once. Every change is kept with who made it. A draft may have its policy before it is published. Send the `ETag` of
                `GetPricing` as `If-Match` to be refused with 412 `policy-changed` when another administrator was faster. 409
                `event-canceled`, `event-ended`; 422 `validation-failed` names each parameter outside its bounds.
                """
            )
            .WithTags("Prices")
            .WithExamples(
                request: """{ "mode": "demand", "maxIncreasePercent": 40, "stepSeconds": 600 }""",
                response: PricingExamples.Pricing
            )
            .ReadsHeader("If-Match", "The `ETag` of the pricing as it was read; the change is refused when the policy was changed since.")
            .ReturnsHeader(StatusCodes.Status200OK, "ETag", "For `If-Match` of the next change.")
            .Produces<EventPricing>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "event-canceled", "event-ended")
            .ProducesErrors(StatusCodes.Status412PreconditionFailed, "policy-changed")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Contracts.ChangePricingPolicy>
    {
        // The client sends the policy alone: errors name its fields as it sent them.
        public Validator()
        {
            RuleFor(request => request.Policy).SetValidator(new PolicyRules()).OverridePropertyName("");
            RuleFor(request => request.By).SetValidator(new ActorRules());
        }
    }

    internal sealed partial class Handler(EventWriter writer, IPriceHistoryStore prices, ILogger<Handler> logger)
        : IRequestHandler<Contracts.ChangePricingPolicy, Result<EventPricing>>
    {
        public async Task<Result<EventPricing>> Handle(Contracts.ChangePricingPolicy request, CancellationToken cancellationToken)
        {
            var chosen = await writer.ChangeAsync(request.EventId, (current, now) => Decide(current, request, now));
            if (chosen.Error is { } error)
            {
                return error;
            }

            var change = chosen.Value;
            if (change.IsChange)
            {
                LogChosen(logger, request.EventId, change.After.Policy, request.By.Id);
            }

            return await PricingViews.ShowAsync(prices, change.After, change.At);
        }

        private static Result<EventChange> Decide(Event current, Contracts.ChangePricingPolicy request, DateTimeOffset now)
        {
            if (request.Replaces is { } seen && seen != current.Policy)
            {
                return EventsErrors.PolicyChanged;
            }

            if (request.PolicyRevision is { } revision && revision != PricingAnswers.RevisionOf(current.Policy))
            {
                return EventsErrors.PolicyStale;
            }

            if (request.Version is { } shown && shown != current.Version)
            {
                return EventsErrors.PricesChanged;
            }

            return current
                .WithPolicy(request.Policy, now)
                .Map(chosen =>
                {
                    var cause = new PriceCause(PriceChangeReason.PolicyChanged, request.By);
                    var policy = new PolicyChange(chosen.Id, chosen.Version, now, request.By, current.Policy, chosen.Policy);
                    var message = new PricingPolicyChanged(chosen.Id, chosen.Version, policy.Before, policy.After, policy.By, now);
                    return EventChange.Of(current, chosen, now, cause, message, policy);
                });
        }

        [LoggerMessage(
            EventId = 3011,
            Level = LogLevel.Information,
            Message = "Pricing policy of event {EventId} changed to {Policy} by user {UserId}"
        )]
        private static partial void LogChosen(ILogger logger, Guid eventId, PricingPolicy policy, Guid userId);
    }
}
