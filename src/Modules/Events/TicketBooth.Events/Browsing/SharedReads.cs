using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using TicketBooth.BuildingBlocks.Storage.Redis;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Events.Browsing;

/// <summary>
/// What <see cref="ReadCache"/> of every host remembers together, in Redis: the second level behind each, and the way by which a change at one host
/// reaches the others. Never a reason for a reader to fail or to wait for long (see <see cref="RedisLink"/>).
/// </summary>
/// <remarks>
/// <para>An event's answers are the fields of one hash, the lists' of another. The hash has a <em>stamp</em>, a number that is never given out again. A load
/// takes the stamp before it reads the store, and its answer is kept only where the stamp is still the same, compared and written in one script: an
/// eviction deletes the hash, so what was read before it finds another stamp or none, however late it comes.</para>
/// <para>An eviction is also announced to all hosts, in the same script, under the next number. Twice a second each host sends a beat by the same channel, which
/// repeats the last number. A number that does not follow says that something was lost, and everything is dropped. A beat that comes back says that
/// all before it has arrived; while none comes back in time, this host is not <em>live</em>: it does not ask Redis, and keeps nothing longer than a second.</para>
/// <para>An eviction that Redis did not take leaves old answers there. Until a beat's place was taken by a script that declares everything void, this host is
/// not live either. Where that host dies before, answers end by themselves (<see cref="LastResort"/>).</para>
/// <para>All numbers stand in one key. Should it be lost (Redis restarted, or emptied), it begins again from the time in microseconds, which is ahead of
/// every number before it: no stamp comes back, and no message seems to follow.</para>
/// </remarks>
internal sealed partial class SharedReads : BackgroundService
{
    /// <summary>What answers hold at most while this host cannot know what others change.</summary>
    public static readonly TimeSpan AloneFor = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BeatPatience = TimeSpan.FromMilliseconds(1_500);
    private static readonly TimeSpan ReadPatience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(1);

    /// <summary>Of one event, or of lists: a stranger who tries all searches fills no more.</summary>
    private const int MostAnswers = 512;
    private const int LargestAnswer = 256 * 1024;

    // Answers are JSON as this build writes it; another one that runs beside it in a rolling upgrade has its own. They share the stamp.
    private static readonly string Build = typeof(SharedReads).Module.ModuleVersionId.ToString("N")[..8] + "|";

    private readonly RedisLink redis;
    private readonly TimeProvider clock;
    private readonly string prefix;
    private readonly string channel;
    private readonly Counter<long> hits;
    private readonly string me;
    private readonly Lock turn = new();
    private readonly Dictionary<Guid, Line> lines = [];
    private Action<Guid> drop = static _ => { };
    private Action dropAll = static () => { };
    private long heardUntil;
    private volatile bool wasHeard;
    private long lastNumber;
    private long failedEvictions;
    private long voidedEvictions;

    public SharedReads(RedisLink redis, TimeProvider clock, IMeterFactory meters)
        : this(redis, clock, meters, TimeSpan.FromSeconds(10)) { }

    internal SharedReads(RedisLink redis, TimeProvider clock, IMeterFactory meters, TimeSpan lastResort)
    {
        (this.redis, this.clock, LastResort) = (redis, clock, lastResort);

        // The braces keep all keys on one node of a cluster, which a script demands.
        prefix = redis.Prefix + "{events}:";
        channel = prefix + "changes";
        Numbers = prefix + "numbers";
        me = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        hits = meters
            .Create(ReadCache.MeterName)
            .CreateCounter<long>("ticketbooth.events.reads.shared", description: "Reads that memory did not have, and Redis had.");
    }

    /// <summary>How long an answer holds when nobody says otherwise, in Redis and again in memory.</summary>
    public TimeSpan LastResort { get; }

    /// <summary>The key that all numbers stand in.</summary>
    internal RedisKey Numbers { get; }

    /// <summary>Whether everything that other hosts changed until a moment ago is known here, and Redis holds nothing older than that.</summary>
    public bool IsLive =>
        wasHeard
        && clock.GetElapsedTime(Interlocked.Read(ref heardUntil)) <= BeatPatience
        && Interlocked.Read(ref failedEvictions) == Interlocked.Read(ref voidedEvictions);

