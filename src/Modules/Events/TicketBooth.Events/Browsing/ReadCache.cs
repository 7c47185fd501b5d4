using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TicketBooth.Events.Browsing;

/// <summary>What a remembered answer answers.</summary>
/// <param name="EventId">The event that it is about; <see cref="Guid.Empty"/> for one about many, which every change of any event empties.</param>
/// <param name="Query">Which answer about it.</param>
internal readonly record struct ReadKey(Guid EventId, string Query);

/// <summary>
/// Answers to readers, remembered as the bytes that go out: in the memory of this host, and behind that, where there is Redis, in what all hosts share
/// (<see cref="SharedReads"/>).
/// </summary>
/// <remarks>
/// <para>The race that matters: a load reads the store, a sale is written and evicts, and then the load puts its old answer where it would stay. Here an
/// eviction removes nothing. It moves a stamp on; a load takes the stamp <em>before</em> it reads, and its answer is good only while the stamp is
/// the same. So an answer that was overtaken is dead before it arrives, and who asks after an eviction never joins a load from before it.</para>
/// <para>Who had asked before the eviction loads once more. Should that be overtaken too it is given out all the same, and not remembered: that load began
/// after its reader asked, so the answer is no older than the question, and a storm of sales starves nobody.</para>
/// <para>With several hosts the same holds for changes at another one from the moment when it is heard of, as it is announced after the shared answers are gone:
/// a load that finds an old one there has taken its stamp before it asked, and hears of the change after. An answer also ends by its age, soon when this
/// host cannot hear of changes, and late, as the last resort, when it can.</para>
/// <para>Stamps are shared by events whose ids fall together. That costs a load now and then, and bounds what the stamps take.</para>
/// <para>Bounded by two generations: when the young one is full it becomes the old one and the former old one goes; what is read moves back to the young.</para>
/// </remarks>
internal sealed class ReadCache : IDisposable
{
    public const string MeterName = "TicketBooth.Events";

    private const long LargestGeneration = 32 * 1024 * 1024;
    private const int Overhead = 512;
    private const int Stamps = 4096;

    private readonly TimeProvider clock;
    private readonly SharedReads? shared;
    private readonly TimeSpan longest;
    private readonly long largestGeneration;
    private readonly Meter meter;
    private readonly Counter<long> hits;
    private readonly Counter<long> loads;
    private readonly long[] stamps = new long[Stamps];
    private readonly Lock turning = new();
    private long listStamp;
    private long allStamp;
    private long youngBytes;
    private volatile ConcurrentDictionary<ReadKey, Entry> young = new();
    private volatile ConcurrentDictionary<ReadKey, Entry> old = new();

    /// <param name="shared">The level behind this one; null where there is none.</param>
    /// <param name="longest">How old an answer may be without a level behind: for where other hosts change events, and nothing tells this one.</param>
    public ReadCache(
        TimeProvider clock,
        IMeterFactory meters,
        SharedReads? shared = null,
        TimeSpan? longest = null,
        long largestGeneration = LargestGeneration
    )
    {
        this.clock = clock;
        this.shared = shared;
        this.longest = longest ?? TimeSpan.MaxValue;
        this.largestGeneration = largestGeneration;
        shared?.Tell(Drop, DropAll);
        meter = meters.Create(MeterName);
        hits = meter.CreateCounter<long>("ticketbooth.events.reads.remembered", description: "Reads answered from memory.");
        loads = meter.CreateCounter<long>("ticketbooth.events.reads.loaded", description: "Reads that loaded from the store.");
    }

    /// <summary>How many answers are kept, good or overtaken.</summary>
    public int Count => young.Count + old.Count;

    private TimeSpan OldestGood =>
        shared is null ? longest
        : shared.IsLive ? shared.LastResort
        : SharedReads.AloneFor;

    /// <summary>The remembered answer, or the one that <paramref name="load"/> makes; many who ask at once share one load. Null is never remembered.</summary>
    public ValueTask<Remembered?> GetAsync<TState>(
        ReadKey key,
        TState state,
        Func<TState, Task<Remembered?>> load,
        CancellationToken cancellationToken
    )
    {
        var entry = EntryOf(key, state, load);
        if (entry.Answer.IsCompletedSuccessfully && IsGood(entry, StampOf(key.EventId)))
        {
            hits.Add(1);
            return ValueTask.FromResult(entry.Answer.GetAwaiter().GetResult());
        }

        return WaitAsync(entry, key, state, load, cancellationToken);
    }

