using System.Security.Claims;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Booking.Orders;

/// <summary>Shows one order to its owner or to staff.</summary>
internal static class GetOrder
{
    /// <param name="BuyerId">Whose order it must be; null for staff.</param>
    internal sealed record Query(Guid OrderId, Guid? BuyerId) : IRequest<Result<OrderView>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/orders/{id:guid}", async (Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
            {
                var found = await mediator.Send(new Query(id, user.IsStaff() ? null : user.Id()), ct);
                return found.ToHttp(static order => Answers.Ok(order, OrderJson.Default.OrderView));
            })
            .RequireAuthorization()
            .WithName("GetOrder")
            .WithTags("Orders")
            .WithSummary("Show an order")
            .WithDescription(
                """
                The order with the status of its latest payment. Prices and total are in cents. 404 also for somebody else's order, unless
                you are staff.
                """
            )
            .WithExamples(response: OrderExamples.Paid)
            .Produces<OrderView>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found");

    internal sealed class Handler(ShardRegistry shards) : IRequestHandler<Query, Result<OrderView>>
    {
        public async Task<Result<OrderView>> Handle(Query request, CancellationToken cancellationToken)
        {
            var order = await shards.FindAsync(request.OrderId) is { } shard ? await shard.FindAsync(request.OrderId) : null;
            return order is null || (request.BuyerId is { } buyer && order.BuyerId != buyer) ? BookingErrors.NotFound : order.ToView();
        }
    }
}
