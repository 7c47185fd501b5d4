using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using Command = TicketBooth.Booking.Contracts.VoidCounterSale;

namespace TicketBooth.Booking.Counter;

/// <summary>Takes back a sale of the counter, a short time after it.</summary>
internal static class VoidCounterSale
{
    /// <param name="Reason">For staff.</param>
    /// <param name="Reference">Of the reversal on the card terminal; needed for a sale by card.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(string Reason, string? Reference = null);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/counter-sales/{id:guid}/void",
                async (Guid id, Body body, HttpContext http, IMediator mediator, CancellationToken ct) =>
                    (
                        await mediator.Send(
                            new Command(
                                id,
                                body.Reason,
                                body.Reference,
                                http.User.ToActor(),
                                http.User.IsInRole(Roles.Admin),
                                http.OperationId()
                            ),
                            ct
                        )
                    ).ToHttp(order => TypedResults.Ok(order))
            )
            .RequireStaff()
            .WithName("VoidCounterSale")
            .WithTags("Counter")
            .WithSummary("Void a counter sale")
            .WithDescription(
                """
                The order becomes `refunded`, its tickets are free again, and its money leaves the drawer, or the card terminal, of the
                shift that sold it (409 `shift-closed` when that has ended). Until `counter.voidableUntil`; 422 `void-closed` after that:
                then an administrator refunds it. Clerks void their own sales (403 `not-your-shift`), administrators all. Reverse a card
                payment on the terminal first; this system is not connected to it.
                """
            )
            .WithExamples(request: """{ "reason": "Wrong day." }""", response: CounterExamples.Voided)
            .Produces<OrderView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status403Forbidden, "not-your-shift")
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "shift-closed")
            .ProducesErrors(
                StatusCodes.Status422UnprocessableEntity,
                "not-a-counter-sale",
                "nothing-to-refund",
                "order-not-paid",
                "reference-needed",
                "validation-failed",
                "void-closed"
            )
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).MustBeOneLine();
            RuleFor(command => command.Reference).MaximumLength(100).MustBeOneLine();
            RuleFor(command => command.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class Handler(ShardRegistry shards, ShiftBook book, CounterPayBacks payBacks, TimeProvider clock)
        : IRequestHandler<Command, Result<OrderView>>
    {
        public async Task<Result<OrderView>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await shards.FindAsync(request.OrderId) is not { } shard || await shard.FindAsync(request.OrderId) is not { } order)
            {
                return BookingErrors.NotFound;
            }

            if (order.Counter is not { } sale)
            {
                return BookingErrors.NotACounterSale;
            }

            var (id, now) = (request.OperationId ?? FreshId.At(clock.GetUtcNow()), clock.GetUtcNow());
            if (sale.Has(id))
            {
                return order.ToView();
            }

            if (sale.Clerk.Id != request.By.Id && !request.IsAdmin)
            {
                return BookingErrors.NotYourShift;
            }

            // A refusal that is known already announces nothing.
            var (reason, reference) = (request.Reason.Trim(), PayBack.ReferenceOf(request.Reference));
            var terms = new PayBack(id, ShiftId: null, ShiftEntryKind.Void, reason, reference, request.By, request.IsAdmin)
            {
                NotAfter = now + ShiftRules.LongestWrite,
            };
            if (terms.LacksReference(sale))
            {
                return BookingErrors.ReferenceNeeded;
            }

            if (CounterRules.Void(order, terms with { ShiftId = sale.ShiftId }, reason, now).Error is { } refusal)
            {
                return refusal;
            }

            if (sale.ShiftId is { } shift)
            {
                var announced = await book.AnnounceAsync(shift, id, order.Id);
                if (announced.Error is { } closed && order.Total > order.Returned)
                {
                    return closed;
                }

                terms = terms with { ShiftId = announced.IsSuccess ? shift : null };
            }

            var voided = await payBacks.WriteAsync(shard, order.Id, terms, (current, at) => CounterRules.Void(current, terms, reason, at));
            return voided.Map(after => after.ToView());
        }
    }
}
