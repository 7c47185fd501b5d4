using System.Security.Claims;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Query = TicketBooth.Booking.Contracts.GetShift;

namespace TicketBooth.Booking.Counter;

/// <summary>Shows a shift with its lines.</summary>
internal static class GetShift
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/shifts/{id:guid}", async (Guid id, ClaimsPrincipal user, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Query(id, user.IsInRole(Roles.Admin) ? null : user.Id()), ct)).ToHttp(TypedResults.Ok)
            )
            .RequireStaff()
            .WithName("GetShift")
            .WithTags("Counter")
            .WithSummary("Show a shift")
            .WithDescription(
                "With its sums and all its lines, oldest first. Administrators see the shifts of all clerks; 404 for another clerk's."
            )
            .WithExamples(response: CounterExamples.Details)
            .Produces<ShiftDetails>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status404NotFound, "shift-not-found");

    internal sealed class Handler(IShiftStore store, ShiftBook book) : IRequestHandler<Query, Result<ShiftDetails>>
    {
        public async Task<Result<ShiftDetails>> Handle(Query request, CancellationToken cancellationToken) =>
            await store.FindAsync(request.ShiftId) is { } shift && (request.ClerkId ?? shift.Clerk.Id) == shift.Clerk.Id
                ? await book.DetailsAsync(shift)
                : BookingErrors.ShiftNotFound;
    }

    internal sealed class CountHandler(IShiftStore store) : IRequestHandler<CountOpenShifts, Result<int>>
    {
        private const int MostCounted = 1_000;

        public async Task<Result<int>> Handle(CountOpenShifts request, CancellationToken cancellationToken) =>
            (await store.ListAsync(new ShiftFilter(IsOpen: true), MostCounted)).Count;
    }

    internal sealed class OpenHandler(IShiftStore store, ShiftBook book) : IRequestHandler<GetOpenShift, Result<ShiftDetails>>
    {
        public async Task<Result<ShiftDetails>> Handle(GetOpenShift request, CancellationToken cancellationToken) =>
            await store.FindOpenAsync(request.ClerkId) is { } shift ? await book.DetailsAsync(shift) : BookingErrors.NoOpenShift;
    }
}
