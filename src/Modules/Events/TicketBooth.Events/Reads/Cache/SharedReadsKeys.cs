using StackExchange.Redis;

namespace TicketBooth.Events.Reads.Cache;

/// <summary>What <see cref="SharedReads"/> is called in Redis.</summary>
internal sealed class SharedReadsKeys(string redisPrefix)
{
    // The braces keep all keys on one node of a cluster, which scripts need.
    private const string Group = "{events}:";

    // Answers are JSON as this build writes it. Another build, beside it during a rolling upgrade, has its own; they share the stamp.
    private static readonly string Build = typeof(SharedReadsKeys).Module.ModuleVersionId.ToString("N")[..8] + "|";

    private readonly string prefix = redisPrefix + Group;

    /// <summary>The channel that changes are announced on.</summary>
    public string Channel { get; } = redisPrefix + Group + "changes";

    /// <summary>The key that holds all numbers.</summary>
    public RedisKey Numbers { get; } = redisPrefix + Group + "numbers";

    /// <summary>The hash with an event's answers; with those about lists for <see cref="Guid.Empty"/>.</summary>
    public RedisKey HashOf(Guid eventId) => prefix + (eventId == Guid.Empty ? "lists" : eventId.ToString("N"));

    /// <summary>The field of its hash that an answer is in.</summary>
    public static RedisValue FieldOf(ReadKey key) => Build + key.Query;
}
