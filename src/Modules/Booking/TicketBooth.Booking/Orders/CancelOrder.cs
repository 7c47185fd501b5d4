using System.Text.Json;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Counter;
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
    private const string Reason = "order-canceled";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/orders/{id:guid}/cancel",
                async (Guid id, HttpContext http, IOptions<JsonOptions> json, IMediator mediator, CancellationToken ct) =>
                {
                    await MustSayNothingAsync(http.Request, json.Value.SerializerOptions, ct);
                    var user = http.User;
                    var canceled = await mediator.Send(
                        user.IsStaff()
                            ? new Command(id, BuyerId: null, user.ToActor(), IsAdmin: user.IsInRole(Roles.Admin))
                            : new Command(id, user.Id()),
                        ct
                    );
                    return canceled.ToHttp(order => TypedResults.Ok(order));
                }
            )
            .RequireAuthorization()
            .WithName("CancelOrder")
            .WithTags("Orders")
            .WithSummary("Cancel an order")
            .WithDescription(
                """
                An order on payment becomes `canceled`. A paid one becomes `refunded`, and its money goes back (`refunds` says how much and
                when). Staff may always do that. Buyers may until the event's `refundableUntil` (422 `refund-closed` after that), and
                `refundFeePercent` of the money that is left is kept, rounded half up to the smallest unit; until its
                `refundWindowUntil`, after the show was moved, without a fee. Not once somebody was let in with one of the tickets: 409
                `ticket-checked-in`. Canceling twice changes nothing.
                The request has no body. One that says something is refused with 400, and nothing is canceled: to give back a part, see
                `RefundOrder`.
                What was sold at the counter has no gateway: its money leaves your open shift (409 `no-open-shift`; 422 `shift-currency`),
                the way it came, and after the time for voids only by an administrator (422 `administrator-needed`). Money of a card goes
                back with the reference of the reversal on the terminal, so by `RefundOrder` (422 `reference-needed`).
                """
            )
            .WithExamples(response: OrderExamples.Refunded)
            .Produces<OrderView>()
            .ProducesErrors(StatusCodes.Status400BadRequest, "malformed-json", "unknown-field")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "no-open-shift", "ticket-checked-in")
            .ProducesErrors(
                StatusCodes.Status422UnprocessableEntity,
                "administrator-needed",
                "order-expired",
                "reference-needed",
                "refund-closed",
                "shift-currency"
            )
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy");

    /// <summary>
    /// Whoever sends a body means something by it, perhaps only a part of the order: what is not understood must not cancel all of it.
    /// </summary>
    private static async Task MustSayNothingAsync(HttpRequest request, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        if (body.Length > 0)
        {
            body.Position = 0;
            await JsonSerializer.DeserializeAsync<NoFields>(body, json, cancellationToken);
        }
    }

    private sealed record NoFields;

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
            RuleFor(request => request.Reference).MaximumLength(100).MustBeOneLine();
        }
    }

    internal sealed class Handler(
        ShardRegistry shards,
        OnSaleCatalog catalog,
        CounterPayBacks counter,
        IEnumerable<ICancelObstacle> obstacles,
        TimeProvider clock
    ) : IRequestHandler<Command, Result<OrderView>>
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

            if (await FindObstacleAsync(order, request.BuyerId, cancellationToken) is { } obstacle)
            {
                return obstacle;
            }

            var canceled = await counter.RunAsync(
                shard,
                order,
                FreshId.At(clock.GetUtcNow()),
                request.By,
                request.IsAdmin,
                Reason,
                request.Reference,
                (current, now) =>
                    request.Seen is { } seen && seen != current.Status
                        ? BookingErrors.Changed
                        : OrderRules.Cancel(current, request.BuyerId, sale.Value.CancelTermsAt(now), Reason, now)
            );
            return canceled.Map(after => after.ToView());
        }

        /// <summary>Only buyers have one, and only of their own paid order: whose it is stays the first answer.</summary>
        private async Task<Error?> FindObstacleAsync(Order order, Guid? buyerId, CancellationToken cancellationToken)
        {
            if (buyerId is null || order.BuyerId != buyerId || order.Status != OrderStatus.Paid)
            {
                return null;
            }

            foreach (var obstacle in obstacles)
            {
                if (await obstacle.FindAsync(order.Id, cancellationToken) is { } error)
                {
                    return error;
                }
            }

            return null;
        }
    }
}
