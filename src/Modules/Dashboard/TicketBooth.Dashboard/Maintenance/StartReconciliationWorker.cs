using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Starts a comparison with the ledger when the last one is older than <see cref="DashboardOptions.ReconcileHours"/>.</summary>
internal sealed class StartReconciliationWorker(
    MaintenanceRuns runs,
    IServiceScopeFactory scopes,
    IOptions<DashboardOptions> options,
    WorkServices services
) : PeriodicWork(new WorkSchedule(TimeSpan.FromMinutes(1)), services)
{
    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        if (options.Value.ReconcileHours > 0 && await IsDueAsync(cancellationToken))
        {
            // A refusal means that a run is under way, here or on another host. The next round looks again.
            await runs.StartRoutineAsync(RunKind.Reconciliation, cancellationToken);
        }
    }

    private async Task<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        var since = Clock.GetUtcNow() - TimeSpan.FromHours(options.Value.ReconcileHours);
        return !await db.Runs.AnyAsync(run => run.Kind == RunKind.Reconciliation && run.StartedAt > since, cancellationToken);
    }
}
