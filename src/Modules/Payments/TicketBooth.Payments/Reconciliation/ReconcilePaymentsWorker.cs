using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>
/// Reconciles the last whole days, UTC, at the time of the settings; after it when no host ran then. A new installation begins with the
/// first such time after its start.
/// </summary>
internal sealed class ReconcilePaymentsWorker(
    ReconciliationRuns runs,
    IReconciliationStore store,
    IOptions<ReconciliationOptions> options,
    WorkServices services
) : PeriodicWork(new WorkSchedule(Interval) { Timeout = TimeSpan.FromHours(1) }, services)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private DateTimeOffset startedAt;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        startedAt = Clock.GetUtcNow();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var due = LastDue(Clock.GetUtcNow(), options.Value.At);
        if (options.Value.Days > 0 && await IsDueAsync())
        {
            var end = new DateTimeOffset(due.UtcDateTime.Date, TimeSpan.Zero);
            await runs.RunAsync(new(end.AddDays(-options.Value.Days), end, Due: due), IsDueAsync, cancellationToken);
        }

        async Task<bool> IsDueAsync() => (await store.LastDueAsync() ?? startedAt) < due;
    }

    /// <summary>The last time at or before now that has this time of day.</summary>
    internal static DateTimeOffset LastDue(DateTimeOffset now, TimeOnly at)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + at.ToTimeSpan();
        return today <= now ? today : today.AddDays(-1);
    }
}
