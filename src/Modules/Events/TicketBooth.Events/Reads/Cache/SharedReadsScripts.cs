namespace TicketBooth.Events.Reads.Cache;

/// <summary>The Lua scripts of <see cref="SharedReads"/>; Redis runs each as one step.</summary>
internal static class SharedReadsScripts
{
    /// <summary>
    /// Finds an answer, and the stamp to keep a new one under. Keys: numbers, hash. Arguments: field, lifetime in milliseconds.
    /// </summary>
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

    /// <summary>
    /// Keeps an answer unless its stamp is outdated or the hash is full. Keys: numbers, hash. Arguments: stamp, field, answer, most
    /// answers.
    /// </summary>
    public const string Keep = """
        local floor = redis.call('HGET', KEYS[1], 'floor')
        if floor and tonumber(ARGV[1]) > tonumber(floor)
            and redis.call('HGET', KEYS[2], 'stamp') == ARGV[1]
            and (redis.call('HLEN', KEYS[2]) <= tonumber(ARGV[4]) or redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1) then
            redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
        end
        return 0
        """;

    /// <summary>
    /// Deletes an event's answers and the lists', and announces it. Keys: numbers, hash, lists' hash. Arguments: channel, sender, event id.
    /// </summary>
    public const string Evict =
        Begin
        + """
            redis.call('DEL', KEYS[2], KEYS[3])
            local number = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'message', 1))
            redis.call('PUBLISH', ARGV[1], number .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])
            return 0
            """;

    /// <summary>Sends a heartbeat with the number of the last message. Keys: numbers. Arguments: channel, sender, time.</summary>
    public const string Beat =
        Begin
        + """
            redis.call('PUBLISH', ARGV[1], redis.call('HGET', KEYS[1], 'message') .. ' ' .. ARGV[2] .. ' @' .. ARGV[3])
            return 0
            """;

    /// <summary>Outdates every answer, and announces it. Keys: numbers. Arguments: channel, sender.</summary>
    public const string Void =
        Begin
        + """
            redis.call('HSET', KEYS[1], 'floor', redis.call('HGET', KEYS[1], 'stamp'))
            local number = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'message', 1))
            redis.call('PUBLISH', ARGV[1], number .. ' ' .. ARGV[2] .. ' *')
            return 0
            """;

    // Creates the numbers where they are missing, ahead of all numbers that there ever were.
    private const string Begin = """
        if redis.call('EXISTS', KEYS[1]) == 0 then
            local now = redis.call('TIME')
            local first = string.format('%.0f', now[1] * 1000000 + now[2])
            redis.call('HSET', KEYS[1], 'stamp', first, 'message', first, 'floor', first)
        end

        """;
}
