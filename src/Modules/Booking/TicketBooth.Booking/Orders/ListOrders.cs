using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Booking.Orders;

/// <summary>Shows a user their own orders.</summary>
internal static class ListOrders
{
    internal sealed record Query(Guid BuyerId, string? Cursor, int Limit) : IRequest<Result<Page<OrderView>>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/orders",
                async (
                    ClaimsPrincipal user,
                    IMediator mediator,
                    CancellationToken ct,
                    string? cursor = null,
                    int limit = Cursor.DefaultLimit
                ) =>
                {
                    var page = await mediator.Send(new Query(user.Id(), cursor, limit), ct);
                    return page.ToHttp(orders => TypedResults.Ok(orders));
                }
            )
            .RequireAuthorization()
            .WithName("ListOrders")
            .WithTags("Orders")
            .WithSummary("List your orders")
            .WithDescription("Newest first. Hand `nextCursor` back as `cursor` for the next page; `limit` is 1 to 200, 50 when left out.")
            .WithExamples(response: OrderExamples.Page)
            .Produces<Page<OrderView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
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
            Guid? before = Cursor.TryParse(request.Cursor, out var cursor) ? cursor.Id : null;
            var newest = await shards.OfBuyerAsync(request.BuyerId, before, request.Limit + 1);
            return Page<OrderView>.Of([.. newest.Select(order => order.ToView())], request.Limit, last =>
                new Cursor(0, last.Id).ToString()
            );
        }
    }
}
