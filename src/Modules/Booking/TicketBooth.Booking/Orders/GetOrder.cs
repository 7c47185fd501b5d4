using System.Security.Claims;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Lanes;
using TicketBooth.BuildingBlocks.Results;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Booking.Orders;

/// <summary>Shows one order to its owner or to staff.</summary>
internal static class GetOrder
{
    /// <param name="BuyerId">Whose order it must be; null when staff asks.</param>
    internal sealed record Query(Guid OrderId, Guid? BuyerId) : IRequest<Result<OrderView>>;

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/orders/{id:guid}", async (Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
        {
            var found = await mediator.Send(new Query(id, user.IsStaff() ? null : user.Id()), ct);
            return found.ToHttp(order => TypedResults.Ok(order));
        })
        .RequireAuthorization()
        .WithName("GetOrder")
        .WithTags("Orders")
        .WithSummary("Show an order")
        .WithDescription("The order with its latest payment's status. Prices and total are in cents. 404 also for somebody else's order, unless you are staff.")
        .WithExamples(
            response: """
            {
              "id": "0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001", "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "status": "paid",
              "tickets": [{ "id": "0199e2f0-1b7e-8d20-8a61-3f5c9e210007", "number": 7, "tierId": "0199e2f0-1b7e-7a05-b1c3-0d2e4f6a8b90", "price": 42000 }],
              "total": 42000, "currency": "BRL", "placedAt": "2026-11-23T20:00:00Z", "expiresAt": "2026-11-23T20:10:00Z",
              "payment": { "id": "0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d", "status": "paid" }
            }
            """)
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status404NotFound);

    internal sealed class Handler(LaneRegistry lanes) : IRequestHandler<Query, Result<OrderView>>
    {
        public async Task<Result<OrderView>> Handle(Query request, CancellationToken cancellationToken)
        {
            if (!lanes.TryOf(request.OrderId, out var shard))
            {
                return OrderErrors.NotFound;
            }

            var order = (await shard.Store.LoadAsync([request.OrderId])).SingleOrDefault();
            return order is null || (request.BuyerId is { } buyer && order.BuyerId != buyer) ? OrderErrors.NotFound : order.ToView();
        }
    }
}
