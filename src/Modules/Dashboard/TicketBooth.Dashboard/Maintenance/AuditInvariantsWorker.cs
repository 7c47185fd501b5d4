using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// The self-audit: goes over the stored data again and again with the checks of the command <c>audit</c>, on one host at a time, and
/// records what it found as a run.
/// </summary>
/// <remarks>
/// After a step it rests for fifty times as long as the step took, so it takes less than a fiftieth of a core however much there is to
/// check. A pass that the host's stop interrupts begins anew.
/// </remarks>
internal sealed class AuditInvariantsWorker(
    IServiceScopeFactory scopes,
    RunRecords records,
    IOptions<SelfAuditOptions> options,
    ILogger<AuditInvariantsWorker> logger,
    WorkServices services
)
    : PeriodicWork(
        new WorkSchedule(TimeSpan.FromMinutes(options.Value.EveryMinutes)) { Lease = "self-audit", Timeout = LongestPass },
        services
    )
{
    private static readonly TimeSpan LongestPass = TimeSpan.FromDays(7);

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        var run = await records.AddAsync(RunKind.SelfAudit, cancellationToken);
        var isRecorded = false;
        try
        {
            var pace = new AuditPace(Clock, ending => records.ProgressAsync(run.Id, orders: 0, ending));
            var pass = new SelfAuditPass(
                scopes,
                pace.RestAsync,
                TimeSpan.FromMinutes(options.Value.RecheckMinutes),
                Clock,
                logger
            );
            var report = SelfAuditReport.Of(await pass.RunAsync(cancellationToken));
            await records.EndAsync(run.Id, new Findings(pass.Orders, report.Total, [report.ToString()]));
            isRecorded = true;
            await records.ForgetPassesAsync(run, cancellationToken);
        }
        finally
        {
            if (!isRecorded)
            {
                await records.RemoveAsync(run.Id);
            }
        }
    }
}