    /// <summary>
    /// From its end on nobody at this host is given what was read of this event, or of lists, before, and nobody at another one moments later. Call it when the
    /// change can be read, and before telling anyone. Never fails.
    /// </summary>
    public ValueTask EvictAsync(Guid eventId)
    {
        if (shared is not null)
        {
            return new ValueTask(EvictEverywhereAsync(shared, eventId));
        }

        Drop(eventId);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => meter.Dispose();

    private static int IndexOf(Guid eventId) => (int)((uint)eventId.GetHashCode() % Stamps);

    private async ValueTask<Remembered?> WaitAsync<TState>(
        Entry entry,
        ReadKey key,
        TState state,
        Func<TState, Task<Remembered?>> load,
        CancellationToken cancellationToken
    )
    {
        var answer = await entry.Answer.WaitAsync(cancellationToken);
        return answer is null || IsGood(entry, StampOf(key.EventId))
            ? answer
            : await EntryOf(key, state, load).Answer.WaitAsync(cancellationToken);
    }

    /// <remarks>A sum of numbers that only grow is the same only while each of them is.</remarks>
    private long StampOf(Guid eventId) =>
        Interlocked.Read(ref allStamp)
        + (eventId == Guid.Empty ? Interlocked.Read(ref listStamp) : Interlocked.Read(ref stamps[IndexOf(eventId)]));

    /// <summary>Nothing has changed since the load began, no status has changed by itself, and it is not too long ago. A load under way is good to join.</summary>
    private bool IsGood(Entry entry, long now) =>
        entry.Stamp == now
        && (
            !entry.Answer.IsCompletedSuccessfully
            || entry.Answer.GetAwaiter().GetResult() is not { } known
            || clock.GetUtcNow() < known.HoldsUntil
        )
        && OldestGood is var oldest
        && (oldest == TimeSpan.MaxValue || clock.GetElapsedTime(entry.BegunAt) < oldest);

    /// <remarks>In memory last: until Redis has dropped it too, a reader would bring it back from there.</remarks>
    private async Task EvictEverywhereAsync(SharedReads everywhere, Guid eventId)
    {
        await everywhere.EvictAsync(eventId);
        Drop(eventId);
    }

    private void Drop(Guid eventId)
    {
        Interlocked.Increment(ref stamps[IndexOf(eventId)]);
        Interlocked.Increment(ref listStamp);
    }

    private void DropAll() => Interlocked.Increment(ref allStamp);

    /// <summary>The entry that is good now; when there is none a new one, whose load this caller has started.</summary>
    private Entry EntryOf<TState>(ReadKey key, TState state, Func<TState, Task<Remembered?>> load)
    {
        while (true)
        {
            var stamp = StampOf(key.EventId);
            var generation = young;
            if (generation.TryGetValue(key, out var found))
            {
                if (IsGood(found, stamp))
                {
                    return found;
                }

                var next = new Entry(stamp, clock.GetTimestamp());
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
                var first = new Entry(stamp, clock.GetTimestamp());
                if (generation.TryAdd(key, first))
                {
                    _ = FillAsync(key, first, state, load);
                    return first;
                }
            }
        }
    }

    private async Task FillAsync<TState>(ReadKey key, Entry entry, TState state, Func<TState, Task<Remembered?>> load)
    {
        try
        {
            var answer = shared is null
                ? await LoadAsync(state, load)
                : await shared.GetAsync(key, (This: this, state, load), static behind => behind.This.LoadAsync(behind.state, behind.load));
            if (answer is null)
            {
                Forget(key, entry);
            }

            entry.Complete(answer);
            Grow(entry.Size);
        }
#pragma warning disable CA1031 // whatever the load threw belongs to everyone who waits for it
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Forget(key, entry);
            entry.Fail(failure);
        }
    }

    private Task<Remembered?> LoadAsync<TState>(TState state, Func<TState, Task<Remembered?>> load)
    {
        loads.Add(1);
        return load(state);
    }

    private void Forget(ReadKey key, Entry entry)
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
                young = new ConcurrentDictionary<ReadKey, Entry>();
                Interlocked.Exchange(ref youngBytes, 0);
            }
        }
    }

    private sealed class Entry(long stamp, long begunAt)
    {
        private readonly TaskCompletionSource<Remembered?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Stamp => stamp;

        public long BegunAt => begunAt;

        public Task<Remembered?> Answer => answer.Task;

        public long Size =>
            Overhead + (answer.Task is { IsCompletedSuccessfully: true } done ? done.GetAwaiter().GetResult()?.Body.Length ?? 0 : 0);

        public void Complete(Remembered? loaded) => answer.SetResult(loaded);

        public void Fail(Exception failure) => answer.SetException(failure);
    }
}
