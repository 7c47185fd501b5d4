using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Query = TicketBooth.Booking.Contracts.ListTicketBlocks;

namespace TicketBooth.Booking.TicketBlocks;

/// <summary>Shows which tickets of an event staff took off sale, and why.</summary>
internal static class ListTicketBlocks
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/events/{id:guid}/ticket-blocks",
                async (Guid id, IMediator mediator, CancellationToken ct, string? cursor = null, int limit = Cursor.DefaultLimit) =>
                    (await mediator.Send(new Query(id, cursor, limit), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireAdmin()
            .WithName("ListTicketBlocks")
            .WithTags("Ticket blocks")
            .WithSummary("List the tickets that are off sale")
            .WithDescription(
                """
                Newest first, released ones too: they have `releasedAt`. Hand `nextCursor` back as `cursor` for the next page; `limit` is 1
                to 200, 50 when left out.
                """
            )
            .WithExamples(response: TicketBlockExamples.Page)
            .Produces<Page<TicketBlockView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(query => query.Limit).InclusiveBetween(1, Cursor.LargestLimit);
            RuleFor(query => query.Cursor).IsCursor();
        }
    }

    internal sealed class Handler(OnSaleCatalog catalog, ShardRegistry shards) : IRequestHandler<Query, Result<Page<TicketBlockView>>>
    {
        public async Task<Result<Page<TicketBlockView>>> Handle(Query request, CancellationToken cancellationToken)
        {
            var found = await catalog.FindAsync(request.EventId, cancellationToken);
            if (found.Error is { } unknown)
            {
                return unknown;
            }

            Guid? before = Cursor.TryParse(request.Cursor, out var cursor) ? cursor.Id : null;
            var shard = await shards.OfAsync(found.Value.Shard);
            var blocks = await shard.Store.Blocks.OfEventAsync(request.EventId, before, request.Limit + 1);
            return Page<TicketBlockView>.Of([.. blocks.Select(block => block.ToView())], request.Limit, last =>
                new Cursor(0, last.Id).ToString()
            );
        }
    }
}
