using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Chooses how an event's prices follow demand.</summary>
internal static partial class ChangePricingPolicy
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPut(
                "/api/v1/events/{id:guid}/pricing",
                async (Guid id, PricingPolicy policy, ClaimsPrincipal user, IMediator mediator, CancellationToken cancellationToken) =>
                    (await mediator.Send(new Contracts.ChangePricingPolicy(id, policy, user.ToActor()), cancellationToken)).ToHttp(
                        TypedResults.Ok
                    )
            )
            .RequireAdmin()
            .WithName("ChangePricingPolicy")
            .WithSummary("Chooses how prices follow demand")
            .WithDescription(
                """
                `mode` is `off` (prices are the tiers' base prices with people's adjustments) or `demand`; what is left out is as in the default policy. `paused` freezes the prices where they are.
                Switching to `off` takes the demand part out of the prices at once. Every change is kept with who made it. A draft may have its policy before it is published.
                409 `event-canceled`, `event-ended`; 422 `validation-failed` names each parameter outside its bounds.
                """
            )
            .WithTags("Prices")
            .WithExamples(
                request: """{ "mode": "demand", "maxIncreasePercent": 40, "stepSeconds": 600 }""",
                response: PricingExamples.Pricing
            )
            .Produces<EventPricing>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal sealed class Validator : AbstractValidator<Contracts.ChangePricingPolicy>
    {
        // The client sends the policy alone: its fields keep the names that it sent.
        public Validator()
        {
            RuleFor(request => request.Policy).SetValidator(new PolicyRules()).OverridePropertyName("");
            RuleFor(request => request.By).SetValidator(new ActorRules());
        }
    }

    internal sealed partial class Handler(IEventStore store, EventWriter writer, TimeProvider clock, ILogger<Handler> logger)
        : IRequestHandler<Contracts.ChangePricingPolicy, Result<EventPricing>>
    {
        public async Task<Result<EventPricing>> Handle(Contracts.ChangePricingPolicy request, CancellationToken cancellationToken)
        {
            // Goes round again only when another change was written in between, so somebody always gets ahead.
            while (await store.FindAsync(request.EventId) is { } current)
            {
                if (request.Replaces is { } seen && seen != current.Policy)
                {
                    return EventErrors.PolicyChanged;
                }

                var now = clock.GetUtcNow();
                var choose = current.WithPolicy(request.Policy, now);
                if (choose.Error is { } error)
                {
                    return error;
                }

                var chosen = choose.Value;
                if (chosen.Version == current.Version)
                {
                    return await PricingViews.ShowAsync(store, current, now);
                }

                var change = new PolicyChange(chosen.Id, chosen.Version, now, request.By, current.Policy, chosen.Policy);
                var message = new PricingPolicyChanged(chosen.Id, chosen.Version, change.Before, change.After, change.By, now);
                if (
                    await writer.TryWriteAsync(
                        current,
                        chosen,
                        new PriceCause(PriceChangeReason.PolicyChanged, request.By),
                        now,
                        [MessageCodec.Encode(message, chosen.Id, now)],
                        change
                    )
                )
                {
                    LogChosen(logger, chosen.Id, chosen.Policy, request.By.Id);
                    return await PricingViews.ShowAsync(store, chosen, now);
                }
            }

            return EventErrors.NotFound;
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "Pricing policy of event {EventId} is now {Policy}, by {UserId}")]
        private static partial void LogChosen(ILogger logger, Guid eventId, PricingPolicy policy, Guid userId);
    }
}
