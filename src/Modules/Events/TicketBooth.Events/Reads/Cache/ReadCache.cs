using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TicketBooth.Events.Reads.Cache;

/// <summary>
/// Answers to readers, cached as the bytes that are sent: in the memory of this host and, where there is Redis, behind that in a level that
/// all hosts share (<see cref="SharedReads"/>).
/// </summary>
/// <remarks>
/// <para>
/// The race that matters: a load reads the store, a change is written and evicts, and then the load caches its old answer, which would
/// stay. So an eviction removes nothing but changes a stamp. A load takes the stamp <em>before</em> it reads, and its answer is good only
/// while the stamp is the same: an outdated answer is dead before it arrives, and whoever asks after an eviction never joins a load from
/// before it.
/// </para>
/// <para>
/// Readers who asked before the eviction load once more. If another eviction comes in between they get that answer all the same, uncached:
/// the load began after they asked, so the answer is no older than the question, and a storm of changes starves nobody.
/// </para>
/// <para>
/// The same holds for changes at another host from the moment when this one hears of them. They are announced after the shared answers are
/// gone: a load that finds an old answer there took its stamp before it asked, and hears of the change after. An answer also ends by its
/// age: soon when this host cannot hear of changes, and as a last resort when it can.
/// </para>
/// <para>
/// Memory is bounded by two generations. When the young one is full it becomes the old one, and the former old one is dropped; what is
/// read moves back to the young one.
/// </para>
/// </remarks>
internal sealed class ReadCache : IDisposable
{
    public const string MeterName = "TicketBooth.Events";

    private readonly TimeProvider clock;
    private readonly SharedReads? shared;
    private readonly TimeSpan longest;
    private readonly long largestGeneration;
    private readonly Meter meter;
    private readonly Counter<long> hits;
    private readonly Counter<long> loads;
    private readonly ReadStamps stamps = new();
    private readonly Lock turning = new();
    private long youngBytes;
    private volatile ConcurrentDictionary<ReadKey, CachedRead> young = new();
    private volatile ConcurrentDictionary<ReadKey, CachedRead> old = new();

    /// <param name="clock">The time.</param>
    /// <param name="meters">Where hits and loads are counted.</param>
    /// <param name="shared">The level behind this one; null where there is none.</param>
    /// <param name="longest">
    /// How old an answer may be without a level behind: for hosts that are not told of each other's changes. Null for any age.
    /// </param>
    /// <param name="largestGeneration">How many bytes a generation may take.</param>
    public ReadCache(
        TimeProvider clock,
        IMeterFactory meters,
        SharedReads? shared = null,
        TimeSpan? longest = null,
        long? largestGeneration = null
    )
    {
        this.clock = clock;
        this.shared = shared;
        this.longest = longest ?? TimeSpan.MaxValue;
        this.largestGeneration = largestGeneration ?? GenerationOf(megabytes: 64);
        shared?.OnChanges(stamps.Advance, stamps.AdvanceAll);
        meter = meters.Create(MeterName);
        hits = meter.CreateCounter<long>("ticketbooth.events.reads.remembered", description: "Reads answered from memory.");
        loads = meter.CreateCounter<long>("ticketbooth.events.reads.loaded", description: "Reads that loaded from the store.");
    }

    /// <summary>How many bytes a generation may take when both together may take so many megabytes.</summary>
    public static long GenerationOf(int megabytes) => megabytes * 1024L * 1024 / 2;

    /// <summary>How many answers are kept, good or outdated.</summary>
    public int Count => young.Count + old.Count;

    private TimeSpan OldestGood =>
        shared is null ? longest
        : shared.IsLive ? shared.LastResort
        : SharedReads.AloneFor;

    /// <summary>
    /// The cached answer, or the one that <paramref name="load"/> makes. Readers who ask at once share one load. Null is never cached.
    /// </summary>
    public ValueTask<Remembered?> GetAsync<TState>(
        ReadKey key,
        TState state,
        Func<TState, Task<Remembered?>> load,
        CancellationToken cancellationToken
    )
    {
        var entry = EntryOf(key, state, load);
        if (entry.Answer.IsCompletedSuccessfully && IsGood(entry, stamps.Of(key.EventId)))
        {
            hits.Add(1);
            return ValueTask.FromResult(entry.Known);
        }

        return WaitAsync(entry, key, state, load, cancellationToken);
    }

