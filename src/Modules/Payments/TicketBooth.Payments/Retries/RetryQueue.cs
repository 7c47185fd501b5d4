using System.Collections.Concurrent;
using System.Threading.Channels;

namespace TicketBooth.Payments.Retries;

/// <summary>
/// Work that must be done in the end: a few items at a time, each retried with growing pauses until it is done. The queue itself forgets
/// everything on a restart; whoever adds an item must have stored what is to be done, and add it again after the restart.
/// </summary>
internal sealed partial class RetryQueue<T>(TimeProvider clock, ILogger<RetryQueue<T>> logger) : IDisposable
    where T : notnull
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Channel<(T Item, int Attempt)> ready = Channel.CreateUnbounded<(T, int)>();
    private readonly ConcurrentDictionary<T, byte> queued = new();
    private readonly CancellationTokenSource stop = new();
    private Task workers = Task.CompletedTask;

    /// <summary>Adds an item that becomes due after <paramref name="delay"/>. An item that is in the queue is not added twice.</summary>
    public void Add(T item, TimeSpan delay = default)
    {
        if (queued.TryAdd(item, 0))
        {
            Schedule(item, attempt: 0, delay);
        }
    }

    /// <param name="parallelism">How many items are worked on at once.</param>
    /// <param name="work">True when the item is done; false, or an exception, to retry it later.</param>
    public void Start(int parallelism, Func<T, CancellationToken, Task<bool>> work) =>
        workers = Task.WhenAll(Enumerable.Range(0, parallelism).Select(_ => Task.Run(() => WorkAsync(work))));

    /// <summary>Cancels the items that are being worked on; they are not done.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await workers;
    }

    public void Dispose() => stop.Dispose();

    internal static TimeSpan PauseAfter(int attempt) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(attempt, 16)));

    private async Task WorkAsync(Func<T, CancellationToken, Task<bool>> work)
    {
        try
        {
            await foreach (var (item, attempt) in ready.Reader.ReadAllAsync(stop.Token))
            {
                if (await TryAsync(work, item))
                {
                    queued.TryRemove(item, out _);
                }
                else
                {
                    Schedule(item, attempt + 1, PauseAfter(attempt));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping: what is not done is stored, and comes again after the start.
        }
    }

    /// <remarks>The task carries the failure: one item's failure must end neither the worker nor the item.</remarks>
    private async Task<bool> TryAsync(Func<T, CancellationToken, Task<bool>> work, T item)
    {
        var attempt = RunAsync();
        await ((Task)attempt).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (attempt.IsCompletedSuccessfully)
        {
            return await attempt;
        }

        if (attempt.IsFaulted || !stop.IsCancellationRequested)
        {
            LogFailed(logger, attempt.Exception?.InnerException, typeof(T).Name);
        }

        return false;

        // An exception that the work throws before its first await belongs to its task too.
        async Task<bool> RunAsync() => await work(item, stop.Token);
    }

    private void Schedule(T item, int attempt, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            ready.Writer.TryWrite((item, attempt));
            return;
        }

        _ = ScheduleAsync();

        async Task ScheduleAsync()
        {
            try
            {
                await Task.Delay(delay, clock, stop.Token);
                ready.Writer.TryWrite((item, attempt));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Stopping, as above.
            }
        }
    }

    [LoggerMessage(EventId = 5000, Level = LogLevel.Error, Message = "{Work} failed and will be retried")]
    private static partial void LogFailed(ILogger logger, Exception? failure, string work);
}
