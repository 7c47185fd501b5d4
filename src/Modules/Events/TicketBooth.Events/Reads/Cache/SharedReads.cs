using System.Diagnostics.Metrics;
using StackExchange.Redis;
using TicketBooth.BuildingBlocks.Storage.Redis;

namespace TicketBooth.Events.Reads.Cache;

/// <summary>
/// The level behind the <see cref="ReadCache"/> of every host, shared by all in Redis, and the way by which a change at one host reaches
/// the others. No reader fails or waits long because of it (see <see cref="RedisLink"/>).
/// </summary>
/// <remarks>
/// <para>
/// An event's answers are the fields of one hash, those of lists the fields of another. The hash has a <em>stamp</em>, a number that is
/// never used again. A load takes the stamp before it reads the store, and its answer is kept only where the stamp is still the same,
/// compared and written in one script. An eviction deletes the hash, so what was read before it finds another stamp or none, however late
/// it comes.
/// </para>
/// <para>
/// An eviction is announced to all hosts by the same script (<see cref="ChangeChannel"/>). A host that is not live does not ask Redis, and
/// keeps nothing longer than a second. Where a host dies before it could void outdated answers, these end by their age
/// (<see cref="LastResort"/>).
/// </para>
/// <para>
/// All numbers are in one key. If it is lost (Redis restarted, or was emptied) it begins again from the time in microseconds, which is
/// ahead of every number before: no stamp comes back, and no message seems to follow another.
/// </para>
/// </remarks>
internal sealed class SharedReads
{
    /// <summary>The oldest that an answer may be while this host cannot know what other hosts change.</summary>
    public static readonly TimeSpan AloneFor = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReadPatience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(1);

    /// <summary>Of one event, or of lists: somebody who tries all searches fills no more.</summary>
    private const int MostAnswers = 512;
    private const int LargestAnswer = 256 * 1024;

    private readonly RedisLink redis;
    private readonly TimeProvider clock;
    private readonly SharedReadsKeys keys;
    private readonly ChangeChannel channel;
    private readonly EvictionQueue evictions;
    private readonly Counter<long> hits;

    public SharedReads(RedisLink redis, TimeProvider clock, IMeterFactory meters)
        : this(redis, clock, meters, TimeSpan.FromSeconds(10)) { }

    internal SharedReads(RedisLink redis, TimeProvider clock, IMeterFactory meters, TimeSpan lastResort)
    {
        (this.redis, this.clock, LastResort) = (redis, clock, lastResort);
        keys = new SharedReadsKeys(redis.Prefix);
        channel = new ChangeChannel(redis, keys, clock);
        evictions = new EvictionQueue(channel.EvictAsync);
        hits = meters
            .Create(ReadCache.MeterName)
            .CreateCounter<long>("ticketbooth.events.reads.shared", description: "Reads that memory did not have, and Redis had.");
    }

    /// <summary>How long an answer holds when nothing evicts it, in Redis and again in memory.</summary>
    public TimeSpan LastResort { get; }

    /// <inheritdoc cref="ChangeChannel.IsLive"/>
    public bool IsLive => channel.IsLive;

    internal SharedReadsKeys Keys => keys;

    /// <inheritdoc cref="ChangeChannel.OnChanges"/>
    public void OnChanges(Action<Guid> changed, Action lost) => channel.OnChanges(changed, lost);

    /// <inheritdoc cref="ChangeChannel.ListenAsync"/>
    public Task ListenAsync() => channel.ListenAsync();

    /// <inheritdoc cref="ChangeChannel.SendHeartbeatAsync"/>
    public Task SendHeartbeatAsync() => channel.SendHeartbeatAsync();

    /// <summary>
    /// From here on no host gets what was read of this event, or of lists, before; where Redis does not answer, within moments.
    /// </summary>
    public Task EvictAsync(Guid eventId) => evictions.EvictAsync(eventId);

    /// <summary>The answer that some host has kept, or the one that <paramref name="load"/> makes, which is kept for all.</summary>
    public async Task<Remembered?> GetAsync<TState>(ReadKey key, TState state, Func<TState, Task<Remembered?>> load)
    {
        var (stamp, kept) = await FindAsync(key);
        if (kept is not null)
        {
            hits.Add(1);
            return kept;
        }

        var answer = await load(state);
        if (answer is not null && !stamp.IsNull && answer.Body.Length <= LargestAnswer)
        {
            // Nobody waits for it, and it cannot fail.
            _ = KeepAsync(key, stamp, answer);
        }

        return answer;
    }

    private async Task<(RedisValue Stamp, Remembered? Kept)> FindAsync(ReadKey key)
    {
        if (!IsLive)
        {
            return default;
        }

        var (isAnswered, answer) = await redis.TryAsync(
            (This: this, key),
            static (database, state) =>
                database.ScriptEvaluateAsync(
                    SharedReadsScripts.Find,
                    [state.This.keys.Numbers, state.This.keys.HashOf(state.key.EventId)],
                    [SharedReadsKeys.FieldOf(state.key), (long)state.This.LastResort.TotalMilliseconds]
                ),
            ReadPatience
        );
        if (!isAnswered)
        {
            return default;
        }

        var found = (RedisValue[])answer!;
        return (
            found[0],
            (byte[]?)found[1] is { } bytes && RememberedBytes.Decode(bytes) is var kept && clock.GetUtcNow() < kept.HoldsUntil ? kept : null
        );
    }

    private async Task KeepAsync(ReadKey key, RedisValue stamp, Remembered answer) =>
        await redis.TryAsync(
            (This: this, key, stamp, answer),
            static (database, state) =>
                database.ScriptEvaluateAsync(
                    SharedReadsScripts.Keep,
                    [state.This.keys.Numbers, state.This.keys.HashOf(state.key.EventId)],
                    [state.stamp, SharedReadsKeys.FieldOf(state.key), RememberedBytes.Encode(state.answer), MostAnswers]
                ),
            WritePatience
        );
}
