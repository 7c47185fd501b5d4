using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>
/// Relays an outbox whose entries are in documents. A page goes to all destinations at once, and its entries leave their documents when
/// each of them has them. A destination that takes too long gets its entries from its backlog instead, so that no other waits for it.
/// </summary>
/// <remarks>
/// While a destination has a backlog, all that is new for it goes there, behind what waits. Another host may not know of the backlog for
/// some seconds and deliver past it: consumers take messages in any order.
/// </remarks>
/// <param name="relay">Delivers and retries.</param>
/// <param name="outbox">The outbox.</param>
/// <param name="destinations">Where its entries go: the modules of this process, or the broker alone.</param>
/// <param name="modules">Whose backlogs are delivered here, also those from before there was a broker.</param>
/// <param name="pauses">Between pages, where a destination follows the sales.</param>
/// <param name="clock">Of the patience.</param>
/// <param name="logger">Tells when a destination begins to lag.</param>
internal sealed partial class DocumentRelay(
    OutboxRelay relay,
    IDocumentOutbox outbox,
    IReadOnlyList<IMessageDestination> destinations,
    IReadOnlyList<IMessageDestination> modules,
    SalesPauses pauses,
    TimeProvider clock,
    ILogger logger
)
{
    // Longer than a page takes at a peak.
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Documents are acknowledged one by one or in the batches that wrote them: larger pages gave nothing here.
    private const int PageSize = 512;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> behind = new(StringComparer.Ordinal);
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(RelayAsync(cancellationToken), WatchBacklogsAsync(cancellationToken));

    private async Task RelayAsync(CancellationToken cancellationToken)
    {
        var follows = destinations.Any(destination => destination.YieldsToSales);
        while (!cancellationToken.IsCancellationRequested)
        {
            IReadOnlyList<PendingDocument> page = [];
            await relay.KeepTryingAsync(outbox, async () => page = await outbox.TakeAsync(PageSize, cancellationToken), cancellationToken);
            var taken = pauses.Now;
            await Task.WhenAll(destinations.Select(destination => HandOverAsync(destination, page, cancellationToken)));

            // Does nothing when the relay stops: what stays in the documents is delivered again.
            await relay.KeepTryingAsync(outbox, () => outbox.RemoveAsync(page), cancellationToken);
            if (follows && page.Sum(document => document.Entries.Count) < PageSize)
            {
                // The documents of the next page wait now, after this one: a gap between two pages makes them larger, and so fewer.
                await pauses.WaitAsync(taken, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Delivers a page to a destination, or puts what it does not take into its backlog.</summary>
    private async Task HandOverAsync(
        IMessageDestination destination,
        IReadOnlyList<PendingDocument> page,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<OutboxEntry> entries = [.. page.SelectMany(document => document.Entries)];
        if (destinations.Count == 1)
        {
            // Nobody else waits for it, and the documents are a backlog as good as any.
            await DeliverAsync(destination, entries, cancellationToken);
            return;
        }

        IReadOnlyList<OutboxEntry> left = [.. entries.Where(destination.Accepts)];
        if (!behind.ContainsKey(destination.Name))
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            left = await DeliverAsync(destination, left, either.Token);
        }

        if (left.Count > 0)
        {
            await relay.KeepTryingAsync(outbox, () => outbox.SetAsideAsync(destination.Name, left, cancellationToken), cancellationToken);
            if (behind.TryAdd(destination.Name, true))
            {
                LogBehind(logger, destination.Name, outbox.Name);
            }

            changes.Writer.TryWrite(true);
        }
    }

    /// <returns>What was not delivered, because it was canceled.</returns>
    private async Task<IReadOnlyList<OutboxEntry>> DeliverAsync(
        IMessageDestination destination,
        IReadOnlyList<OutboxEntry> entries,
        CancellationToken cancellationToken
    )
    {
        var left = entries;
        await relay.KeepTryingAsync(
            outbox,
            async () => left = await destination.DeliverAsync(entries, outbox.Name, cancellationToken),
            cancellationToken
        );
        return left;
    }

    /// <summary>Finds out which modules have a backlog, from this host, another, or an earlier start, and delivers it.</summary>
    private async Task WatchBacklogsAsync(CancellationToken cancellationToken)
    {
        var deliveries = new Dictionary<string, Task>(StringComparer.Ordinal);
        while (!cancellationToken.IsCancellationRequested)
        {
            await relay.KeepTryingAsync(outbox, () => LookAsync(cancellationToken), cancellationToken);
            foreach (var module in modules.Where(module => behind.ContainsKey(module.Name)))
            {
                if (!deliveries.TryGetValue(module.Name, out var delivery) || delivery.IsCompleted)
                {
                    deliveries[module.Name] = CatchUpAsync(module, cancellationToken);
                }
            }

            await WaitAsync(cancellationToken);
        }

        await Task.WhenAll(deliveries.Values);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        // Before the look: what is set aside during it is found by the next one, which then comes at once.
        var known = behind.Keys;
        var found = await outbox.BehindAsync(cancellationToken);
        foreach (var destination in known.Except(found, StringComparer.Ordinal))
        {
            behind.TryRemove(destination, out _);
        }

        foreach (var destination in found)
        {
            behind[destination] = true;
        }
    }

    /// <summary>Delivers a module's backlog. Ends when it is empty, or when another host delivers it.</summary>
    private async Task CatchUpAsync(IMessageDestination module, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            IReadOnlyList<OutboxEntry>? page = null;
            await relay.KeepTryingAsync(
                outbox,
                async () => page = await outbox.TakeSetAsideAsync(module.Name, PageSize, cancellationToken),
                cancellationToken
            );
            if (page is not { Count: > 0 })
            {
                if (page is not null)
                {
                    changes.Writer.TryWrite(true);
                }

                return;
            }

            await DeliverAsync(module, page, cancellationToken);
            await relay.KeepTryingAsync(outbox, () => outbox.RemoveSetAsideAsync(module.Name, page), cancellationToken);
        }
    }

    /// <summary>Waits until this host has changed a backlog, or another one may have.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var due = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changes.Reader.WaitToReadAsync(due.Token).AsTask(), Task.Delay(LookInterval, clock, due.Token));
        await due.CancelAsync();
        changes.Reader.TryRead(out _);
    }

    [LoggerMessage(
        EventId = 1201,
        Level = LogLevel.Warning,
        Message = "{Destination} does not take the messages of {Source} now; they wait for it in its backlog, and the others get theirs"
    )]
    private static partial void LogBehind(ILogger logger, string destination, string source);
}
