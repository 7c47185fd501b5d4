using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using Command = TicketBooth.Booking.Contracts.RequestOrder;

namespace TicketBooth.Booking.Orders;

/// <summary>Places an order: the hot path of the whole system.</summary>
internal static class RequestOrder
{
    /// <summary>What to buy: either <c>ticketIds</c>, or <c>eventId</c> with <c>quantity</c>.</summary>
    /// <param name="TicketIds">Exactly these tickets, all of one event.</param>
    /// <param name="EventId">The best available tickets of this event.</param>
    /// <param name="TierId">With <c>eventId</c>: of this tier only.</param>
    /// <param name="Quantity">With <c>eventId</c>: how many.</param>
    /// <param name="ExpectedTotal">
    /// The total that the buyer was shown, in cents; the order is refused when it has changed. Any total is accepted when left out.
    /// </param>
    [LimitsOf(typeof(Command))]
    internal sealed record Request(
        IReadOnlyList<Guid>? TicketIds = null,
        Guid? EventId = null,
        Guid? TierId = null,
        int? Quantity = null,
        long? ExpectedTotal = null
    );

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/orders",
                async (
                    WholeBody<Request> body,
                    [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
                    ClaimsPrincipal user,
                    HttpRequest http,
                    IMediator mediator,
                    LaneMetrics metrics,
                    CancellationToken ct
                ) =>
                {
                    var placed = await mediator.Send(
                        new Command(
                            user.Id(),
                            body.Value.TicketIds,
                            body.Value.EventId,
                            body.Value.TierId,
                            body.Value.Quantity,
                            idempotencyKey,
                            body.Value.ExpectedTotal,
                            ClientLanguage.NameOf(http)
                        ),
                        ct
                    );
                    if (placed.Error is { } refusal)
                    {
                        metrics.Refused(refusal.Code);
                    }

                    return placed.ToHttp(static order => Answers.Created($"/api/v1/orders/{order.Id}", order, OrderJson.Default.OrderView));
                }
            )
            .RequireAuthorization()
            .RequireRateLimiting(RateLimits.Purchase)
            .KeepsIdempotencyKeys()
            .WithName("RequestOrder")
            .WithTags("Orders")
            .WithSummary("Place an order")
            .WithDescription(
                """
                Holds all the tickets, or none, until `expiresAt`; pay before that. `total` is in cents and is what you pay. An order keeps
                its prices for as long as it is held. An order that costs nothing is `paid` at once. Mails about it are in the language that
                `Accept-Language` prefers, Portuguese or English, or else in that of the account.
                By ids the tickets are exactly those; by event the lowest-priced tier with enough tickets is chosen, neighbours first.
                With an `Idempotency-Key` (1 to 255 characters) a repeated request gets the same answer for 24 hours; another body with the
                same key is 422 `idempotency-key-reused`. With `expectedTotal` the order is placed only at that total; if the price has
                changed since the buyer saw it, the answer is 409 `price-changed` with the new `total`. 409 `ticket-taken` or
                `not-enough-tickets`: somebody was faster. 503 `busy`: try again after `Retry-After`.
                One buyer may have so many tickets of an event (422 `ticket-limit`) and so many unpaid orders of it at a time (422
                `hold-limit`). After holds that were not paid the buyer must wait: 429 `hold-pause` with `Retry-After`. Where an order of
                the buyer's own is the reason, also for `ticket-taken`, `orderId` names it.
                """
            )
            .WithExamples(
                request: """{ "eventId": "0199e2f0-1b7e-7d20-8a61-3f5c9e210000", "quantity": 1, "expectedTotal": 12000 }""",
                response: OrderExamples.OnPayment
            )
            .Produces<OrderView>(StatusCodes.Status201Created)
            .ReturnsHeader(StatusCodes.Status201Created, "Location", "Where it is.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status404NotFound, "event-not-found", "ticket-not-found", "tier-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "not-enough-tickets", "price-changed", "ticket-taken")
            .ProducesErrors(
                StatusCodes.Status422UnprocessableEntity,
                "event-canceled",
                "hold-limit",
                "idempotency-key-reused",
                "sale-closed",
                "sale-not-open",
                "ticket-limit",
                "tickets-of-different-events",
                "validation-failed"
            )
            .ProducesErrors(StatusCodes.Status429TooManyRequests, "hold-pause")
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator(IOptions<BookingOptions> options)
        {
            var most = options.Value.MaxTicketsPerOrder;
            RuleFor(command => command)
                .Must(command => command.TicketIds is null != command.EventId is null)
                .OverridePropertyName("ticketIds")
                .WithMessage("Give either ticketIds, or eventId with quantity.");
            RuleFor(command => command.TicketIds!)
                .HasCount(1, most)
                .WithMessage($"An order takes 1 to {most} tickets.")
                .Must(AreDistinct)
                .WithMessage("Each ticket may be listed once.")
                .When(command => command.TicketIds is not null);
            RuleFor(command => command.Quantity)
                .NotNull()
                .InclusiveBetween(1, most)
                .When(command => command.EventId is not null && command.TicketIds is null);
            RuleFor(command => command.Quantity).Null().When(command => command.TicketIds is not null);
            RuleFor(command => command.ExpectedTotal).GreaterThanOrEqualTo(0);
            RuleFor(command => command.TierId).Null().When(command => command.EventId is null);
            RuleFor(command => command.IdempotencyKey).Length(1, 255).When(command => command.IdempotencyKey is not null);
        }

