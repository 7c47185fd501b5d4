using System.Diagnostics;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>
/// Waits until a host has nothing left to do for the orders that it took: the back office and those who read the events know all of them, both
/// agree, and the host is idle. Until then a rate is on credit, and the cost of an order is not paid.
/// </summary>
internal static class Settling
{
    private const double IdleShareOfACore = 0.15;
    private const int PausesPerLook = 4;

    private static readonly TimeSpan shortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan lookForIdleness = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(10);

    // The host counts its outboxes every five seconds.
    private static readonly TimeSpan depthInterval = TimeSpan.FromSeconds(6);

    /// <param name="host">Whom to wait for.</param>
    /// <param name="lastAnswer">Runs since the load has ended.</param>
    /// <param name="isComplete">Whether the followers know at least what the load was told.</param>
    /// <returns>What the followers know then, and how long after the last answer they were first seen to know it.</returns>
    public static async Task<(Followed Followed, TimeSpan Behind)> WaitAsync(
        MeasuredHost host,
        Stopwatch lastAnswer,
        Func<Followed, bool> isComplete
    )
    {
        var (known, behind) = (default(Followed), TimeSpan.Zero);
        while (lastAnswer.Elapsed < patience)
        {
            var look = Stopwatch.StartNew();
            var followed = await host.FollowedAsync();
            if (followed != known)
            {
                behind = lastAnswer.Elapsed;
            }

            known = followed;
            if (isComplete(followed) && await IsIdleAsync(host) && await host.FollowedAsync() == followed)
            {
                return (followed, behind);
            }

            // A look costs the host something, most of all where there are many events.
            await Task.Delay(TimeSpan.FromTicks(Math.Max(shortestPause.Ticks, (PausesPerLook * look.Elapsed).Ticks)));
        }

        throw new TimeoutException($"After {patience.TotalMinutes} minutes the host has not settled: {known}.");
    }

    /// <summary>Waits until the host itself says that its outboxes are empty. It learns that only every few seconds.</summary>
    public static async Task EmptyOutboxesAsync(MeasuredHost host)
    {
        do
        {
            await Task.Delay(depthInterval);
        } while ((await host.MetricsAsync()).MessagesWaiting > 0);
    }

    private static async Task<bool> IsIdleAsync(MeasuredHost host)
    {
        var (used, since) = (host.Cpu.Used, Stopwatch.GetTimestamp());
        await Task.Delay(lookForIdleness);
        return host.Cpu.Used - used < IdleShareOfACore * Stopwatch.GetElapsedTime(since);
    }
}
