using System.Globalization;
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
    /// <param name="UserId">Who looks: the order's buyer, or staff.</param>
    /// <param name="Language">Of words for the buyer; null is English.</param>
    internal sealed record Query(Guid OrderId, Guid UserId, bool IsStaff, CultureInfo? Language = null) : IRequest<Result<OrderView>>;

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/orders/{id:guid}",
                async (Guid id, HttpRequest http, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                {
                    var found = await mediator.Send(new Query(id, user.Id(), user.IsStaff(), ClientLanguage.Of(http)), ct);
                    return found.ToHttp(static order => Answers.Ok(order, OrderJson.Default.OrderView));
                }
            )
            .RequireAuthorization()
            .WithName("GetOrder")
            .WithTags("Orders")
            .WithSummary("Show an order")
            .WithDescription(
                """
                The order with the status of its latest payment. Prices and total are in cents. 404 also for somebody else's order, unless
                you are staff.

                While the order is awaiting payment, `payment` holds all that is needed to go on after a reload: the `method`; for Pix the
                code, the address of its QR code, and until when it is to be paid; the `nextAction` that the gateway waits for (for the
                buyer only); the `lastDecline` of an attempt, as a stable code and in words (Portuguese where `Accept-Language` prefers it,
                else English); and `attemptsLeft`, how many more attempts may be declined before `PayOrder` takes
                no more. What does not apply is left out.

                Only staff see `disputes`: the buyer's bank disputes money of the order (`opened`), or has decided (`won`, `lost`). Tickets
                whose money is disputed or lost are marked `disputed` for them.
                """
            )
            .WithExamples(response: OrderExamples.BeingPaid)
            .Produces<OrderView>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found");

    internal sealed class Handler(ShardRegistry shards, PaymentProgressOf progress) : IRequestHandler<Query, Result<OrderView>>
    {
        public async Task<Result<OrderView>> Handle(Query request, CancellationToken cancellationToken)
        {
            var order = await shards.FindAsync(request.OrderId) is { } shard ? await shard.FindAsync(request.OrderId) : null;
            var isBuyer = order?.BuyerId == request.UserId;
            return order is null || !(isBuyer || request.IsStaff)
                ? BookingErrors.NotFound
                : await progress.AddAsync(order, isBuyer, request.IsStaff, request.Language, cancellationToken);
        }
    }
}
