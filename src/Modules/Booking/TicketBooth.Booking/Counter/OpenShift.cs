using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using Command = TicketBooth.Booking.Contracts.OpenShift;

namespace TicketBooth.Booking.Counter;

/// <summary>Opens a shift with a float in the drawer.</summary>
internal static class OpenShift
{
    /// <param name="Float">Cash in the drawer, in cents.</param>
    /// <param name="Currency">Of all money of the shift, ISO 4217.</param>
    [LimitsOf(typeof(Command))]
    internal sealed record Body(long Float, string Currency = "BRL");

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/api/v1/shifts", async (Body body, HttpContext http, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Command(body.Float, body.Currency, http.User.ToActor(), http.OperationId()), ct)).ToHttp(shift =>
                    TypedResults.Created($"/api/v1/shifts/{shift.Id}", shift)
                )
            )
            .RequireStaff()
            .WithName("OpenShift")
            .WithTags("Counter")
            .WithSummary("Open a shift")
            .WithDescription("One open shift a clerk: 409 `shift-already-open`. It is in one currency, BRL when left out.")
            .WithExamples(request: """{ "float": 20000 }""", response: CounterExamples.Open)
            .Produces<ShiftView>(StatusCodes.Status201Created)
            .ReturnsHeader(StatusCodes.Status201Created, "Location", "Where it is.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status409Conflict, "shift-already-open")
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(command => command.Float).InclusiveBetween(0, ShiftLimits.HighestAmount);
            RuleFor(command => command.Currency).NotNull().Must(Currencies.Knows).WithMessage("A currency of ISO 4217, for example BRL.");
            RuleFor(command => command.By).SetValidator(new ActorRules());
        }
    }

    internal sealed class Handler(IShiftStore store, ShiftBook book, TimeProvider clock) : IRequestHandler<Command, Result<ShiftView>>
    {
        public async Task<Result<ShiftView>> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var shift = new Shift(request.OperationId ?? FreshId.At(now), request.By, request.Currency, request.Float, now);
            return await store.AddAsync(shift) ? await book.ViewAsync(shift)
                : await store.FindAsync(shift.Id) is { } repeated ? await book.ViewAsync(repeated)
                : BookingErrors.ShiftAlreadyOpen;
        }
    }
}

/// <summary>The bounds of amounts of shifts.</summary>
internal static class ShiftLimits
{
    /// <summary>In cents.</summary>
    public const long HighestAmount = 100_000_000_000;
}
