using StackExchange.Redis;
using TicketBooth.BuildingBlocks.Storage.Redis;

namespace TicketBooth.Host.Web;

/// <summary>Token buckets in Redis that all hosts share. While Redis is down, each host uses buckets of its own.</summary>
/// <remarks>
/// The time comes from Redis, so that hosts whose clocks differ fill the buckets alike. A bucket that is full again expires.
/// </remarks>
internal sealed class SharedTokenBuckets(RedisLink redis, string limit, int burst, int perSecond, TokenBuckets own) : ITokenBuckets
{
    private const string Take = """
        local now = redis.call('TIME')
        now = now[1] + now[2] / 1000000
        local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens = burst
        if bucket[1] then
            tokens = math.min(burst, bucket[1] + math.max(0, now - bucket[2]) * rate)
        end
        if tokens < 1 then
            return { math.ceil((1 - tokens) / rate * 1000), math.floor(tokens) }
        end
        redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens - 1), 'at', string.format('%.6f', now))
        redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000))
        return { 0, math.floor(tokens - 1) }
        """;

    // How long a purchase waits at most for this decision.
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(200);

    private readonly RedisKey prefix = redis.Prefix + "limits:" + limit + ":";
    private readonly RedisValue[] arguments = [perSecond, burst];

    public async ValueTask<TokenTaken> TakeAsync(string holder)
    {
        var (isAnswered, answer) = await redis.TryAsync(
            (Key: prefix.Append(holder), arguments),
            static async (database, state) => (long[]?)await database.ScriptEvaluateAsync(Take, [state.Key], state.arguments),
            Timeout
        );
        return isAnswered && answer is [var wait, var left] ? new TokenTaken((int)left, TimeSpan.FromMilliseconds(wait)) : own.Take(holder);
    }
}
