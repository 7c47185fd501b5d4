using Microsoft.EntityFrameworkCore;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>Queries for runs.</summary>
internal static class RunQueries
{
    /// <summary>The latest pass of the self-audit that came to its end.</summary>
    public static Task<RunRow?> LatestPassAsync(this IQueryable<RunRow> runs, CancellationToken cancellationToken) =>
        runs.Where(run => run.Kind == RunKind.SelfAudit && run.EndedAt != null)
            .OrderByDescending(run => run.StartedAt)
            .FirstOrDefaultAsync(cancellationToken);
}
