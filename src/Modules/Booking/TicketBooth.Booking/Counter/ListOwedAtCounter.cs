using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Query = TicketBooth.Booking.Contracts.ListOwedAtCounter;

namespace TicketBooth.Booking.Counter;

/// <summary>Shows which buyers still have money to get at the counter.</summary>
internal static class ListOwedAtCounter
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/counter-sales/owed",
                async (IMediator mediator, CancellationToken ct, string? cursor = null, int limit = Cursor.DefaultLimit) =>
                    (await mediator.Send(new Query(cursor, limit), ct)).ToHttp(page => TypedResults.Ok(page))
            )
            .RequireStaff()
            .WithName("ListOwedAtCounter")
            .WithTags("Counter")
            .WithSummary("List what is owed at the counter")
            .WithDescription(
                """
                Orders of canceled events that were sold at the counter, until `PayBackAtCounter` notes that their buyers got their money
                back. Hand `nextCursor` back as `cursor` for the next page; `limit` is 1 to 200, 50 when left out.
                """
            )
            .WithExamples(response: CounterExamples.OwedPage)
            .Produces<Page<OrderView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(query => query.Limit).InclusiveBetween(1, Cursor.LargestLimit);
            RuleFor(query => query.Cursor).IsCursor();
        }
    }

    internal sealed class Handler(ShardRegistry shards) : IRequestHandler<Query, Result<Page<OrderView>>>
    {
        public async Task<Result<Page<OrderView>>> Handle(Query request, CancellationToken cancellationToken)
        {
            Guid? last = Cursor.TryParse(request.Cursor, out var cursor) ? cursor.Id : null;
            var owed = new List<OrderView>();
            foreach (var (shard, after) in shards.From(last))
            {
                var left = request.Limit + 1 - owed.Count;
                owed.AddRange((await shard.Store.OwedAtCounterAsync(after, left)).Select(order => order.ToView()));
                if (owed.Count > request.Limit)
                {
                    break;
                }
            }

            return Page<OrderView>.Of(owed, request.Limit, order => new Cursor(0, order.Id).ToString());
        }
    }
}
