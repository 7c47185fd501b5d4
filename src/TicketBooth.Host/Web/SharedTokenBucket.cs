using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using StackExchange.Redis;
using TicketBooth.BuildingBlocks.Storage.Redis;

namespace TicketBooth.Host.Web;

/// <summary>A token bucket in Redis that all hosts share. While Redis is down, each host uses a bucket of its own.</summary>
/// <remarks>
/// The time comes from Redis, so that hosts whose clocks differ fill the bucket alike. A bucket that is full again expires.
/// </remarks>
internal sealed class SharedTokenBucket(
    RedisLink redis,
    string name,
    int burst,
    int perSecond,
    TokenBucketRateLimiter own,
    TimeProvider clock
) : ReplenishingRateLimiter
{
    private const string Take = """
        local now = redis.call('TIME')
        now = now[1] + now[2] / 1000000
        local rate, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens = burst
        if bucket[1] then
            tokens = math.min(burst, bucket[1] + math.max(0, now - bucket[2]) * rate)
        end
        if tokens < wanted then
            return { math.ceil((wanted - tokens) / rate * 1000), math.floor(tokens) }
        end
        redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens - wanted), 'at', string.format('%.6f', now))
        redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000))
        return { 0, math.floor(tokens - wanted) }
        """;

    // How long a purchase waits at most for this decision.
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(200);

    private readonly RedisKey key = redis.Prefix + "limits:" + name;
    private long lastUsed = clock.GetTimestamp();
    private long left = burst;

    public override bool IsAutoReplenishing => own.IsAutoReplenishing;

    public override TimeSpan ReplenishmentPeriod => own.ReplenishmentPeriod;

    /// <summary>
    /// Not idle while this host's own bucket is not full: an idle object is discarded, and its successor would start with a full bucket.
    /// </summary>
    public override TimeSpan? IdleDuration => own.IdleDuration is null ? null : clock.GetElapsedTime(Interlocked.Read(ref lastUsed));

    public override bool TryReplenish() => own.TryReplenish();

    /// <summary>What was left after this host's last request.</summary>
    public override RateLimiterStatistics? GetStatistics() => new() { CurrentAvailablePermits = Interlocked.Read(ref left) };

    /// <summary>Refuses, so that the middleware calls the asynchronous method, which can wait for Redis.</summary>
    protected override RateLimitLease AttemptAcquireCore(int permitCount) => Lease.Refused;

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref lastUsed, clock.GetTimestamp());
        var (isAnswered, answer) = await redis.TryAsync(
            (This: this, permitCount),
            static async (database, state) =>
                (long[]?)
                    await database.ScriptEvaluateAsync(Take, [state.This.key], [state.This.PerSecond, state.This.Burst, state.permitCount]),
            Timeout
        );
        if (!isAnswered || answer is not [var wait, var tokens])
        {
            var lease = own.AttemptAcquire(permitCount);
            Interlocked.Exchange(ref left, own.GetStatistics()?.CurrentAvailablePermits ?? 0);
            return lease;
        }

        Interlocked.Exchange(ref left, tokens);
        return wait == 0 ? Lease.Granted : new Lease(TimeSpan.FromMilliseconds(wait));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            own.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Burst => burst;

    private int PerSecond => perSecond;

    private sealed class Lease(TimeSpan? wait, bool isAcquired = false) : RateLimitLease
    {
        public static readonly Lease Granted = new(wait: null, isAcquired: true);
        public static readonly Lease Refused = new(wait: null);

        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => wait is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? wait : null;
            return metadata is not null;
        }
    }
}
