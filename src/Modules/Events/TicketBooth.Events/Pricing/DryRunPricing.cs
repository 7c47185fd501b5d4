using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Domain.Pricing;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Shows what a policy would have done with recorded sales.</summary>
internal static class DryRunPricing
{
    /// <param name="Policy">To try; what is left out is as in the default policy.</param>
    /// <param name="Hours">How far back, 1 to 168.</param>
    [LimitsOf(typeof(Contracts.DryRunPricing))]
    internal sealed record Body(PricingPolicy Policy, int Hours = 24);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/events/{id:guid}/pricing/dry-run",
                async (Guid id, Body body, IMediator mediator, CancellationToken cancellationToken) =>
                    (await mediator.Send(new Contracts.DryRunPricing(id, body.Policy, body.Hours), cancellationToken)).ToHttp(
                        TypedResults.Ok
                    )
            )
            .RequireAdmin()
            .WithoutIdempotencyKey()
            .WithName("DryRunPricing")
            .WithSummary("Shows what a policy would have done")
            .WithDescription(
                """
                Plays the policy over the sales of the last hours (24 when left out, at most 168), from the base price with its
                adjustments, and returns each change that it would have made and why. `actual` and `wouldBe` are what the tickets taken in
                that time cost at the prices that held and at those of the dry run, in cents; that buyers might have decided otherwise
                is not considered. Changes nothing. 422 `event-not-published` for a draft.
                """
            )
            .WithTags("Prices")
            .WithExamples(request: $$"""{ "policy": {{PricingExamples.Policy}}, "hours": 24 }""", response: PricingExamples.DryRun)
            .Produces<PricingDryRun>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "event-not-published", "validation-failed");

    internal sealed class Validator : AbstractValidator<Contracts.DryRunPricing>
    {
        public Validator()
        {
            RuleFor(request => request.Policy).SetValidator(new PolicyRules());
            RuleFor(request => request.Hours).InclusiveBetween(1, 168);
        }
    }

    internal sealed class Handler(IEventStore store, ITicketStateStore tickets, IPriceHistoryStore prices, TimeProvider clock)
        : IRequestHandler<Contracts.DryRunPricing, Result<PricingDryRun>>
    {
        public async Task<Result<PricingDryRun>> Handle(Contracts.DryRunPricing request, CancellationToken cancellationToken)
        {
            if (await store.FindAsync(request.EventId) is not { } found)
            {
                return EventsErrors.NotFound;
            }

            if (found is not { IsPublished: true, PublishedAt: { } opensAt })
            {
                return EventsErrors.NotPublished;
            }

            var now = clock.GetUtcNow();
            var to = now < found.EndsSellingAt ? now : found.EndsSellingAt;
            var from = to.AddHours(-request.Hours) is var earliest && earliest > opensAt ? earliest : opensAt;
            var minutes = (await tickets.DemandAsync(found.Id, DemandMinute.Of(from.AddMinutes(-request.Policy.WindowMinutes)))).ToLookup(
                minute => minute.TierId
            );
            var history = (await prices.PricesSinceAsync(found, from)).ToLookup(change => change.TierId);
            return new PricingDryRun(
                from,
                to,
                found.Currency,
                [.. found.Tiers.Select(tier => Play(found, tier, request.Policy, from, to, [.. minutes[tier.Id]], [.. history[tier.Id]]))]
            );
        }

        private static TierDryRun Play(
            Event shown,
            Tier tier,
            PricingPolicy policy,
            DateTimeOffset from,
            DateTimeOffset to,
            List<DemandMinute> minutes,
            List<PriceChange> history
        )
        {
            // The tier as it was then: without what has happened since.
            var since = minutes.Where(minute => DemandMinute.TimeOf(minute.Minute) > from).ToList();
            var then = tier with
            {
                Pricing = tier.Pricing.WithoutDemand(policy),
                Held = tier.Held - since.Sum(minute => minute.Held),
                Sold = tier.Sold - since.Sum(minute => minute.Sold),
            };
            var recorded = minutes.ConvertAll(minute => new TakenMinute(DemandMinute.TimeOf(minute.Minute), minute.Held, minute.Sold));
            var steps = PriceReplay.Run(policy, shown.DemandOf(then, takenInWindow: 0, from), recorded, to).ToList();
            return new TierDryRun(
                tier.Id,
                tier.Name,
                Revenue(since, at => history.FindLast(change => change.At <= at)?.To ?? tier.Price),
                Revenue(since, at => steps.FindLast(step => step.At <= at).Decision?.Price ?? then.Price),
                then.Price,
                [
                    .. steps.Select(step => new DryRunStep(
                        step.At,
                        step.Decision.Before,
                        step.Decision.Price,
                        PriceWords.Explain(step.Decision.Reasons)
                    )),
                ]
            );
        }

        private static long Revenue(List<DemandMinute> minutes, Func<DateTimeOffset, long> priceAt) =>
            minutes.Sum(minute => minute.Taken * priceAt(DemandMinute.TimeOf(minute.Minute)));
    }
}
