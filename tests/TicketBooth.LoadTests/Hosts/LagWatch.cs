using System.Diagnostics;
using TicketBooth.LoadTests.Figures;

namespace TicketBooth.LoadTests.Hosts;

/// <summary>Looks once a second, at most, how far the followers of orders are behind, while a load runs.</summary>
internal sealed class LagWatch
{
    // Where a look costs much, there are fewer.
    private const int PausesPerLook = 10;

    private static readonly TimeSpan shortestPause = TimeSpan.FromSeconds(1);

    private readonly Lag lag = new();
    private readonly TaskCompletionSource ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task watching;

    private LagWatch(MeasuredHost host, MetricsPage metricsBefore, Followed followedBefore) =>
        watching = WatchAsync(host, metricsBefore.OrdersPlaced, followedBefore);

    /// <summary>Begins with what is known before the load.</summary>
    public static LagWatch Start(MeasuredHost host, MetricsPage metricsBefore, Followed followedBefore) =>
        new(host, metricsBefore, followedBefore);

    public async Task<Lag> EndAsync()
    {
        ends.SetResult();
        await watching;
        return lag;
    }

    private async Task WatchAsync(MeasuredHost host, long placedBefore, Followed followedBefore)
    {
        var (watch, pause) = (Stopwatch.StartNew(), shortestPause);
        lag.Add(TimeSpan.Zero, 0, 0);
        while (true)
        {
            await Task.WhenAny(ends.Task, Task.Delay(pause));
            if (ends.Task.IsCompleted)
            {
                return;
            }

            var since = watch.Elapsed;

            // First the followers: what is placed between the two is not yet expected of them, but counts as waiting.
            var followed = await host.FollowedAsync();
            var metrics = await host.MetricsAsync();
            var slowest = Math.Min(followed.Placed - followedBefore.Placed, followed.Taken - followedBefore.Taken);
            lag.Add(watch.Elapsed, metrics.OrdersPlaced - placedBefore, slowest);
            pause = TimeSpan.FromTicks(Math.Max(shortestPause.Ticks, (PausesPerLook * (watch.Elapsed - since)).Ticks));
        }
    }
}
