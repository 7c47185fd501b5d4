using System.Collections.Concurrent;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TicketBooth.BuildingBlocks.Messaging;

/// <summary>
/// Hands every outbox's entries to every consuming module: at least once, in order per key, without letting one bad message stop the others.
/// </summary>
/// <remarks>
/// One loop per outbox and module. A loop reads a page after the module's cursor, dispatches it (different keys side by side, entries of
/// one key one after the other) and then moves the cursor, so a crash repeats at most a page, which inboxes make harmless.
/// </remarks>
public sealed partial class OutboxRelay(
    IBusInstance bus, IBusRegistrationContext registrations, IEnumerable<ModuleConsumers> modules, IDeadLetters deadLetters, TimeProvider clock, ILogger<OutboxRelay> logger)
    : IHostedService, IAsyncDisposable
{
    private const int PageSize = 256;

    // Enough to fill a group commit of the consumer's store; more would only stand in the way of the purchases in the thread pool's queue.
    private const int SideBySide = 32;

    // A full page means a backlog, and that means a peak: the purchases come first, so the relay rests for three times as long as it worked.
    private const int RestPerWork = 3;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)];
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OutboxPause = TimeSpan.FromSeconds(1);

    // Made with the relay, which is before the bus starts: making them later races with its start.
    private readonly Dictionary<string, ModuleDispatcher> dispatchers = modules
        .Where(module => module.Types.Count > 0)
        .ToDictionary(module => module.Module, module => ModuleDispatcher.Create(bus, registrations, module), StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, IOutboxSource> sources = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> loops = [];
    private readonly CancellationTokenSource stop = new();
    private bool started;

    /// <summary>Adds an outbox; its entries flow from when the host has started.</summary>
    public void Attach(IOutboxSource source)
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

    /// <summary>Every attached outbox, for audits and metrics.</summary>
    public IReadOnlyCollection<IOutboxSource> Sources => [.. sources.Values];

    /// <summary>Gives a dead letter to its module once more. Its failure is the caller's; the letter stays where it is.</summary>
    public Task ReplayAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return dispatchers[letter.Module].DispatchAsync(letter.Entry, cancellationToken);
    }

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

    private void Run(IOutboxSource source) => loops.Add(Task.Run(() => RelayAsync(source, stop.Token)));

    private async Task RelayAsync(IOutboxSource source, CancellationToken cancellationToken)
    {
        // Every module has its cursor before any of them moves: the outbox forgets what all the cursors it knows are past.
        var cursors = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var module in dispatchers.Keys)
        {
            await KeepTryingAsync(source, module, async () => cursors[module] = await source.SubscribeAsync(module), cancellationToken);
        }

        if (cursors.Count == dispatchers.Count)
        {
            await Task.WhenAll(dispatchers.Values.Select(dispatcher => RelayAsync(source, dispatcher, cursors[dispatcher.Module], cancellationToken)));
        }
    }

    private async Task RelayAsync(IOutboxSource source, ModuleDispatcher dispatcher, long cursor, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await KeepTryingAsync(source, dispatcher.Module, async () => cursor = await RelayPageAsync(source, dispatcher, cursor, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Outlives whatever the outbox or the dead-letter store throws. Returns without success only when the relay stops.</summary>
    private async Task KeepTryingAsync(IOutboxSource source, string module, Func<Task> step, CancellationToken cancellationToken)
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
                // Stopping: what was not acknowledged comes again after the start.
            }
#pragma warning disable CA1031 // a loop that ends here would deliver nothing any more until the next start, and nobody would know
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogOutboxFailure(logger, failure, source.Name, module);
                await Task.Delay(OutboxPause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Delivers what comes next; returns where the module stands after that.</summary>
    private async Task<long> RelayPageAsync(IOutboxSource source, ModuleDispatcher dispatcher, long cursor, CancellationToken cancellationToken)
    {
        var page = source.Read(cursor, PageSize);
        if (page.Count == 0)
        {
            await source.WaitAsync(cursor, cancellationToken);
            return cursor;
        }

        var pageStarted = clock.GetTimestamp();
        await Parallel.ForEachAsync(
            page.Where(dispatcher.Consumes).GroupBy(entry => entry.Key),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken },
            async (entries, ct) => await DeliverAsync(source, dispatcher, entries, ct));
        await source.AcknowledgeAsync(dispatcher.Module, page[^1].Sequence);
        if (page.Count == PageSize)
        {
            await Task.Delay(RestPerWork * clock.GetElapsedTime(pageStarted), clock, cancellationToken);
        }

        return page[^1].Sequence;
    }

    private async Task DeliverAsync(IOutboxSource source, ModuleDispatcher dispatcher, IEnumerable<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var entry in entries)
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    await dispatcher.DispatchAsync(entry, cancellationToken);
                    break;
                }
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                {
                    if (!IsStoreDown(failure) && attempt >= Pauses.Length)
                    {
                        LogDeadLetter(logger, failure, entry.MessageType, entry.MessageId, dispatcher.Module);
                        await deadLetters.AddAsync(dispatcher.Module, source.Name, entry, $"{failure.GetType().Name}: {failure.Message}");
                        break;
                    }

                    LogRetry(logger, failure, entry.MessageType, entry.MessageId, dispatcher.Module);
                    await Task.Delay(attempt < Pauses.Length ? Pauses[attempt] : LongestPause, clock, cancellationToken);
                }
            }
        }
    }

    /// <summary>Whether any message would fail like this now. A broken constraint or a wrong statement is the message's own fault, or ours.</summary>
    private static bool IsStoreDown(Exception failure) => failure switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode
            is SQLitePCL.raw.SQLITE_BUSY
            or SQLitePCL.raw.SQLITE_LOCKED
            or SQLitePCL.raw.SQLITE_NOMEM
            or SQLitePCL.raw.SQLITE_READONLY
            or SQLitePCL.raw.SQLITE_IOERR
            or SQLitePCL.raw.SQLITE_CORRUPT
            or SQLitePCL.raw.SQLITE_FULL
            or SQLitePCL.raw.SQLITE_CANTOPEN
            or SQLitePCL.raw.SQLITE_PROTOCOL
            or SQLitePCL.raw.SQLITE_NOTADB,
        IOException => true,
        { InnerException: SqliteException wrapped } => IsStoreDown(wrapped),
        _ => false,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{MessageType} {MessageId} failed in {Module} and will be tried again")]
    private static partial void LogRetry(ILogger logger, Exception failure, string messageType, Guid messageId, string module);

    [LoggerMessage(Level = LogLevel.Error, Message = "{MessageType} {MessageId} keeps failing in {Module}: put with the dead letters")]
    private static partial void LogDeadLetter(ILogger logger, Exception failure, string messageType, Guid messageId, string module);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox {Source} cannot be relayed to {Module} now and will be tried again")]
    private static partial void LogOutboxFailure(ILogger logger, Exception failure, string source, string module);
}
