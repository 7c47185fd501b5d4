using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Reads;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Shows staff how an event is priced.</summary>
internal static class GetPricing
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/events/{id:guid}/pricing",
                async (Guid id, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
                    (await mediator.Send(new Contracts.GetPricing(id), cancellationToken)).ToHttp(pricing => new RememberedResult(
                        PricingAnswers.Remember(pricing, http)
                    ))
            )
            .RequireStaff()
            .WithName("GetPricing")
            .WithSummary("Shows how an event is priced")
            .WithDescription(
                """
                The policy, what each tier's price is made of, and who chose which policy when. Prices are integer cents of the event's
                currency. `ETag` and `If-None-Match` as on the event; the tag is also for `If-Match` of `ChangePricingPolicy`.
                """
            )
            .WithTags("Prices")
            .WithExamples(response: PricingExamples.Pricing)
            .Produces<EventPricing>()
            .Produces(StatusCodes.Status304NotModified)
            .WithRevalidation()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found");

    internal sealed class Handler(IEventStore store, IPriceHistoryStore prices, TimeProvider clock)
        : IRequestHandler<Contracts.GetPricing, Result<EventPricing>>
    {
        public async Task<Result<EventPricing>> Handle(Contracts.GetPricing request, CancellationToken cancellationToken) =>
            await store.FindAsync(request.EventId) is { } found
                ? await PricingViews.ShowAsync(prices, found, clock.GetUtcNow())
                : EventsErrors.NotFound;
    }
}
