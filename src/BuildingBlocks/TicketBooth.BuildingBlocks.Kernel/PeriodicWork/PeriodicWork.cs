using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// Work that this host does again and again: the one loop for everything that recurs. A failed round is logged, counted and followed by
/// the next; a round that takes too long is canceled; a late one is warned about; the health check <c>work</c> tells what fails.
/// </summary>
/// <remarks>A worker is named <c>&lt;Verb&gt;&lt;Noun&gt;Worker</c>; its name without <c>Worker</c> stands in logs and metrics.</remarks>
public abstract partial class PeriodicWork : BackgroundService
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private readonly WorkSchedule schedule;
    private readonly WorkServices services;
    private readonly ILogger logger;
    private readonly string name;
    private readonly FailureLog failures;
    private long startedAt;
    private bool holdsLease;
    private int failedItems;

    protected PeriodicWork(WorkSchedule schedule, WorkServices services)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(services);
        (this.schedule, this.services) = (schedule, services);
        logger = services.LoggerFor(GetType());
        name = GetType().Name.EndsWith("Worker", StringComparison.Ordinal) ? GetType().Name[..^"Worker".Length] : GetType().Name;
        failures = new FailureLog(logger, name, Clock);
    }

    /// <summary>The time of this work.</summary>
    protected TimeProvider Clock => services.Clock;

    /// <summary>Does the work once. Whatever it throws ends this round only.</summary>
    /// <param name="cancellationToken">Canceled when the host stops, the round's time is over or the lease is lost.</param>
    protected abstract Task RunRoundAsync(CancellationToken cancellationToken);

    /// <summary>
    /// One round, here and now, as the loop would run it: nothing where another host holds the lease. Throws what the round throws.
    /// </summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(schedule.Timeout, Clock);
        if (schedule.Lease is null)
        {
            using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            await RunRoundAsync(round.Token);
        }
        else if (await services.Leases.TryHoldAsync(schedule.Lease, schedule.LeaseTime, cancellationToken))
        {
            holdsLease = true;
            await using var renewal = new LeaseRenewal(services.Leases, schedule.Lease, schedule.LeaseTime, Clock);
            using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, renewal.Lost);
            await RunRoundAsync(round.Token);
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        startedAt = Clock.GetTimestamp();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Ends within a second. A round that does not heed its cancellation is left behind, with a warning.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StopTime);
        await base.StopAsync(patience.Token);
        services.Health.Forget(name);
        if (ExecuteTask is { IsCompleted: false })
        {
            LogLeftBehind(logger, name);
        }
        else if (holdsLease)
        {
            holdsLease = false;
            await IsolateAsync(() => services.Leases.ReleaseAsync(schedule.Lease!, patience.Token), LogNotReleased, patience.Token);
        }
    }

    /// <summary>
    /// Does something with each item. One that fails is logged and left for the next round; the others go on. The round then counts as
    /// failed.
    /// </summary>
    /// <param name="items">What there is to do.</param>
    /// <param name="act">Does one of them.</param>
    /// <param name="cancellationToken">The round's.</param>
    /// <param name="sideBySide">How many at a time.</param>
    protected Task EachAsync<T>(
        IEnumerable<T> items,
        Func<T, CancellationToken, Task> act,
        CancellationToken cancellationToken,
        int sideBySide = 1
    ) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = cancellationToken },
            async (item, ct) =>
            {
                var done = await IsolateAsync(() => act(item, ct), (_, failure, _) => failures.ItemFailed(failure, item), ct);
                if (!done)
                {
                    Interlocked.Increment(ref failedItems);
                }
            }
        );

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var previous = startedAt;
        if (!schedule.StartsAtOnce)
        {
            previous = await WaitAsync(previous, stoppingToken);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await RunIsolatedAsync(stoppingToken);
            previous = await WaitAsync(previous, stoppingToken);
        }
    }

    private async Task RunIsolatedAsync(CancellationToken stoppingToken)
    {
        services.Health.Expect(name, Clock.GetUtcNow() + schedule.Timeout + schedule.Interval + schedule.Interval);
        failedItems = 0;
        var began = Clock.GetTimestamp();
        var done = await IsolateAsync(() => RunOnceAsync(stoppingToken), (_, failure, _) => failures.RoundFailed(failure), stoppingToken);
        if (!stoppingToken.IsCancellationRequested)
        {
            var succeeded = done && failedItems == 0;
            failures.RoundEnded(succeeded);
            services.Metrics.Ended(name, succeeded ? "done" : "failed", Clock.GetElapsedTime(began));
            services.Health.Ended(name, failed: !succeeded);
        }
    }

    /// <summary>Waits for the next round.</summary>
    /// <param name="previous">When the last one began.</param>
    /// <param name="stoppingToken">Ends the wait.</param>
    /// <returns>When the next one begins: now.</returns>
    private async Task<long> WaitAsync(long previous, CancellationToken stoppingToken)
    {
#pragma warning disable CA5394 // spreads load; nobody gains by guessing it
        var wait = schedule.Interval * (1 - (schedule.Jitter * Random.Shared.NextDouble()));
#pragma warning restore CA5394
        var elapsed = Clock.GetElapsedTime(previous);
        if (elapsed < wait)
        {
            await Task.Delay(wait - elapsed, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var late = Clock.GetElapsedTime(previous) - wait;
        if (late > schedule.Interval && !stoppingToken.IsCancellationRequested)
        {
            services.Metrics.Late(name);
            LogLate(logger, name, late);
        }

        return Clock.GetTimestamp();
    }

    private async Task<bool> IsolateAsync(Func<Task> act, Action<ILogger, Exception, string> failed, CancellationToken cancellationToken)
    {
        try
        {
            await act();
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops, or the round is over; who canceled it knows why.
            return false;
        }
#pragma warning disable CA1031 // the next round is the retry; a loop that died would leave its work undone until the next start
        catch (Exception failure)
#pragma warning restore CA1031
        {
            failed(logger, failure, name);
            return false;
        }
    }

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "A round of {Worker} began {Late} late")]
    private static partial void LogLate(ILogger logger, string worker, TimeSpan late);

    [LoggerMessage(
        EventId = 1003,
        Level = LogLevel.Warning,
        Message = "A round of {Worker} did not end when the host stopped, and was left behind"
    )]
    private static partial void LogLeftBehind(ILogger logger, string worker);

    [LoggerMessage(
        EventId = 1004,
        Level = LogLevel.Warning,
        Message = "The lease of {Worker} could not be given back; another host waits until it has run out"
    )]
    private static partial void LogNotReleased(ILogger logger, Exception failure, string worker);
}
