using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Shows the latest rebuilds and comparisons with the ledger.</summary>
internal static class ListRuns
{
    private const int Most = 50;

    internal sealed record Query : IRequest<Result<Response>>;

    /// <param name="Items">Newest first, at most 50.</param>
    internal sealed record Response(IReadOnlyList<Run> Items);

    /// <param name="State"><c>running</c>, <c>ended</c>, or <c>lost</c> when its host died before the end.</param>
    /// <param name="Orders">How many it has processed.</param>
    /// <param name="Differences">How many differences from the ledger it found.</param>
    /// <param name="Report">The first of them, a line each.</param>
    internal sealed record Run(
        Guid Id,
        RunKind Kind,
        RunState State,
        DateTimeOffset StartedAt,
        DateTimeOffset? EndedAt,
        long Orders,
        long Differences,
        string Report
    );

    internal enum RunState
    {
        Running,
        Ended,
        Lost,
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/api/v1/dashboard/runs", async (IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new Query(), ct)).ToHttp(runs => TypedResults.Ok(runs))
            )
            .RequireStaff()
            .WithName("ListRuns")
            .WithTags("Dashboard")
            .WithSummary("List rebuilds and comparisons with the ledger")
            .WithDescription("Newest first, at most 50. `orders` grows while a run is under way.")
            .WithExamples(
                response: """
                {
                  "items": [{
                    "id": "0199e2f4-5d3b-7001-a2b3-c4d5e6f70819", "kind": "reconciliation", "state": "ended",
                    "startedAt": "2026-11-23T20:00:00Z", "endedAt": "2026-11-23T20:00:09Z",
                    "orders": 10400, "differences": 0, "report": ""
                  }]
                }
                """
            )
            .Produces<Response>()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

    internal sealed class Handler(DashboardDbContext db, TimeProvider clock) : IRequestHandler<Query, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Query request, CancellationToken cancellationToken)
        {
            var alive = clock.GetUtcNow() - RunRecords.LongestSilence;
            var runs = await db.Runs.OrderByDescending(run => run.StartedAt).Take(Most).ToListAsync(cancellationToken);
            return new Response([
                .. runs.Select(run => new Run(
                    run.Id,
                    run.Kind,
                    run.EndedAt is not null ? RunState.Ended
                        : run.SeenAt > alive ? RunState.Running
                        : RunState.Lost,
                    run.StartedAt,
                    run.EndedAt,
                    run.Done,
                    run.Differences,
                    run.Report
                )),
            ]);
        }
    }
}
