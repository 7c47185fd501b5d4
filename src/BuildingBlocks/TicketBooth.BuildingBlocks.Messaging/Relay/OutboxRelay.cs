using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>
/// Delivers every outbox's entries to every destination: at least once, in order per key, and so that one bad message does not stop the
/// others. The destinations are the modules of this process or, where one is configured, the broker.
/// </summary>
/// <remarks>
/// An outbox with sequences has one loop per destination, which reads a page after the destination's cursor, delivers it (different keys
/// at the same time, entries of one key one after the other) and then moves the cursor. An outbox inside documents has a
/// <see cref="DocumentRelay"/>. Either way a crash repeats at most one page for each destination, which the inboxes make harmless.
/// </remarks>
public sealed partial class OutboxRelay : IHostedService, IAsyncDisposable
{
    internal const int PageSize = 256;

    // A full page means a backlog, and so a peak. Purchases come first then: the relay rests for three times as long as it worked.
    private const int RestPerWork = 3;

    // The time of a page includes what its delivery waited for: an outage must not be followed by a rest that is a multiple of it.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IMessageDestination> modules;
    private readonly IReadOnlyList<IMessageDestination> destinations;

    // The destinations that this host had with other settings.
    private readonly IReadOnlyList<string> formerDestinations;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<string, IOutbox> sources = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> loops = [];
    private readonly CancellationTokenSource stop = new();
    private bool started;

    public OutboxRelay(ModuleDeliveries modules, MessageBroker broker, TimeProvider clock, ILogger<OutboxRelay> logger)
    {
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentNullException.ThrowIfNull(broker);
        (this.modules, this.clock, this.logger) = (modules.All, clock, logger);
        destinations = broker.Outlet is { } outlet ? [outlet] : modules.All;
        formerDestinations = broker.Outlet is null ? [MessageBroker.Name] : [.. modules.All.Select(module => module.Name)];
    }

    /// <summary>Adds an outbox; its entries are delivered once the host has started.</summary>
    public void Attach(IOutbox source)
    {
        ArgumentNullException.ThrowIfNull(source);
        lock (sources)
        {
            if (sources.TryAdd(source.Name, source) && started)
            {
                Run(source);
            }
        }
    }

    /// <summary>Every attached outbox.</summary>
    public IReadOnlyCollection<IOutbox> Outboxes => [.. sources.Values];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (sources)
        {
            started = true;
            foreach (var source in sources.Values)
            {
                Run(source);
            }
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops).WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        stop.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Run(IOutbox outbox) =>
        loops.Add(
            Task.Run(() =>
                outbox switch
                {
                    IOutboxSource source => RelayAsync(source, stop.Token),
                    IDocumentOutbox documents => new DocumentRelay(this, documents, destinations, modules, clock, logger).RunAsync(
                        stop.Token
                    ),
                    _ => throw new InvalidOperationException($"The relay cannot read the outbox {outbox.Name}."),
                }
            )
        );

    private async Task RelayAsync(IOutboxSource source, CancellationToken cancellationToken)
    {
        // Every destination has its cursor before any of them moves: the outbox removes what is behind all of its cursors.
        var cursors = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var destination in destinations)
        {
            await KeepTryingAsync(
                source,
                async () => cursors[destination.Name] = await source.SubscribeAsync(destination.Name),
                cancellationToken
            );
        }

        foreach (var former in formerDestinations)
        {
            await KeepTryingAsync(source, () => source.UnsubscribeAsync(former), cancellationToken);
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAll(
                destinations.Select(destination => RelayAsync(source, destination, cursors[destination.Name], cancellationToken))
            );
        }
    }

    private async Task RelayAsync(IOutboxSource source, IMessageDestination destination, long cursor, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await KeepTryingAsync(
                source,
                async () => cursor = await RelayPageAsync(source, destination, cursor, cancellationToken),
                cancellationToken
            );
        }
    }

    /// <summary>Delivers the next page; returns the destination's new cursor.</summary>
    private async Task<long> RelayPageAsync(
        IOutboxSource source,
        IMessageDestination destination,
        long cursor,
        CancellationToken cancellationToken
    )
    {
        var page = source.Read(cursor, PageSize);
        if (page.Count == 0)
        {
            await source.WaitAsync(cursor, cancellationToken);
            return cursor;
        }

        var pageStarted = clock.GetTimestamp();
        await DeliverAsync(source, destination, page.GroupBy(entry => entry.Key), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        await source.AcknowledgeAsync(destination.Name, page[^1].Sequence);
        await RestAsync(page.Count, pageStarted, cancellationToken);
        return page[^1].Sequence;
    }

    /// <summary>Delivers each group's entries in order, the groups at the same time. Returns early only when it is canceled.</summary>
    /// <returns>The entries that were not delivered; none unless it was canceled.</returns>
    internal async Task<IReadOnlyList<OutboxEntry>> DeliverAsync(
        IOutbox source,
        IMessageDestination destination,
        IEnumerable<IEnumerable<OutboxEntry>> groups,
        CancellationToken cancellationToken
    )
    {
        var accepted = groups
            .Select(entries => new Queue<OutboxEntry>(entries.Where(destination.Accepts)))
            .Where(entries => entries.Count > 0)
            .ToList();
        try
        {
            await Parallel.ForEachAsync(
                accepted,
                new ParallelOptions { MaxDegreeOfParallelism = destination.SideBySide, CancellationToken = cancellationToken },
                async (entries, ct) =>
                {
                    while (entries.TryPeek(out var entry) && !ct.IsCancellationRequested)
                    {
                        await KeepTryingAsync(source, () => destination.DeliverAsync(entry, source.Name, ct), ct);
                        if (!ct.IsCancellationRequested)
                        {
                            entries.Dequeue();
                        }
                    }
                }
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was not acknowledged is delivered again.
        }

        return [.. accepted.SelectMany(entries => entries)];
    }

    internal async Task RestAsync(int delivered, long pageStarted, CancellationToken cancellationToken)
    {
        if (delivered == PageSize)
        {
            var rest = RestPerWork * clock.GetElapsedTime(pageStarted);
            await Task.Delay(rest < LongestRest ? rest : LongestRest, clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Retries a step until it succeeds or the relay stops, whatever it throws.</summary>
    internal async Task KeepTryingAsync(IOutbox source, Func<Task> step, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await step();
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Stopping: what was not acknowledged is delivered again after the start.
            }
#pragma warning disable CA1031 // a loop that ended here would deliver nothing until the next start, and nobody would know
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogRelayFailed(logger, failure, source.Name);
                await Task.Delay(RetryPause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(EventId = 1200, Level = LogLevel.Error, Message = "The outbox {Source} cannot be relayed now and will be retried")]
    private static partial void LogRelayFailed(ILogger logger, Exception failure, string source);
}
