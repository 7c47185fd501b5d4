using System.Globalization;
using StackExchange.Redis;
using TicketBooth.BuildingBlocks.Storage.Redis;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>Tells whoever shows figures that the read model changed: on this host at once, on the others through Redis where there is one.</summary>
/// <remarks>A message of Redis' may be lost; what shows them looks at the version now and then while somebody watches.</remarks>
internal sealed class ReadModelChanges(IServiceProvider services)
{
    private const string Channel = "dashboard";
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Lock turn = new();
    private readonly RedisLink? redis = services.GetService<RedisLink>();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long version;

    /// <summary>The newest version that this host has heard of.</summary>
    public long Version => Interlocked.Read(ref version);

    /// <summary>Says it here and to the other hosts.</summary>
    public async Task AnnounceAsync(long newVersion)
    {
        Hear(newVersion);
        if (redis is not null)
        {
            await redis.TryAsync(
                (Channel: redis.Prefix + Channel, Version: newVersion.ToString(CultureInfo.InvariantCulture)),
                static (server, state) => server.PublishAsync(RedisChannel.Literal(state.Channel), state.Version),
                Patience
            );
        }
    }

    /// <summary>Listens to the other hosts.</summary>
    public async Task FollowAsync()
    {
        if (redis is not null)
        {
            await redis.FollowAsync(redis.Prefix + Channel, text => Hear(long.Parse(text, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Takes note of a version from wherever; an older one than is known says nothing.</summary>
    public void Hear(long newVersion)
    {
        TaskCompletionSource heard;
        lock (turn)
        {
            if (newVersion <= version)
            {
                return;
            }

            version = newVersion;
            (heard, next) = (next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        heard.SetResult();
    }

    /// <summary>Completes when a newer version than <paramref name="seen"/> is known.</summary>
    public Task WaitAsync(long seen)
    {
        lock (turn)
        {
            return version > seen ? Task.CompletedTask : next.Task;
        }
    }
}