    /// <summary>Who is to hear of changes at other hosts. Before the start.</summary>
    public void Tell(Action<Guid> changed, Action lost) => (drop, dropAll) = (changed, lost);

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

    /// <summary>From here on no host is given what was read of this event, or of lists, before; where Redis does not take it, within moments.</summary>
    /// <remarks>
    /// At a peak an event changes thousands of times a second. One eviction of it is under way at a time, and all who come meanwhile share the next one, which
    /// begins after the last of their changes.
    /// </remarks>
    public Task EvictAsync(Guid eventId)
    {
        Line line;
        lock (turn)
        {
            if (lines.TryGetValue(eventId, out var waiting))
            {
                return (waiting.Next ??= Line.New()).Task;
            }

            lines.Add(eventId, line = new Line());
        }

        var first = line.Current.Task;
        _ = ServeAsync(eventId, line);
        return first;
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await redis.FollowAsync(channel, Receive);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>The name of the hash that an event's answers are in; the lists' for <see cref="Guid.Empty"/>.</summary>
    internal RedisKey HashOf(Guid eventId) => prefix + (eventId == Guid.Empty ? "lists" : eventId.ToString("N"));

    internal static RedisValue FieldOf(ReadKey key) => Build + key.Query;

    internal static byte[] Encode(Remembered answer)
    {
        var tag = Encoding.ASCII.GetByteCount(answer.ETag);
        var bytes = new byte[10 + tag + answer.Body.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, answer.HoldsUntil.UtcTicks);
        bytes[8] = answer.IsPublic ? (byte)1 : (byte)0;
        bytes[9] = (byte)tag;
        Encoding.ASCII.GetBytes(answer.ETag, bytes.AsSpan(10));
        answer.Body.CopyTo(bytes.AsSpan(10 + tag));
        return bytes;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            do
            {
                await BeatAsync();
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    internal static Remembered Decode(byte[] bytes)
    {
        var body = 10 + bytes[9];
        return new Remembered(
            bytes[body..],
            Encoding.ASCII.GetString(bytes.AsSpan(10, bytes[9])),
            new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(bytes), TimeSpan.Zero),
            IsPublic: bytes[8] == 1
        );
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
                    Scripts.Find,
                    [state.This.Numbers, state.This.HashOf(state.key.EventId)],
                    [FieldOf(state.key), (long)state.This.LastResort.TotalMilliseconds]
                ),
            ReadPatience
        );
        if (!isAnswered)
        {
            return default;
        }

        var found = (RedisValue[])answer!;
        return (found[0], (byte[]?)found[1] is { } bytes && Decode(bytes) is var kept && clock.GetUtcNow() < kept.HoldsUntil ? kept : null);
    }

    private async Task ServeAsync(Guid eventId, Line line)
    {
        while (true)
        {
            await SendEvictionAsync(eventId);
            line.Current.SetResult();
            lock (turn)
            {
                if (line.Next is null)
                {
                    lines.Remove(eventId);
                    return;
                }

                (line.Current, line.Next) = (line.Next, null);
            }
        }
    }

    private async Task SendEvictionAsync(Guid eventId)
    {
        var (isTaken, _) = await redis.TryAsync(
            (This: this, eventId),
            static (database, state) =>
                database.ScriptEvaluateAsync(
                    Scripts.Evict,
                    [state.This.Numbers, state.This.HashOf(state.eventId), state.This.HashOf(Guid.Empty)],
                    [state.This.channel, state.This.me, state.eventId.ToString("N")]
                ),
            WritePatience
        );
        if (!isTaken)
        {
            Interlocked.Increment(ref failedEvictions);
        }
    }

    private async Task KeepAsync(ReadKey key, RedisValue stamp, Remembered answer) =>
        await redis.TryAsync(
            (This: this, key, stamp, answer),
            static (database, state) =>
                database.ScriptEvaluateAsync(
                    Scripts.Keep,
                    [state.This.Numbers, state.This.HashOf(state.key.EventId)],
                    [state.stamp, FieldOf(state.key), Encode(state.answer), MostAnswers]
                ),
            WritePatience
        );