        private static bool AreDistinct(IReadOnlyList<Guid> ids) => ids.Count == 1 || ids.Distinct().Count() == ids.Count;
    }

    internal sealed class Handler(OnSaleCatalog catalog, ShardRegistry shards, IdempotentRequests idempotent, TimeProvider clock)
        : IRequestHandler<Command, Result<OrderView>>
    {
        public async Task<Result<OrderView>> Handle(Command request, CancellationToken cancellationToken)
        {
            var eventId = request.EventId ?? TaggedId.BaseOf(request.TicketIds![0]);
            var found = await catalog.FindAsync(eventId, cancellationToken);
            if (found.Error is { } unknown)
            {
                return request.TicketIds is null ? unknown : BookingErrors.TicketNotFound;
            }

            var sale = found.Value;
            var now = clock.GetUtcNow();
            if (sale.WhyNot(request.TicketIds, request.TierId, now) is { } refusal)
            {
                return request.IdempotencyKey is { } used
                    ? await idempotent.RecallAsync(request.BuyerId, used, HashOf(request), refusal)
                    : refusal;
            }

            var orderId = TaggedId.New(now, sale.Shard);
            return request.IdempotencyKey is { } key
                ? await idempotent.RunAsync(request.BuyerId, key, HashOf(request), orderId, reserved => PlaceAsync(request, sale, reserved))
                : await PlaceAsync(request, sale, orderId);
        }

        private async Task<Result<OrderView>> PlaceAsync(Command request, EventOnSale sale, Guid orderId)
        {
            int[]? numbers = null;
            if (request.TicketIds is { } ids)
            {
                numbers = new int[ids.Count];
                for (var i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = EventOnSale.NumberOf(ids[i]);
                }
            }

            var shard = await shards.OfAsync(sale.Shard);
            if (
                numbers is not null
                && (request.ExpectedTotal is not { } expected || expected == sale.TotalOf(numbers))
                && shard.Lane.IsKnownToRefuse(request.TicketIds!, new BuyerOfEvent(sale.Id, request.BuyerId))
            )
            {
                return BookingErrors.TicketTaken;
            }

            var item = new PlaceItem(
                orderId,
                sale.Id,
                request.BuyerId,
                numbers,
                request.TierId,
                numbers?.Length ?? request.Quantity!.Value,
                request.ExpectedTotal,
                request.Language
            );
            var placed = await shard.Lane.TryAsync(item);
            return placed.Error is { } error ? error : placed.Value.ToView();
        }

        private static string HashOf(Command request) =>
            Convert.ToHexString(
                SHA256.HashData(
                    JsonSerializer.SerializeToUtf8Bytes(
                        new
                        {
                            request.TicketIds,
                            request.EventId,
                            request.TierId,
                            request.Quantity,
                            request.ExpectedTotal,
                        }
                    )
                )
            );
    }
}
