using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>The figures of a chart: prices and sales over time.</summary>
internal static class GetPriceChart
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/events/{id:guid}/price-history/chart",
                async (Guid id, DateTimeOffset? from, IMediator mediator, CancellationToken cancellationToken) =>
                    (await mediator.Send(new Contracts.GetPriceChart(id, from), cancellationToken)).ToHttp(TypedResults.Ok)
            )
            .RequireStaff()
            .WithName("GetPriceChart")
            .WithSummary("Figures for a chart of prices and sales")
            .WithDescription(
                """
                By tier: its price as a staircase, beginning with the one that held at `from`, and how many tickets were taken and sold in
                each minute. Sales are kept for eight days.
                """
            )
            .WithTags("Prices")
            .WithExamples(response: PricingExamples.Chart)
            .Produces<PriceChart>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found");

    internal sealed class Handler(IEventStore store, ITicketStateStore tickets, IPriceHistoryStore prices, TimeProvider clock)
        : IRequestHandler<Contracts.GetPriceChart, Result<PriceChart>>
    {
        public async Task<Result<PriceChart>> Handle(Contracts.GetPriceChart request, CancellationToken cancellationToken)
        {
            if (await store.FindAsync(request.EventId) is not { } found)
            {
                return EventsErrors.NotFound;
            }

            var from = request.From ?? DateTimeOffset.MinValue;
            var changes = (await prices.PricesSinceAsync(found, from)).ToLookup(change => change.TierId);
            var sales = (await tickets.DemandAsync(found.Id, DemandMinute.Of(from))).ToLookup(minute => minute.TierId);
            return new PriceChart(
                clock.GetUtcNow(),
                found.Currency,
                [
                    .. found.Tiers.Select(tier => new TierChart(
                        tier.Id,
                        tier.Name,
                        [.. changes[tier.Id].Select(change => new PricePoint(change.At, change.To))],
                        [.. sales[tier.Id].Select(minute => new SalesMinute(DemandMinute.TimeOf(minute.Minute), minute.Taken, minute.Sold))]
                    )),
                ]
            );
        }
    }
}
