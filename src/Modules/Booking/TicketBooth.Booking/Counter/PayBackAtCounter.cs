using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using Command = TicketBooth.Booking.Contracts.PayBackAtCounter;

namespace TicketBooth.Booking.Counter;

/// <summary>Notes that a buyer got their money back at the counter.</summary>
internal static class PayBackAtCounter
{
    /// <param name="Reference">Of the reversal, which a sale by card terminal must have.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(string? Reference = null);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/counter-sales/{id:guid}/pay-back",
                async (Guid id, Body body, HttpContext http, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(id, body.Reference, http.User.ToActor(), http.OperationId()), ct)).ToHttp(order =>
                        TypedResults.Ok(order)
                    )
            )
            .RequireStaff()
            .WithName("PayBackAtCounter")
            .WithTags("Counter")
            .WithSummary("Pay back what is owed at the counter")
            .WithDescription(
                """
                For an order of a canceled event that was sold at the counter: no gateway gives its money back. All that is `counter.owed`
                leaves your open shift (409 `no-open-shift`), the way it came: cash out of the drawer, or on the card terminal, with the
                `reference` of the reversal (422 `reference-needed`).
                """
            )
            .WithExamples(request: """{ "reference": "R-000123" }""", response: CounterExamples.Voided)
            .Produces<OrderView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "order-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "no-open-shift")
            .ProducesErrors(
                StatusCodes.Status422UnprocessableEntity,
                "not-a-counter-sale",
                "nothing-owed",
                "reference-needed",
                "shift-currency",
                "validation-failed"
            )
            .ProducesErrors(StatusCodes.Status503ServiceUnavailable, "busy");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
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

            var now = clock.GetUtcNow();
            var id = request.OperationId ?? FreshId.At(now);
            if (sale.Has(id))
            {
                return order.ToView();
            }

            if (order.OwedAtCounter == 0)
            {
                return BookingErrors.NothingOwed;
            }

            // A refusal that is known already announces nothing.
            var terms = new PayBack(
                id,
                ShiftId: null,
                ShiftEntryKind.Refund,
                Reason: null,
                PayBack.ReferenceOf(request.Reference),
                request.By,
                IsAdmin: false
            )
            {
                NotAfter = now + ShiftRules.LongestWrite,
            };
            if (terms.LacksReference(sale))
            {
                return BookingErrors.ReferenceNeeded;
            }

            var shift = await book.AnnounceAsync(request.By, order.Currency, id, order.Id);
            if (shift.Error is { } closed)
            {
                return closed;
            }

            terms = terms with { ShiftId = shift.Value };
            var paid = await payBacks.WriteAsync(shard, order.Id, terms, (current, at) => CounterRules.PayOwed(current, terms, at));
            return paid.Map(after => after.ToView());
        }
    }
}
