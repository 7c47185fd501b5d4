using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Shows what the latest complete pass of the self-audit found, the same on every host.</summary>
internal sealed class MeasureInvariantsWorker : PeriodicWork
{
    private readonly IServiceScopeFactory scopes;
    private volatile Pass? latest;

    public MeasureInvariantsWorker(
        IServiceScopeFactory scopes,
        IMeterFactory meters,
        IOptions<SelfAuditOptions> options,
        WorkServices services
    )
        : base(new WorkSchedule(TimeSpan.FromSeconds(30)) { StartsAtOnce = true }, services)
    {
        this.scopes = scopes;
        var startedAt = Clock.GetUtcNow();
        var meter = meters.Create(DashboardMetrics.MeterName);
        meter.CreateObservableGauge(
            "ticketbooth.invariants.violations",
            () =>
                latest is { } pass
                    ? SelfAuditReport.Promises.Select(promise => new Measurement<long>(
                        pass.Report.Counts.GetValueOrDefault(promise),
                        new KeyValuePair<string, object?>("promise", promise)
                    ))
                    : [],
            "{violation}",
            "Violations of each promise that the latest complete pass of the self-audit found and could not repair."
        );
        meter.CreateObservableGauge(
            "ticketbooth.invariants.pass.age",
            () =>
                latest is not null || options.Value.Enabled
                    ? [new Measurement<double>((Clock.GetUtcNow() - (latest?.EndedAt ?? startedAt)).TotalSeconds)]
                    : Enumerable.Empty<Measurement<double>>(),
            "s",
            "How long ago the latest complete pass of the self-audit ended, or the host began where there was none."
        );
    }

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        latest =
            await db.Runs.LatestPassAsync(cancellationToken) is { } run
                ? new Pass(run.EndedAt!.Value, SelfAuditReport.Parse(run.Report))
                : null;
    }

    private sealed record Pass(DateTimeOffset EndedAt, SelfAuditReport Report);
}
