using System.Collections.Concurrent;
using System.Threading.Channels;

namespace TicketBooth.Payments;

/// <summary>
/// Work that must be done in the end: a few at a time, and again with growing pauses until it is done. Its memory is only a wake-up list;
/// what there is to do must be stored by whoever adds it, and added again after a restart.
/// </summary>
internal sealed partial class RetryQueue<T>(TimeProvider clock, ILogger<RetryQueue<T>> logger) : IDisposable
    where T : notnull
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Channel<(T Item, int Attempt)> ready = Channel.CreateUnbounded<(T, int)>();
    private readonly ConcurrentDictionary<T, byte> known = new();
    private readonly CancellationTokenSource stop = new();
    private Task workers = Task.CompletedTask;

    /// <summary>Adds an item that becomes due after <paramref name="delay"/>. One that is in the queue already is not added again.</summary>
    public void Add(T item, TimeSpan delay = default)
    {
        if (known.TryAdd(item, 0))
        {
            Schedule(item, attempt: 0, delay);
        }
    }

    /// <param name="parallelism">How many items are worked on at once.</param>
    /// <param name="work">True when the item is done; false, or an exception, to try again later.</param>
    public void Start(int parallelism, Func<T, CancellationToken, Task<bool>> work) =>
        workers = Task.WhenAll(Enumerable.Range(0, parallelism).Select(_ => Task.Run(() => WorkAsync(work))));

    /// <summary>Lets go of the items in hand; they are not done.</summary>
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
                    known.TryRemove(item, out _);
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

    private async Task<bool> TryAsync(Func<T, CancellationToken, Task<bool>> work, T item)
    {
        try
        {
            return await work(item, stop.Token);
        }
#pragma warning disable CA1031 // one item's failure must end neither the worker nor the item
        catch (Exception failure) when (!stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailure(logger, failure, typeof(T).Name);
            return false;
        }
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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Work} failed and will be tried again")]
    private static partial void LogFailure(ILogger logger, Exception failure, string work);
}
