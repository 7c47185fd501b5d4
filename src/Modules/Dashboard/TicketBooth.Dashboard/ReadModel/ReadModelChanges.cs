using System.Globalization;
using StackExchange.Redis;
using TicketBooth.BuildingBlocks.Storage.Redis;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>
/// Tells subscribers that the read model changed: on this host at once, on other hosts through Redis where it is configured.
/// </summary>
/// <remarks>Redis may lose a message. Live figures therefore also read the version from the database while somebody watches.</remarks>
internal sealed class ReadModelChanges(IServiceProvider services)
{
    private const string Channel = "dashboard";
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromMilliseconds(500);

    private readonly Lock turn = new();
    private readonly RedisLink? redis = services.GetService<RedisLink>();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long version;

    /// <summary>The newest version that this host knows of.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>Publishes a new version to this host and to the others.</summary>
    public async Task PublishAsync(long newVersion)
    {
        Observe(newVersion);
        if (redis is not null)
        {
            await redis.TryAsync(
                (Channel: redis.Prefix + Channel, Version: newVersion.ToString(CultureInfo.InvariantCulture)),
                static (server, state) => server.PublishAsync(RedisChannel.Literal(state.Channel), state.Version),
                PublishTimeout
            );
        }
    }

    /// <summary>Subscribes to what other hosts publish.</summary>
    public async Task SubscribeAsync()
    {
        if (redis is not null)
        {
            await redis.FollowAsync(redis.Prefix + Channel, text => Observe(long.Parse(text, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Records a version. One that is not newer than <see cref="Version"/> changes nothing.</summary>
    public void Observe(long newVersion)
    {
        TaskCompletionSource reached;
        lock (turn)
        {
            if (newVersion <= version)
            {
                return;
            }

            version = newVersion;
            (reached, next) = (next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        reached.SetResult();
    }

    /// <summary>Completes when a version newer than <paramref name="seen"/> is known.</summary>
    public Task WaitAsync(long seen)
    {
        lock (turn)
        {
            return version > seen ? Task.CompletedTask : next.Task;
        }
    }
}
