using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MediatR;
using Microsoft.Extensions.Hosting;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Live;

/// <summary>
/// Keeps open pages current. However many pages watch and however fast sales come, figures are read once per change and topic, at most four times a second,
/// and every page gets the latest ones: what a slow page has missed is in the next. While nobody watches, nothing is read.
/// </summary>
internal sealed partial class LiveFigures(
    IServiceScopeFactory scopes,
    ReadModelChanges changes,
    LiveForms forms,
    TimeProvider clock,
    ILogger<LiveFigures> logger
) : BackgroundService
{
    /// <summary>The event type of everything that is sent.</summary>
    public const string EventType = "figures";

    /// <summary>Even when nothing is sold: figures by the minute grow old, and a proxy may cut a silent connection.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    // What another host changed is heard of through Redis, or seen by looking.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock turn = new();
    private readonly Dictionary<(Guid EventId, LiveView View), Topic> topics = [];
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

    /// <summary>The figures as they are now, for a page that is opened.</summary>
    public async Task<string> DrawAsync(Guid eventId, LiveView view, CancellationToken cancellationToken) =>
        (await FormAsync(await ReadAsync(eventId, cancellationToken), view)).Text;

    /// <summary>The figures of an event (of the house for <see cref="Guid.Empty"/>) as they are, and from now on whenever they change, until <paramref name="cancellationToken"/>.</summary>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync(
        Guid eventId,
        LiveView view,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var topic = Join((eventId, view));
        try
        {
            var next = topic.Next;
            var shown = await FormAsync(await ReadAsync(eventId, cancellationToken), view);
            while (!cancellationToken.IsCancellationRequested)
            {
                yield return new SseItem<string>(shown.Text, EventType) { EventId = shown.Version.ToString(CultureInfo.InvariantCulture) };
                await next.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lock (turn)
                {
                    (shown, next) = (topic.Latest ?? shown, topic.Next);
                }
            }
        }
        finally
        {
            Leave((eventId, view), topic);
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
        while (Watched().Count > 0)
        {
            try
            {
                changes.Hear(await VersionAsync(cancellationToken));
                if (changes.Version > read || clock.GetElapsedTime(readAt) >= Heartbeat)
                {
                    // In this order: who joins after the look at the watchers reads for themselves, and no older figures than these.
                    var (version, at) = (changes.Version, clock.GetTimestamp());
                    foreach (var same in Watched().GroupBy(watching => watching.Key.EventId))
                    {
                        var figures = await ReadAsync(same.Key, cancellationToken);
                        foreach (var (key, topic) in same)
                        {
                            Show(topic, await FormAsync(figures, key.View));
                        }
                    }

                    (read, readAt) = (version, at);
                }
            }
#pragma warning disable CA1031 // pages keep what they show; the next round is the retry
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(logger, failure);
            }

            await Task.Delay(Rest, clock, cancellationToken);
            await changes
                .WaitAsync(read)
                .WaitAsync(LookInterval, clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Topic Join((Guid EventId, LiveView View) key)
    {
        lock (turn)
        {
            if (!topics.TryGetValue(key, out var topic))
            {
                topics.Add(key, topic = new Topic());
            }

            topic.Watchers++;
            someone.TrySetResult();
            return topic;
        }
    }

    private void Leave((Guid EventId, LiveView View) key, Topic topic)
    {
        lock (turn)
        {
            if (--topic.Watchers == 0)
            {
                topics.Remove(key);
            }

            if (topics.Count == 0)
            {
                someone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private List<KeyValuePair<(Guid EventId, LiveView View), Topic>> Watched()
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
            (topic.Latest, waiting, topic.Waiting) = (
                snapshot,
                topic.Waiting,
                new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            );
        }

        waiting.SetResult();
    }

    private async Task<long> VersionAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DashboardDbContext>().VersionAsync(cancellationToken);
    }

    /// <summary>Null when the event is not in the read model (yet).</summary>
    private async Task<(long Version, object? Figures)> ReadAsync(Guid eventId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        if (eventId == Guid.Empty)
        {
            var summary = (await mediator.Send(new GetSummary.Query(), cancellationToken)).Value;
            return (summary.Version, summary);
        }

        var figures = await mediator.Send(new GetEventFigures.Query(eventId), cancellationToken);
        return figures.IsSuccess ? (figures.Value.Version, figures.Value) : (0, null);
    }

    private async Task<Snapshot> FormAsync((long Version, object? Figures) read, LiveView view) =>
        new(read.Version, await forms.PutAsync(read.Figures, view));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live figures could not be read; open pages keep what they show")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    private sealed record Snapshot(long Version, string Text);

    /// <summary>What some pages watch together; changed under the lock only.</summary>
    private sealed class Topic
    {
        public int Watchers { get; set; }

        public Snapshot? Latest { get; set; }

        public TaskCompletionSource Waiting { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Next => Waiting.Task;
    }
}
