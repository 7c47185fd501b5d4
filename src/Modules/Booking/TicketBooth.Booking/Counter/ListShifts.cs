using System.Security.Claims;
using FluentValidation;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Query = TicketBooth.Booking.Contracts.ListShifts;

namespace TicketBooth.Booking.Counter;

/// <summary>Lists shifts with their sums.</summary>
internal static class ListShifts
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/shifts",
                async (
                    ClaimsPrincipal user,
                    IMediator mediator,
                    CancellationToken ct,
                    Guid? clerkId = null,
                    DateTimeOffset? from = null,
                    DateTimeOffset? to = null,
                    bool? open = null,
                    string? cursor = null,
                    int limit = Cursor.DefaultLimit
                ) =>
                    (
                        await mediator.Send(new Query(user.IsInRole(Roles.Admin) ? clerkId : user.Id(), from, to, open, cursor, limit), ct)
                    ).ToHttp(TypedResults.Ok)
            )
            .RequireStaff()
            .WithName("ListShifts")
            .WithTags("Counter")
            .WithSummary("List shifts")
            .WithDescription(
                """
                By the time of their opening, newest first, each with its sums. Clerks see their own. Hand `nextCursor` back as `cursor` for
                the next page; `limit` is 1 to 200, 50 when left out.
                """
            )
            .WithExamples(response: CounterExamples.Shifts)
            .Produces<Page<ShiftView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesErrors(StatusCodes.Status422UnprocessableEntity, "validation-failed");

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(query => query.Limit).InclusiveBetween(1, Cursor.LargestLimit);
            RuleFor(query => query.Cursor)
                .Must(cursor => cursor is null || Cursor.TryParseTime(cursor, out _, out _))
                .WithMessage("Use the nextCursor of the page before.");
        }
    }

    internal sealed class Handler(IShiftStore store, ShiftBook book) : IRequestHandler<Query, Result<Page<ShiftView>>>
    {
        public async Task<Result<Page<ShiftView>>> Handle(Query request, CancellationToken cancellationToken)
        {
            (DateTimeOffset, Guid)? before = Cursor.TryParseTime(request.Cursor, out var time, out var id) ? (time, id) : null;
            var filter = new ShiftFilter(request.ClerkId, request.From, request.To, request.Open, before);
            var views = new List<ShiftView>();
            foreach (var shift in await store.ListAsync(filter, request.Limit + 1))
            {
                views.Add(await book.ViewAsync(shift));
            }

            return Page<ShiftView>.Of(views, request.Limit, last => new Cursor(last.OpenedAt.UtcTicks, last.Id).ToString());
        }
    }
}
