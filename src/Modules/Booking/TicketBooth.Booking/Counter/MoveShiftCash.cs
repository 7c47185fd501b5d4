using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using Command = TicketBooth.Booking.Contracts.MoveShiftCash;

namespace TicketBooth.Booking.Counter;

/// <summary>Cash that is put into a drawer or taken out of it, other than by a sale.</summary>
internal static class MoveShiftCash
{
    /// <param name="Amount">In cents; less than 0 for what is taken out.</param>
    /// <param name="Reason">For example: into the safe.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(long Amount, string Reason);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/shifts/{id:guid}/movements",
                async (Guid id, Body body, HttpContext http, IMediator mediator, CancellationToken ct) =>
                    (
                        await mediator.Send(
                            new Command(
                                id,
                                body.Amount,
                                body.Reason,
                                http.User.ToActor(),
                                http.User.IsInRole(Roles.Admin),
                                http.OperationId()
                            ),
                            ct
                        )
                    ).ToHttp(TypedResults.Ok)
            )
            .RequireStaff()
            .WithName("MoveShiftCash")
            .WithTags("Counter")
            .WithSummary("Put cash in, or take it out")
            .WithDescription(
                "A pay-in has an `amount` above 0, a cash drop one below 0. With an `Idempotency-Key` a repeated request changes nothing."
            )
            .WithExamples(request: """{ "amount": -30000, "reason": "Into the safe" }""", response: CounterExamples.Open)
            .Produces<ShiftView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status403Forbidden, "not-your-shift")
            .ProducesErrors(StatusCodes.Status404NotFound, "shift-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "shift-closed")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.Amount).InclusiveBetween(-ShiftLimits.HighestAmount, ShiftLimits.HighestAmount).NotEqual(0);
            RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).MustBeOneLine();
            RuleFor(command => command.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class Handler(IShiftStore store, ShiftBook book, TimeProvider clock) : IRequestHandler<Command, Result<ShiftView>>
    {
        public async Task<Result<ShiftView>> Handle(Command request, CancellationToken cancellationToken)
        {
            var id = request.OperationId ?? FreshId.At(clock.GetUtcNow());

            // Again only when something else of the shift was written in between.
            while (true)
            {
                if (await store.FindAsync(request.ShiftId) is not { } shift)
                {
                    return BookingErrors.ShiftNotFound;
                }

                if (shift.Clerk.Id != request.By.Id && !request.IsAdmin)
                {
                    return BookingErrors.NotYourShift;
                }

                if (shift.Moves.Any(known => known.Id == id))
                {
                    return await book.ViewAsync(shift);
                }

                if (!shift.IsOpen)
                {
                    return BookingErrors.ShiftClosed;
                }

                var move = new CashMove(id, request.Amount, request.Reason.Trim(), request.By, clock.NotBefore(shift.OpenedAt));
                var after = shift with { Moves = [.. shift.Moves, move], Version = shift.Version + 1 };
                if (await store.ReplaceAsync(after))
                {
                    return await book.ViewAsync(after);
                }
            }
        }
    }
}
