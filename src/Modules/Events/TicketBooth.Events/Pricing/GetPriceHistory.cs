using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Pricing;

/// <summary>Shows staff every change of an event's prices.</summary>
internal static class GetPriceHistory
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/events/{id:guid}/price-history",
                async (Guid id, Guid? tierId, string? cursor, int? limit, IMediator mediator, CancellationToken cancellationToken) =>
                    (
                        await mediator.Send(
                            new Contracts.GetPriceHistory(id, tierId, cursor, limit ?? Cursor.DefaultLimit),
                            cancellationToken
                        )
                    ).ToHttp(TypedResults.Ok)
            )
            .RequireAdmin()
            .WithName("GetPriceHistory")
            .WithSummary("Lists the changes of an event's prices")
            .WithDescription(
                """
                Newest first: when, which tier, from, to, why (`published`, `edited`, `adjusted`, `demand`, `policy_changed`), by whom,
                and an explanation in words. `from` is null at a tier's first price. Every price that an order ever quoted is here.
                `limit` is 1 to 200, 50 when left out.
                """
            )
            .WithTags("Prices")
            .WithExamples(response: PricingExamples.History)
            .Produces<Page<PriceChangeView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Contracts.GetPriceHistory>
    {
        public Validator()
        {
            RuleFor(request => request.Limit).InclusiveBetween(1, Cursor.LargestLimit);
            RuleFor(request => request.Cursor)
                .Must(cursor => string.IsNullOrEmpty(cursor) || Cursor.TryParse(cursor, out _))
                .WithMessage("Not a cursor of this list.");
        }
    }

    internal sealed class Handler(IEventStore store, IPriceHistoryStore prices)
        : IRequestHandler<Contracts.GetPriceHistory, Result<Page<PriceChangeView>>>
    {
        public async Task<Result<Page<PriceChangeView>>> Handle(Contracts.GetPriceHistory request, CancellationToken cancellationToken)
        {
            if (await store.FindAsync(request.EventId) is not { } found)
            {
                return EventsErrors.NotFound;
            }

            (long, Guid)? after = Cursor.TryParse(request.Cursor, out var position) ? (position.Value, position.Id) : null;
            var changes = await prices.PriceChangesAsync(request.EventId, request.TierId, after, request.Limit + 1);
            return Page<PriceChangeView>.Of([.. changes.Select(change => change.ToView(found, request.Language))], request.Limit, change =>
                new Cursor(change.Version, change.TierId).ToString()
            );
        }
    }
}
