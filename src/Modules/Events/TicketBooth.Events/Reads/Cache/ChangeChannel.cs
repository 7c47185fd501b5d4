using System.Globalization;
using TicketBooth.BuildingBlocks.Storage.Redis;

namespace TicketBooth.Events.Reads.Cache;

/// <summary>Announces changes of events to all hosts through Redis, and knows whether this host hears of all of them.</summary>
/// <remarks>
/// <para>
/// Messages are numbered. A number that does not follow the last one means that a message was lost, and then everything is dropped. Twice a
/// second each host sends a heartbeat, which repeats the last number: one that comes back means that all messages before it have arrived.
/// While none comes back in time this host is not <em>live</em>.
/// </para>
/// <para>
/// An eviction that Redis did not answer may leave outdated answers there. This host is not live until a script has outdated all answers.
/// </para>
/// </remarks>
internal sealed class ChangeChannel(RedisLink redis, SharedReadsKeys keys, TimeProvider clock)
{
    private static readonly TimeSpan HeartbeatPatience = TimeSpan.FromMilliseconds(1_500);
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(1);

    private readonly string me = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
    private Action<Guid> drop = static _ => { };
    private Action dropAll = static () => { };
    private long heardUntil;
    private volatile bool wasHeard;
    private long lastNumber;
    private long failedEvictions;
    private long voidedEvictions;

    /// <summary>Whether this host knows of all changes until a moment ago, and Redis holds nothing older than them.</summary>
    public bool IsLive =>
        wasHeard
        && clock.GetElapsedTime(Interlocked.Read(ref heardUntil)) <= HeartbeatPatience
        && Interlocked.Read(ref failedEvictions) == Interlocked.Read(ref voidedEvictions);

    /// <summary>Sets what is called when another host changed an event, and when any event may have changed. Before the start.</summary>
    public void OnChanges(Action<Guid> changed, Action lost) => (drop, dropAll) = (changed, lost);

    /// <summary>Listens for as long as the connection to Redis lives.</summary>
    public Task ListenAsync() => redis.FollowAsync(keys.Channel, Receive);

    /// <summary>
    /// Deletes what Redis holds of an event, and of lists, and announces it. Never fails; without an answer this host is no longer live.
    /// </summary>
    public async Task EvictAsync(Guid eventId)
    {
        var (isAnswered, _) = await redis.TryAsync(
            (This: this, Keys: keys, eventId),
            static (database, state) =>
                database.ScriptEvaluateAsync(
                    SharedReadsScripts.Evict,
                    [state.Keys.Numbers, state.Keys.HashOf(state.eventId), state.Keys.HashOf(Guid.Empty)],
                    [state.Keys.Channel, state.This.me, state.eventId.ToString("N")]
                ),
            WritePatience
        );
        if (!isAnswered)
        {
            Interlocked.Increment(ref failedEvictions);
        }
    }

    /// <summary>Sends a heartbeat; after a failed eviction outdates all answers instead.</summary>
    public async Task SendHeartbeatAsync()
    {
        var failed = Interlocked.Read(ref failedEvictions);
        if (failed == Interlocked.Read(ref voidedEvictions))
        {
            await redis.TryAsync(
                (This: this, Keys: keys, Sent: clock.GetTimestamp()),
                static (database, state) =>
                    database.ScriptEvaluateAsync(
                        SharedReadsScripts.Beat,
                        [state.Keys.Numbers],
                        [state.Keys.Channel, state.This.me, state.Sent.ToString(CultureInfo.InvariantCulture)]
                    ),
                WritePatience
            );
            return;
        }

        var (isVoid, _) = await redis.TryAsync(
            (This: this, Keys: keys),
            static (database, state) =>
                database.ScriptEvaluateAsync(SharedReadsScripts.Void, [state.Keys.Numbers], [state.Keys.Channel, state.This.me]),
            WritePatience
        );
        if (isVoid)
        {
            dropAll();
            Interlocked.Exchange(ref voidedEvictions, failed);
        }
    }

    /// <summary>
    /// A message is its number, its sender, and one of: the id of a changed event, <c>*</c> for all events, or <c>@</c> and the time of a
    /// heartbeat.
    /// </summary>
    private void Receive(string message)
    {
        var parts = message.Split(' ');
        var (number, sender, what) = (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2]);
        var isHeartbeat = what[0] == '@';
        if (number != (isHeartbeat ? lastNumber : lastNumber + 1))
        {
            dropAll();
        }

        if (number < lastNumber)
        {
            // A replica has taken over that had not received everything: it may also hold answers that were evicted.
            Interlocked.Increment(ref failedEvictions);
        }

        lastNumber = number;
        if (isHeartbeat)
        {
            if (sender == me)
            {
                Interlocked.Exchange(ref heardUntil, long.Parse(what.AsSpan(1), CultureInfo.InvariantCulture));
                wasHeard = true;
            }
        }
        else if (what == "*")
        {
            dropAll();
        }
        else if (sender != me)
        {
            // This host's own changes are dropped by whoever evicts, once Redis has answered.
            drop(Guid.ParseExact(what, "N"));
        }
    }
}
