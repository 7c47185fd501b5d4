using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Command = TicketBooth.Booking.Contracts.CancelOrder;

namespace TicketBooth.Booking.Orders;

/// <summary>Cancels an order on payment, refunds a paid one.</summary>
internal static class CancelOrder
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/orders/{id:guid}/cancel", async (Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
            {
                var canceled = await mediator.Send(
                    user.IsStaff() ? new Command(id, BuyerId: null, user.ToActor()) : new Command(id, user.Id()),
                    ct
                );
                return canceled.ToHttp(order => TypedResults.Ok(order));
            })
            .RequireAuthorization()
            .WithName("CancelOrder")
            .WithTags("Orders")
            .WithSummary("Cancel an order")
            .WithDescription(
                """
                An order on payment becomes `canceled`. A paid one becomes `refunded`, and its payment is refunded (`payment.status` says
                when); buyers may do that until the event's sale closes (422 `refund-closed` after that), staff always. Canceling twice
                changes nothing.
                """
            )
            .WithExamples(response: OrderExamples.Refunded)
            .Produces<OrderView>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "order-expired", "refund-closed")
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
    }

    internal sealed class Handler(ShardRegistry shards, OnSaleCatalog catalog) : IRequestHandler<Command, Result<OrderView>>
    {
        public async Task<Result<OrderView>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await shards.FindAsync(request.OrderId) is not { } shard || await shard.FindAsync(request.OrderId) is not { } order)
            {
                return BookingErrors.NotFound;
            }

            var sale = await catalog.FindAsync(order.EventId, cancellationToken);
            if (sale.Error is { } error)
            {
                return error;
            }

            var closesAt = sale.Value.SaleClosesAt;
            var canceled = await shard.Lane.TryAsync(
                new ChangeItem(request.OrderId, inbox: null, (current, now) =>
                    request.Seen is { } seen && seen != current.Status
                        ? BookingErrors.Changed
                        : OrderRules.Cancel(current, request.BuyerId, new CancelTerms(closesAt), "order-canceled", now)
                )
            );
            return canceled.Map(after => after.ToView());
        }
    }
}
