using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>Shows what staff did.</summary>
internal static class ListAuditLog
{
    /// <param name="SubjectId">Only actions on this event, order or user.</param>
    /// <param name="ById">Only actions of this member of staff.</param>
    /// <param name="From">The first day, in the zone of the settings.</param>
    /// <param name="To">The last day.</param>
    /// <param name="IsJoined">One line for each action: that of its outcome, where there is one.</param>
    internal sealed record Query(
        Guid? SubjectId = null,
        Guid? ById = null,
        DateOnly? From = null,
        DateOnly? To = null,
        string? Cursor = null,
        int Limit = Cursor.DefaultLimit,
        bool IsJoined = false
    ) : IRequest<Result<Page<Entry>>>;

    /// <summary>A line of the log. An action has two: one from before it ran, and one with its outcome.</summary>
    /// <param name="ActId">The same for both lines of an action.</param>
    /// <param name="Kind">For example <c>adjust-prices</c>.</param>
    /// <param name="Request">The request, as JSON.</param>
    /// <param name="Before">The subject before the action, as JSON.</param>
    /// <param name="After">The subject after the action, as JSON.</param>
    /// <param name="Outcome"><c>begun</c>, <c>done</c> or the code of the error that refused it.</param>
    internal sealed record Entry(
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
                    Guid? byId = null,
                    DateOnly? from = null,
                    DateOnly? to = null,
                    string? cursor = null,
                    int limit = Cursor.DefaultLimit
                ) =>
                    (await mediator.Send(new Query(subjectId, byId, from, to, cursor, limit), ct)).ToHttp(entries =>
                        TypedResults.Ok(entries)
                    )
            )
            .RequireAdmin()
            .WithName("ListActs")
            .WithTags("Dashboard")
            .WithSummary("List the audit log")
            .WithDescription(
                """
                Newest first; `subjectId` narrows it to one event, order or user, `byId` to one member of staff, `from` and `to` to the days
                between them, in the time zone of the settings. Every staff action over REST or in the back office has two
                lines: `begun`, and its outcome (`done`, or the code of the error that refused it). An action without a second line was cut
                off by a crash. The log is append-only, but for the names and addresses of people who were
                erased.
                """
            )
            .WithExamples(
                response: """
                {
                  "items": [{
                    "id": "0199e2f4-5d3b-7001-a2b3-c4d5e6f70819", "actId": "0199e2f4-5d3b-7001-a2b3-c4d5e6f70000",
                    "at": "2026-11-23T20:00:02Z", "byId": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "byName": "Ana",
                    "kind": "adjust-prices", "subjectId": "0199e2f0-0d3b-7001-a2b3-c4d5e6f70000",
                    "request": "{\"eventId\":\"0199e2f0-0d3b-7001-a2b3-c4d5e6f70000\",\"percentage\":10}",
                    "before": "{…}", "after": "{…}", "outcome": "done"
                  }],
                  "nextCursor": null
                }
                """
            )
            .Produces<Page<Entry>>()
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
                .Must(cursor => string.IsNullOrEmpty(cursor) || Cursor.TryParseTime(cursor, out _, out _))
                .WithMessage("Not a cursor of this list.");
            this.RuleForDays(query => query.From, query => query.To);
        }
    }

    internal sealed class Handler(DashboardDbContext db, DashboardZone zone) : IRequestHandler<Query, Result<Page<Entry>>>
    {
        public async Task<Result<Page<Entry>>> Handle(Query request, CancellationToken cancellationToken)
        {
            var entries = Narrowed(request);
            if (Cursor.TryParseTime(request.Cursor, out var at, out var id))
            {
                entries = entries.Where(entry => entry.At < at || (entry.At == at && entry.Id.CompareTo(id) < 0));
            }

            if (request.IsJoined)
            {
                entries = entries.Where(entry =>
                    entry.Outcome != AuditLogRow.Begun
                    || !db.AuditLog.Any(other => other.ActId == entry.ActId && other.Outcome != AuditLogRow.Begun)
                );
            }

            var page = await entries
                .OrderByDescending(entry => entry.At)
                .ThenByDescending(entry => entry.Id)
                .Take(request.Limit + 1)
                .ToListAsync(cancellationToken);
            return Page<Entry>.Of(
                [
                    .. page.Select(entry => new Entry(
                        entry.Id,
                        entry.ActId,
                        entry.At,
                        entry.ById,
                        entry.ByName,
                        entry.Kind,
                        entry.SubjectId,
                        entry.Request,
                        entry.Before,
                        entry.After,
                        entry.Outcome
                    )),
                ],
                request.Limit,
                last => new Cursor(last.At.UtcTicks, last.Id).ToString()
            );
        }

        private IQueryable<AuditLogRow> Narrowed(Query request)
        {
            var entries = db.AuditLog;
            if (request.SubjectId is { } subject)
            {
                entries = entries.Where(entry => entry.SubjectId == subject);
            }

            if (request.ById is { } by)
            {
                entries = entries.Where(entry => entry.ById == by);
            }

            if (request.From is { } first)
            {
                var from = zone.StartOf(first);
                entries = entries.Where(entry => entry.At >= from);
            }

            if (request.To is { } last)
            {
                var end = zone.StartOf(last.AddDays(1));
                entries = entries.Where(entry => entry.At < end);
            }

            return entries;
        }
    }
}
