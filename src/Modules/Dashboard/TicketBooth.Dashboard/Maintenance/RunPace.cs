using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// How a run goes on between two steps. Selling goes first: while it lasts a run does a step at a time, with a pause that is much longer
/// than the step. One that nobody waits for also rests in proportion to its steps, and so takes a fiftieth of a core at most, however much
/// there is to do.
/// </summary>
internal sealed class RunPace(SalesPauses pauses, TimeProvider clock, bool isRoutine)
{
    private const int RestPerStep = 49;

    // Both together are less than the silence after which a run counts as dead.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    // Much longer than a step of a run, which writes some hundred rows, so that selling keeps most of the machine.
    private static readonly TimeSpan LongestWaitOfAsked = TimeSpan.FromMilliseconds(300);

    private long stepBegan = clock.GetTimestamp();

    /// <summary>After a step; ends when the next one may begin.</summary>
    public async Task RestAsync(CancellationToken cancellationToken)
    {
        if (isRoutine)
        {
            var rest = RestPerStep * clock.GetElapsedTime(stepBegan);
            await Task.Delay(rest < LongestRest ? rest : LongestRest, clock, cancellationToken);
            await pauses.WaitAsync(pauses.Now, LongestWait, cancellationToken);
        }
        else
        {
            await pauses.WaitAsync(pauses.Now, LongestWaitOfAsked, cancellationToken);
        }

        stepBegan = clock.GetTimestamp();
    }
}
