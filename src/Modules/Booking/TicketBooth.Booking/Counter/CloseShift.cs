using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Command = TicketBooth.Booking.Contracts.CloseShift;

namespace TicketBooth.Booking.Counter;

/// <summary>Closes a shift with a count of its drawer.</summary>
internal static partial class CloseShift
{
    /// <param name="Counted">Cash in the drawer, in cents.</param>
    /// <param name="Note">For example why the count differs.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(long Counted, string? Note = null);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost(
                "/api/v1/shifts/{id:guid}/close",
                async (Guid id, Body body, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new Command(id, body.Counted, body.Note, user.ToActor(), user.IsInRole(Roles.Admin)), ct)).ToHttp(
                        TypedResults.Ok
                    )
            )
            .RequireStaff()
            .WithName("CloseShift")
            .WithTags("Counter")
            .WithSummary("Close a shift")
            .WithDescription(
                """
                Tells what was `expected` in the drawer and the `difference`: `counted` less `expected`. Nothing gets into a closed shift.
                409 `sales-under-way` while a sale of it is being written: try again in a moment. Clerks close their own shifts (403
                `not-your-shift`), administrators all.
                """
            )
            .WithExamples(request: """{ "counted": 31900, "note": "One coin short." }""", response: CounterExamples.Closed)
            .Produces<ShiftView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesErrors(StatusCodes.Status403Forbidden, "not-your-shift")
            .ProducesErrors(StatusCodes.Status404NotFound, "shift-not-found")
            .ProducesErrors(StatusCodes.Status409Conflict, "sales-under-way", "shift-closed")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.Counted).InclusiveBetween(0, ShiftLimits.HighestAmount);
            RuleFor(command => command.Note).MaximumLength(500).MustBeOneLine();
            RuleFor(command => command.By).SetValidator(new ActorRules());
        }
    }

    internal sealed partial class Handler(IShiftStore store, ShiftBook book, TimeProvider clock, ILogger<Handler> logger)
        : IRequestHandler<Command, Result<ShiftView>>
    {
        public async Task<Result<ShiftView>> Handle(Command request, CancellationToken cancellationToken)
        {
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

                if (!shift.IsOpen)
                {
                    return BookingErrors.ShiftClosed;
                }

                var entries = await book.EntriesAsync(shift);
                var now = clock.NotBefore(shift.OpenedAt);
                if (ShiftRules.UnderWay(shift, entries, now) > 0)
                {
                    return BookingErrors.SalesUnderWay;
                }

                var closed = shift with
                {
                    Close = new ShiftClose(
                        now,
                        request.Counted,
                        ShiftRules.Expected(shift, ShiftRules.SumsOf(shift, entries)),
                        string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim(),
                        request.By
                    ),
                    Version = shift.Version + 1,
                };
                if (await store.ReplaceAsync(closed))
                {
                    LogClosed(logger, shift.Id, request.By.Id, request.Counted - closed.Close.Expected);
                    return ShiftRules.ViewOf(closed, entries);
                }
            }
        }

        [LoggerMessage(
            EventId = 4006,
            Level = LogLevel.Information,
            Message = "Shift {ShiftId} was closed by {UserId}; the drawer differed by {Difference} cents"
        )]
        private static partial void LogClosed(ILogger logger, Guid shiftId, Guid userId, long difference);
    }
}
