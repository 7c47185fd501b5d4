using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MediatR;
using Microsoft.Extensions.Hosting;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Live;

/// <summary>
/// Keeps open pages current. However many pages watch and however fast sales come, figures are read once per change and topic, at most four
/// times a second, and sent to every page. A slow page skips figures, never gets old ones. While nobody watches, nothing is read.
/// </summary>
internal sealed partial class LiveFigures(
    IServiceScopeFactory scopes,
    ReadModelChanges changes,
    LiveRenderer renderer,
    TimeProvider clock,
    ILogger<LiveFigures> logger
) : BackgroundService
{
    /// <summary>The type of all server-sent events here.</summary>
    public const string EventType = "figures";

    /// <summary>Sent at least so often: figures by the minute age, and a proxy may cut a silent connection.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(250);

    // Redis announces the changes of other hosts, but may lose a message.
    private static readonly TimeSpan VersionInterval = TimeSpan.FromSeconds(1);

    private readonly Lock turn = new();
    private readonly Dictionary<(Guid EventId, LiveView View), Topic> topics = [];
    private TaskCompletionSource watched = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    /// <summary>The present figures, for a page that is opened.</summary>
    public async Task<string> RenderAsync(Guid eventId, LiveView view, CancellationToken cancellationToken) =>
        (await SnapshotAsync(await ReadAsync(eventId, cancellationToken), view)).Text;

    /// <summary>
    /// The present figures of an event, or of all events for <see cref="Guid.Empty"/>, and new ones whenever they change, until
    /// <paramref name="cancellationToken"/> is canceled.
    /// </summary>
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
            var shown = await SnapshotAsync(await ReadAsync(eventId, cancellationToken), view);
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
        await changes.SubscribeAsync();
        while (!stoppingToken.IsCancellationRequested)
        {
            await watched.Task.WaitAsync(stoppingToken);
            await KeepCurrentAsync(stoppingToken);
        }
    }

    /// <summary>Sends new figures until nobody watches.</summary>
    private async Task KeepCurrentAsync(CancellationToken cancellationToken)
    {
        var sent = (Version: 0L, At: clock.GetTimestamp());
        while (Watched().Count > 0)
        {
            // A failure leaves what pages show; the next round is the retry.
            var round = SendNewAsync(sent, cancellationToken);
            await ((Task)round).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (round.Exception?.InnerException is { } failure && !cancellationToken.IsCancellationRequested)
            {
                LogFailed(logger, failure);
            }
            else if (round.IsCompletedSuccessfully)
            {
                sent = await round;
            }

            await Task.Delay(ShortestInterval, clock, cancellationToken);
            await changes
                .WaitAsync(sent.Version)
                .WaitAsync(VersionInterval, clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends figures if there are new ones, or the last ones are old.</summary>
    /// <returns>What was sent last.</returns>
    private async Task<(long Version, long At)> SendNewAsync((long Version, long At) sent, CancellationToken cancellationToken)
    {
        changes.Observe(await VersionAsync(cancellationToken));
        if (changes.Version <= sent.Version && clock.GetElapsedTime(sent.At) < Heartbeat)
        {
            return sent;
        }

        // In this order: who joins after the watchers were listed reads for themselves, and no older figures than these.
        var next = (changes.Version, clock.GetTimestamp());
        foreach (var same in Watched().GroupBy(watching => watching.Key.EventId))
        {
            var figures = await ReadAsync(same.Key, cancellationToken);
            foreach (var (key, topic) in same)
            {
                Show(topic, await SnapshotAsync(figures, key.View));
            }
        }

        return next;
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
            watched.TrySetResult();
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
                watched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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

    /// <summary>The figures are null when the event is not in the read model (yet).</summary>
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

    private async Task<Snapshot> SnapshotAsync((long Version, object? Figures) read, LiveView view) =>
        new(read.Version, await renderer.RenderAsync(read.Figures, view));

    [LoggerMessage(
        EventId = 6300,
        Level = LogLevel.Warning,
        Message = "Live figures could not be read; open pages show the last ones, and the next attempt follows within a second"
    )]
    private static partial void LogFailed(ILogger logger, Exception failure);

    private sealed record Snapshot(long Version, string Text);

    /// <summary>The figures that some pages watch together. Changed only under the lock.</summary>
    private sealed class Topic
    {
        public int Watchers { get; set; }

        public Snapshot? Latest { get; set; }

        public TaskCompletionSource Waiting { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Next => Waiting.Task;
    }
}
