using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Counter;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using Command = TicketBooth.Booking.Contracts.RefundOrder;

namespace TicketBooth.Booking.Orders;

/// <summary>Gives back money of a paid order, and releases tickets or keeps them.</summary>
internal static class RefundOrder
{
    /// <param name="Reason">For staff, and for the buyer who asks.</param>
    /// <param name="TicketIds">These tickets of the order.</param>
    /// <param name="Amount">In cents. When left out: the sum of the tickets' prices; without tickets all that is left.</param>
    /// <param name="ReleaseTickets">Whether the tickets are sold again: `true` when left out, but `false` for an amount alone.</param>
    /// <param name="Reference">Of the reversal on the card terminal, which a sale by card at the counter must have.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(
        string Reason,
        IReadOnlyList<Guid>? TicketIds = null,
        long? Amount = null,
        bool? ReleaseTickets = null,
        string? Reference = null
    );

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/orders/{id:guid}/refunds",
                async (Guid id, Body body, HttpContext http, IMediator mediator, CancellationToken ct) =>
                    (
                        await mediator.Send(
                            new Command(
                                id,
                                body.TicketIds,
                                body.Amount,
                                body.Reason,
                                body.ReleaseTickets,
                                http.User.ToActor(),
                                http.OperationId(),
                                http.User.IsInRole(Roles.Admin),
                                body.Reference
                            ),
                            ct
                        )
                    ).ToHttp(order => TypedResults.Ok(order))
            )
            .RequireStaff()
            .WithName("RefundOrder")
            .WithTags("Orders")
            .WithSummary("Give back money of a paid order")
            .WithDescription(
                """
                Three kinds: without `ticketIds` and `amount` all that is left; with `ticketIds` the sum of their prices, or the `amount`
                given with them; with an `amount` alone that much. Money and tickets are two decisions: `releaseTickets` says whether the
                tickets are sold again. It is `true` when left out, but `false` for an amount alone, which names no tickets (422
                `tickets-not-named`). To release tickets without money, name them with `"amount": 0`.
                The order stays `paid` while it holds a ticket; once it holds none it is `refunded`, whatever was kept of its money. Money
                that was kept can still be given back then. `refunds` tells of each refund whether the money is `asked`, `settled`, or
                `failed` because the gateway refuses it; a failed one counts as returned, because the buyer still has it to get.
                All refunds together never exceed what was paid: 422 `amount-over-rest` with what is `left`. With an `Idempotency-Key` a
                repeated request changes nothing.
                What was sold at the counter has no gateway: its money leaves your open shift (409 `no-open-shift`; 422 `shift-currency`),
                the way it came: cash out of the drawer, or on the card terminal with the `reference` of the reversal (422
                `reference-needed`). After the time for voids only by an administrator (422 `administrator-needed`).
                """
            )
            .WithExamples(
                request: """
                {
                  "ticketIds": ["0199e2f0-1b7e-8d20-8a61-3f5c9e210007"], "amount": 40000, "reason": "Could not see the stage.",
                  "releaseTickets": true
                }
                """,
                response: OrderExamples.PartlyRefunded
            )
            .Produces<OrderView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "no-open-shift", "ticket-released")
            .ProducesErrors(
                StatusCodes.Status422UnprocessableEntity,
                "administrator-needed",
                "amount-over-rest",
                "nothing-to-refund",
                "order-not-paid",
                "reference-needed",
                "shift-currency",
                "ticket-not-in-order",
                "tickets-not-named",
                "validation-failed"
            )
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        // As many tickets as the setting for an order can allow.
        private const int MostTickets = 100;

        public Validator()
        {
            RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).MustBeOneLine();
            RuleFor(command => command.Reference).MaximumLength(100).MustBeOneLine();
            RuleFor(command => command.Amount).GreaterThanOrEqualTo(0);
            RuleFor(command => command.TicketIds!)
                .HasCount(1, MostTickets)
                .WithMessage($"Name 1 to {MostTickets} tickets, or leave them out.")
                .Must(ids => ids.Distinct().Count() == ids.Count)
                .WithMessage("Each ticket may be listed once.")
                .When(command => command.TicketIds is not null);
            RuleFor(command => command.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class Handler(ShardRegistry shards, CounterPayBacks counter, TimeProvider clock)
        : IRequestHandler<Command, Result<OrderView>>
    {
        public async Task<Result<OrderView>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await shards.FindAsync(request.OrderId) is not { } shard || await shard.FindAsync(request.OrderId) is not { } order)
            {
                return BookingErrors.NotFound;
            }

            var terms = new RefundTerms(
                request.OperationId ?? FreshId.At(clock.GetUtcNow()),
                request.TicketIds,
                request.Amount,
                request.ReleaseTickets,
                request.Reason.Trim(),
                request.By
            );
            var refunded = await counter.RunAsync(
                shard,
                order,
                terms.Id,
                request.By,
                request.IsAdmin,
                terms.Reason,
                request.Reference,
                (current, now) => RefundRules.Refund(current, terms, now)
            );
            return refunded.Map(after => after.ToView());
        }
    }
}
