using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Live;

/// <summary>
/// Keeps open pages current. However many pages watch and however fast sales come, figures are read once per change and topic, at most four times a second,
/// and every page gets the latest ones: what a slow page has missed is in the next. While nobody watches, nothing is read.
/// </summary>
internal sealed partial class LiveFigures(
    IServiceScopeFactory scopes, ReadModelChanges changes, IOptions<JsonOptions> json, TimeProvider clock, ILogger<LiveFigures> logger) : BackgroundService
{
    /// <summary>The event type of everything that is sent.</summary>
    public const string EventType = "figures";

    /// <summary>Even when nothing is sold: figures by the minute grow old, and a proxy may cut a silent connection.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    // What another host changed is heard of through Redis, or seen by looking.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock turn = new();
    private readonly Dictionary<Guid, Topic> topics = [];
    private TaskCompletionSource someone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many pages watch now.</summary>
    internal int Watchers
    {
        get
        {
            lock (turn)
            {
                return topics.Values.Sum(topic => topic.Watchers);
            }
        }
    }

    /// <summary>The figures of an event (of the house for <see cref="Guid.Empty"/>) as they are, and from now on whenever they change, until <paramref name="cancellationToken"/>.</summary>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync(Guid eventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var topic = Join(eventId);
        try
        {
            var next = topic.Next;
            var shown = await ReadAsync(eventId, cancellationToken);
            while (!cancellationToken.IsCancellationRequested)
            {
                yield return new SseItem<string>(shown.Json, EventType) { EventId = shown.Version.ToString(CultureInfo.InvariantCulture) };
                await next.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lock (turn)
                {
                    (shown, next) = (topic.Latest ?? shown, topic.Next);
                }
            }
        }
        finally
        {
            Leave(eventId, topic);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await changes.FollowAsync();
        while (!stoppingToken.IsCancellationRequested)
        {
            await someone.Task.WaitAsync(stoppingToken);
            await KeepCurrentAsync(stoppingToken);
        }
    }

    /// <summary>Until nobody watches.</summary>
    private async Task KeepCurrentAsync(CancellationToken cancellationToken)
    {
        var read = 0L;
        var readAt = clock.GetTimestamp();
        while (Watched() is { Count: > 0 } watched)
        {
            try
            {
                changes.Hear(await VersionAsync(cancellationToken));
                if (changes.Version > read || clock.GetElapsedTime(readAt) >= Heartbeat)
                {
                    (read, readAt) = (changes.Version, clock.GetTimestamp());
                    foreach (var (id, topic) in watched)
                    {
                        Show(topic, await ReadAsync(id, cancellationToken));
                    }
                }
            }
#pragma warning disable CA1031 // pages keep what they show; the next round is the retry
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(logger, failure);
            }

            await Task.Delay(Rest, clock, cancellationToken);
            await changes.WaitAsync(read).WaitAsync(LookInterval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Topic Join(Guid eventId)
    {
        lock (turn)
        {
            if (!topics.TryGetValue(eventId, out var topic))
            {
                topics.Add(eventId, topic = new Topic());
            }

            topic.Watchers++;
            someone.TrySetResult();
            return topic;
        }
    }

    private void Leave(Guid eventId, Topic topic)
    {
        lock (turn)
        {
            if (--topic.Watchers == 0)
            {
                topics.Remove(eventId);
            }

            if (topics.Count == 0)
            {
                someone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private List<KeyValuePair<Guid, Topic>> Watched()
    {
        lock (turn)
        {
            return [.. topics];
        }
    }

    private void Show(Topic topic, Snapshot snapshot)
    {
        TaskCompletionSource waiting;
        lock (turn)
        {
            (topic.Latest, waiting, topic.Waiting) = (snapshot, topic.Waiting, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiting.SetResult();
    }

    private async Task<long> VersionAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DashboardDbContext>().VersionAsync(cancellationToken);
    }

    private async Task<Snapshot> ReadAsync(Guid eventId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        if (eventId == Guid.Empty)
        {
            var summary = (await mediator.Send(new GetSummary.Query(), cancellationToken)).Value;
            return new Snapshot(summary.Version, JsonSerializer.Serialize(summary, json.Value.SerializerOptions));
        }

        var figures = await mediator.Send(new GetEventFigures.Query(eventId), cancellationToken);
        return figures.IsSuccess ? new Snapshot(figures.Value.Version, JsonSerializer.Serialize(figures.Value, json.Value.SerializerOptions)) : Snapshot.Nothing;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live figures could not be read; open pages keep what they show")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    private sealed record Snapshot(long Version, string Json)
    {
        /// <summary>Of an event that is not in the read model (yet).</summary>
        public static Snapshot Nothing { get; } = new(0, "null");
    }

    /// <summary>What some pages watch together; changed under the lock only.</summary>
    private sealed class Topic
    {
        public int Watchers { get; set; }

        public Snapshot? Latest { get; set; }

        public TaskCompletionSource Waiting { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Next => Waiting.Task;
    }
}
