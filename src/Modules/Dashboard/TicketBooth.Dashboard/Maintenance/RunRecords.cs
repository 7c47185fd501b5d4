using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Stores the runs: what they do and what they found.</summary>
internal sealed class RunRecords(IServiceScopeFactory scopes, ReadModelChanges changes, TimeProvider clock)
{
    /// <summary>A run without progress for so long has died with its host.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>How long a run is kept; the newest of its kind for longer, when none follows.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private static readonly TimeSpan FindingsKept = TimeSpan.FromDays(30);

    /// <summary>Adds a run, and removes those of its kind that are too old: four a day come without anybody's wish.</summary>
    public async Task<RunRow> AddAsync(RunKind kind, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var run = new RunRow
        {
            Id = Guid.CreateVersion7(now),
            Kind = kind,
            StartedAt = now,
            SeenAt = now,
        };
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        db.Add(run);
        await db.SaveChangesAsync(cancellationToken);
        var before = now - Kept;
        await db.Runs.Where(other => other.Kind == kind && other.StartedAt < before).ExecuteDeleteAsync(cancellationToken);
        return run;
    }

    public async Task<RunRow> GetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        return await db.Runs.SingleAsync(run => run.Id == id, cancellationToken);
    }

    public Task ProgressAsync(Guid id, long orders, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return UpdateAsync(id, set => set.SetProperty(run => run.Done, orders).SetProperty(run => run.SeenAt, now), cancellationToken);
    }

    public Task EndAsync(Guid id, Findings findings) => EndAsync(id, findings.Count, string.Join('\n', findings.Lines), findings.Orders);

    /// <summary>As if it had never begun.</summary>
    public async Task RemoveAsync(Guid id)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        await db.Runs.Where(run => run.Id == id).ExecuteDeleteAsync(CancellationToken.None);
    }

    /// <summary>Forgets passes of the self-audit before this one: all that found nothing, and others after a month.</summary>
    public async Task ForgetPassesAsync(RunRow last, CancellationToken cancellationToken)
    {
        var old = last.StartedAt - FindingsKept;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        await db
            .Runs.Where(run => run.Kind == RunKind.SelfAudit && run.StartedAt < last.StartedAt)
            .Where(run => run.Differences == 0 || run.StartedAt < old)
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Records a run that failed or was stopped. That counts as one difference, so that it needs attention.</summary>
    public Task FailAsync(Guid id, string failure) => EndAsync(id, 1, "It failed: " + failure, orders: null);

    private async Task EndAsync(Guid id, long differences, string report, long? orders)
    {
        var now = clock.GetUtcNow();
        await UpdateAsync(
            id,
            set =>
                set.SetProperty(run => run.EndedAt, now)
                    .SetProperty(run => run.SeenAt, now)
                    .SetProperty(run => run.Done, run => orders ?? run.Done)
                    .SetProperty(run => run.Differences, differences)
                    .SetProperty(run => run.Report, report),
            CancellationToken.None
        );
        await using var scope = scopes.CreateAsyncScope();
        changes.Observe(await scope.ServiceProvider.GetRequiredService<DashboardDbContext>().VersionAsync(CancellationToken.None));
    }

    private async Task UpdateAsync(
        Guid id,
        Expression<Func<SetPropertyCalls<RunRow>, SetPropertyCalls<RunRow>>> set,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        await db.Runs.Where(run => run.Id == id).ExecuteUpdateAsync(set, cancellationToken);
    }
}
