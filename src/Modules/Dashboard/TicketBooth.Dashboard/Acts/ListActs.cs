using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Acts;

/// <summary>Shows who did what.</summary>
internal static class ListActs
{
    /// <param name="SubjectId">Only what was done to this event, order or user.</param>
    internal sealed record Query(Guid? SubjectId = null, string? Cursor = null, int Limit = Cursor.DefaultLimit)
        : IRequest<Result<Page<Act>>>;

    /// <summary>A line of the log. An act has two: when it began, and what came of it.</summary>
    /// <param name="ActId">The same for both.</param>
    /// <param name="Kind">For example <c>adjust-prices</c>.</param>
    /// <param name="Request">What was asked for, as JSON.</param>
    /// <param name="Before">The subject before it, as JSON.</param>
    /// <param name="After">The subject after it, as JSON.</param>
    /// <param name="Outcome"><c>begun</c>, <c>done</c> or the code of the error that refused it.</param>
    internal sealed record Act(
        Guid Id,
        Guid ActId,
        DateTimeOffset At,
        Guid ById,
        string ByName,
        string Kind,
        Guid? SubjectId,
        string Request,
        string? Before,
        string? After,
        string Outcome
    );

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/api/v1/dashboard/acts",
                async (
                    IMediator mediator,
                    CancellationToken ct,
                    Guid? subjectId = null,
                    string? cursor = null,
                    int limit = Cursor.DefaultLimit
                ) => (await mediator.Send(new Query(subjectId, cursor, limit), ct)).ToHttp(acts => TypedResults.Ok(acts))
            )
            .RequireAdmin()
            .WithName("ListActs")
            .WithTags("Dashboard")
            .WithSummary("List administrative acts")
            .WithDescription(
                """
                Newest first; `subjectId` narrows it to one event, order or user. Every act of staff over REST or in the back office has two lines: `begun`, and its outcome (`done`, or the code of
                the error that refused it). An act without a second line was cut off by a crash. The log is only ever added to.
                """
            )
            .WithExamples(
                response: """
                {
                  "items": [{
                    "id": "0199e2f4-5d3b-7001-a2b3-c4d5e6f70819", "actId": "0199e2f4-5d3b-7001-a2b3-c4d5e6f70000", "at": "2026-11-23T20:00:02Z",
                    "byId": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "byName": "Ana", "kind": "adjust-prices", "subjectId": "0199e2f0-0d3b-7001-a2b3-c4d5e6f70000",
                    "request": "{\"eventId\":\"0199e2f0-0d3b-7001-a2b3-c4d5e6f70000\",\"percentage\":10}", "before": "{…}", "after": "{…}", "outcome": "done"
                  }],
                  "nextCursor": null
                }
                """
            )
            .Produces<Page<Act>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal sealed class Validator : AbstractValidator<Query>
    {
        public Validator()
        {
            RuleFor(query => query.Limit).InclusiveBetween(1, Cursor.LargestLimit);
            RuleFor(query => query.Cursor)
                .Must(cursor => string.IsNullOrEmpty(cursor) || Cursor.TryParse(cursor, out _))
                .WithMessage("Not a cursor of this list.");
        }
    }

    internal sealed class Handler(DashboardDbContext db) : IRequestHandler<Query, Result<Page<Act>>>
    {
        public async Task<Result<Page<Act>>> Handle(Query request, CancellationToken cancellationToken)
        {
            var acts = request.SubjectId is { } subject ? db.Acts.Where(act => act.SubjectId == subject) : db.Acts;
            if (Cursor.TryParse(request.Cursor, out var after))
            {
                var at = new DateTimeOffset(after.Value, TimeSpan.Zero);
                acts = acts.Where(act => act.At < at || (act.At == at && act.Id.CompareTo(after.Id) < 0));
            }

            var page = await acts.OrderByDescending(act => act.At)
                .ThenByDescending(act => act.Id)
                .Take(request.Limit + 1)
                .ToListAsync(cancellationToken);
            return Page<Act>.Of(
                [
                    .. page.Select(act => new Act(
                        act.Id,
                        act.ActId,
                        act.At,
                        act.ById,
                        act.ByName,
                        act.Kind,
                        act.SubjectId,
                        act.Request,
                        act.Before,
                        act.After,
                        act.Outcome
                    )),
                ],
                request.Limit,
                last => new Cursor(last.At.UtcTicks, last.Id).ToString()
            );
        }
    }
}