    private async Task BeatAsync()
    {
        var failed = Interlocked.Read(ref failedEvictions);
        if (failed == Interlocked.Read(ref voidedEvictions))
        {
            await redis.TryAsync(
                (This: this, Sent: clock.GetTimestamp()),
                static (database, state) =>
                    database.ScriptEvaluateAsync(
                        Scripts.Beat,
                        [state.This.Numbers],
                        [state.This.channel, state.This.me, state.Sent.ToString(CultureInfo.InvariantCulture)]
                    ),
                WritePatience
            );
            return;
        }

        var (isVoid, _) = await redis.TryAsync(
            this,
            static (database, state) => database.ScriptEvaluateAsync(Scripts.Void, [state.Numbers], [state.channel, state.me]),
            WritePatience
        );
        if (isVoid)
        {
            dropAll();
            Interlocked.Exchange(ref voidedEvictions, failed);
        }
    }

    /// <summary>One message: its number, who sent it, and what: an event's id, <c>*</c> for everything, or <c>@</c> and the time of a beat.</summary>
    private void Receive(string message)
    {
        var parts = message.Split(' ');
        var (number, sender, what) = (long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2]);
        var isBeat = what[0] == '@';
        if (number != (isBeat ? lastNumber : lastNumber + 1))
        {
            dropAll();
        }

        if (number < lastNumber)
        {
            // A replica has taken over that had not heard of everything: it may also hold answers that were evicted.
            Interlocked.Increment(ref failedEvictions);
        }

        lastNumber = number;
        if (isBeat)
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
            // Our own were dropped by the one who evicted, after Redis had taken it.
            drop(Guid.ParseExact(what, "N"));
        }
    }

    /// <summary>Who waits for evictions of one event.</summary>
    private sealed class Line
    {
        public TaskCompletionSource Current { get; set; } = New();

        public TaskCompletionSource? Next { get; set; }

        public static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static class Scripts
    {
        public const string Find =
            Begin
            + """
                local stamp = redis.call('HGET', KEYS[2], 'stamp')
                if stamp and tonumber(stamp) > tonumber(redis.call('HGET', KEYS[1], 'floor')) then
                    return {stamp, redis.call('HGET', KEYS[2], ARGV[1])}
                end
                stamp = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'stamp', 1))
                redis.call('DEL', KEYS[2])
                redis.call('HSET', KEYS[2], 'stamp', stamp)
                redis.call('PEXPIRE', KEYS[2], ARGV[2])
                return {stamp, false}
                """;

        public const string Keep = """
            local floor = redis.call('HGET', KEYS[1], 'floor')
            if floor and tonumber(ARGV[1]) > tonumber(floor)
                and redis.call('HGET', KEYS[2], 'stamp') == ARGV[1]
                and (redis.call('HLEN', KEYS[2]) <= tonumber(ARGV[4]) or redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1) then
                redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
            end
            return 0
            """;

        public const string Evict =
            Begin
            + """
                redis.call('DEL', KEYS[2], KEYS[3])
                local number = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'message', 1))
                redis.call('PUBLISH', ARGV[1], number .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])
                return 0
                """;

        public const string Beat =
            Begin
            + """
                redis.call('PUBLISH', ARGV[1], redis.call('HGET', KEYS[1], 'message') .. ' ' .. ARGV[2] .. ' @' .. ARGV[3])
                return 0
                """;

        public const string Void =
            Begin
            + """
                redis.call('HSET', KEYS[1], 'floor', redis.call('HGET', KEYS[1], 'stamp'))
                local number = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'message', 1))
                redis.call('PUBLISH', ARGV[1], number .. ' ' .. ARGV[2] .. ' *')
                return 0
                """;

        private const string Begin = """
            if redis.call('EXISTS', KEYS[1]) == 0 then
                local now = redis.call('TIME')
                local first = string.format('%.0f', now[1] * 1000000 + now[2])
                redis.call('HSET', KEYS[1], 'stamp', first, 'message', first, 'floor', first)
            end

            """;
    }
}
