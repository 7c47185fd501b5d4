namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// Rests after each step for fifty times as long as the step took, and tells meanwhile that the run goes on. Unlike
/// <see cref="RunPace"/> it knows no longest rest: nobody ever waits for the self-audit.
/// </summary>
internal sealed class AuditPace(TimeProvider clock, Func<CancellationToken, Task> report)
{
    private const int RestPerStep = 50;

    // Shorter than the silence after which a run counts as lost.
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    private long stepBegan = clock.GetTimestamp();
    private long reportedAt = clock.GetTimestamp();

    public async Task RestAsync(CancellationToken cancellationToken)
    {
        for (var rest = RestPerStep * clock.GetElapsedTime(stepBegan); rest > TimeSpan.Zero; rest -= ProgressInterval)
        {
            await Task.Delay(rest < ProgressInterval ? rest : ProgressInterval, clock, cancellationToken);
            if (clock.GetElapsedTime(reportedAt) >= ProgressInterval)
            {
                reportedAt = clock.GetTimestamp();
                await report(cancellationToken);
            }
        }

        stepBegan = clock.GetTimestamp();
    }
}