    /// <summary>
    /// From its end on no reader at this host gets what was read of this event, or of lists, before; at other hosts moments later. Call it
    /// when the change can be read, and before anybody is told of it. Never fails.
    /// </summary>
    public ValueTask EvictAsync(Guid eventId)
    {
        if (shared is not null)
        {
            return new ValueTask(EvictEverywhereAsync(shared, eventId));
        }

        stamps.Advance(eventId);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => meter.Dispose();

    private async ValueTask<Remembered?> WaitAsync<TState>(
        CachedRead entry,
        ReadKey key,
        TState state,
        Func<TState, Task<Remembered?>> load,
        CancellationToken cancellationToken
    )
    {
        var answer = await entry.Answer.WaitAsync(cancellationToken);
        return answer is null || IsGood(entry, stamps.Of(key.EventId))
            ? answer
            : await EntryOf(key, state, load).Answer.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Whether nothing was evicted since the load began, no status has changed by itself, and the answer is not too old. A load that has
    /// not ended is good to join.
    /// </summary>
    private bool IsGood(CachedRead entry, long stamp) =>
        entry.Stamp == stamp
        && (entry.Known is not { } known || clock.GetUtcNow() < known.HoldsUntil)
        && OldestGood is var oldest
        && (oldest == TimeSpan.MaxValue || clock.GetElapsedTime(entry.BegunAt) < oldest);

    /// <remarks>In memory last: until Redis has dropped it too, a reader would bring it back from there.</remarks>
    private async Task EvictEverywhereAsync(SharedReads everywhere, Guid eventId)
    {
        await everywhere.EvictAsync(eventId);
        stamps.Advance(eventId);
    }

    /// <summary>The entry that is good now; when there is none a new one, whose load this caller has started.</summary>
    private CachedRead EntryOf<TState>(ReadKey key, TState state, Func<TState, Task<Remembered?>> load)
    {
        while (true)
        {
            var stamp = stamps.Of(key.EventId);
            var generation = young;
            if (generation.TryGetValue(key, out var found))
            {
                if (IsGood(found, stamp))
                {
                    return found;
                }

                var next = new CachedRead(stamp, clock.GetTimestamp());
                if (generation.TryUpdate(key, next, found))
                {
                    _ = FillAsync(key, next, state, load);
                    return next;
                }
            }
            else if (old.TryGetValue(key, out var former) && IsGood(former, stamp))
            {
                if (generation.TryAdd(key, former))
                {
                    Grow(former.Size);
                    return former;
                }
            }
            else
            {
                var first = new CachedRead(stamp, clock.GetTimestamp());
                if (generation.TryAdd(key, first))
                {
                    _ = FillAsync(key, first, state, load);
                    return first;
                }
            }
        }
    }

    private async Task FillAsync<TState>(ReadKey key, CachedRead entry, TState state, Func<TState, Task<Remembered?>> load)
    {
        var loading = AnswerAsync(key, state, load);

        // A failure belongs to everyone who waits for the entry.
        await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!loading.IsCompletedSuccessfully || loading.GetAwaiter().GetResult() is null)
        {
            Forget(key, entry);
        }

        entry.Complete(loading);
        if (loading.IsCompletedSuccessfully)
        {
            Grow(entry.Size);
        }
    }

    private async Task<Remembered?> AnswerAsync<TState>(ReadKey key, TState state, Func<TState, Task<Remembered?>> load) =>
        shared is null
            ? await LoadAsync(state, load)
            : await shared.GetAsync(key, (This: this, state, load), static behind => behind.This.LoadAsync(behind.state, behind.load));

    private Task<Remembered?> LoadAsync<TState>(TState state, Func<TState, Task<Remembered?>> load)
    {
        loads.Add(1);
        return load(state);
    }

    private void Forget(ReadKey key, CachedRead entry)
    {
        young.TryRemove(KeyValuePair.Create(key, entry));
        old.TryRemove(KeyValuePair.Create(key, entry));
    }

    private void Grow(long bytes)
    {
        if (Interlocked.Add(ref youngBytes, bytes) <= largestGeneration)
        {
            return;
        }

        lock (turning)
        {
            if (Interlocked.Read(ref youngBytes) > largestGeneration)
            {
                old = young;
                young = new ConcurrentDictionary<ReadKey, CachedRead>();
                Interlocked.Exchange(ref youngBytes, 0);
            }
        }
    }
}
