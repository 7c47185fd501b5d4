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
/// An outbox with sequences has one loop per destination, which takes the page after the destination's cursor from a
/// <see cref="RelayedOutbox"/>, delivers it and then moves the cursor. An outbox inside documents has a <see cref="DocumentRelay"/>. Either
/// way a crash repeats at most a page for each destination that keeps up, which inboxes and revisions make harmless.
/// </remarks>
public sealed partial class OutboxRelay : IHostedService, IAsyncDisposable
{
    // A page costs each destination a transaction: four times as many messages in it made a sale 5 to 10 µs cheaper.
    internal const int PageSize = 2048;

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<IMessageDestination> modules;
    private readonly IReadOnlyList<IMessageDestination> destinations;

    // The destinations that this host had with other settings.
    private readonly IReadOnlyList<string> formerDestinations;
    private readonly SalesPauses pauses;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<string, IOutbox> sources = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> loops = [];
    private readonly CancellationTokenSource stop = new();
    private bool started;

    public OutboxRelay(ModuleDeliveries modules, MessageBroker broker, SalesPauses pauses, TimeProvider clock, ILogger<OutboxRelay> logger)
    {
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentNullException.ThrowIfNull(broker);
        (this.modules, this.pauses, this.clock, this.logger) = (modules.All, pauses, clock, logger);
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
                    IDocumentOutbox documents => new DocumentRelay(this, documents, destinations, modules, pauses, clock, logger).RunAsync(
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
            var relayed = new RelayedOutbox(source, cursors);
            await Task.WhenAll(destinations.Select(destination => RelayAsync(source, relayed, destination, cancellationToken)));
        }
    }

    private async Task RelayAsync(
        IOutboxSource source,
        RelayedOutbox relayed,
        IMessageDestination destination,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await KeepTryingAsync(source, () => RelayPageAsync(relayed, destination, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Delivers the next page, or waits until there is one.</summary>
    private async Task RelayPageAsync(RelayedOutbox outbox, IMessageDestination destination, CancellationToken cancellationToken)
    {
        var page = outbox.Read(destination.Name);
        if (page.Count > 0)
        {
            await destination.DeliverAsync(page, outbox.Name, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            outbox.Pass(destination.Name, page[^1].Sequence);
        }

        await outbox.AcknowledgeAsync();
        if (page.Count < PageSize)
        {
            await outbox.WaitAsync(destination.Name, cancellationToken);
            if (destination.YieldsToSales)
            {
                await pauses.WaitAsync(pauses.Now, cancellationToken);
            }
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
