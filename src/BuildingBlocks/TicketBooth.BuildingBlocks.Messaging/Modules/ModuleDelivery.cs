using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Modules;

/// <summary>
/// Delivers messages to one module: by the page what it applies in batches, and the others to its consumers, one by one. Retries a failed
/// message, waits during an outage of a store, and makes a message that keeps failing a dead letter.
/// </summary>
internal sealed partial class ModuleDelivery(
    ModuleDispatcher dispatcher,
    Lazy<IModuleBatch>? batch,
    bool yieldsToSales,
    IDeadLetters deadLetters,
    IOutageDetector outages,
    MessageMetrics metrics,
    TimeProvider clock,
    ILogger<ModuleDelivery> logger
) : IMessageDestination
{
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    // Enough to fill a group commit of the consumer's store. More would only delay purchases in the thread pool's queue.
    private const int SideBySide = 32;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)];

    // Lazy, because a batch's writer may need the relay, and the relay needs this.
    private readonly Lazy<PageDelivery>? pages = batch is null
        ? null
        : new(() => new PageDelivery(dispatcher.Module, batch.Value, outages, clock, logger));

    public string Name => dispatcher.Module;

    public bool YieldsToSales => yieldsToSales;

    public bool Accepts(OutboxEntry entry) => dispatcher.Consumes(entry);

    public async Task<IReadOnlyList<OutboxEntry>> DeliverAsync(
        IReadOnlyList<OutboxEntry> page,
        string source,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<OutboxEntry> accepted = [.. page.Where(Accepts)];
        if (pages is not null && accepted.Count > 0)
        {
            var applying = pages.Value.ApplyAsync(accepted, cancellationToken);
            await ((Task)applying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                // Those that were applied come again, without an effect.
                return accepted;
            }

            accepted = await applying;
        }

        return accepted.Count == 0
            ? accepted
            : await KeyedDelivery.RunAsync(accepted, SideBySide, (entry, ct) => DeliverAsync(entry, source, ct), cancellationToken);
    }

    /// <summary>Makes one attempt, and throws when it fails.</summary>
    public Task ReplayAsync(OutboxEntry entry, CancellationToken cancellationToken) => dispatcher.DispatchAsync(entry, cancellationToken);

    private async Task DeliverAsync(OutboxEntry entry, string source, CancellationToken cancellationToken)
    {
        // An attempt during an outage does not count: it says nothing about the message.
        for (var attempt = 0; ;)
        {
            try
            {
                await dispatcher.DispatchAsync(entry, cancellationToken);
                return;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                var pause = LongestPause;
                if (!outages.IsOutage(failure))
                {
                    if (attempt == Pauses.Length)
                    {
                        metrics.DeadLetter(Name);
                        LogDeadLetter(logger, failure, entry.MessageType, entry.MessageId, Name);
                        await deadLetters.AddAsync(Name, source, entry, $"{failure.GetType().Name}: {failure.Message}");
                        return;
                    }

                    pause = Pauses[attempt++];
                }

                LogRetry(logger, failure, entry.MessageType, entry.MessageId, Name);
                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }

    [LoggerMessage(EventId = 1210, Level = LogLevel.Warning, Message = "{MessageType} {MessageId} failed in {Module} and will be retried")]
    private static partial void LogRetry(ILogger logger, Exception failure, string messageType, Guid messageId, string module);

    [LoggerMessage(
        EventId = 1211,
        Level = LogLevel.Error,
        Message = "{MessageType} {MessageId} keeps failing in {Module} and is a dead letter now"
    )]
    private static partial void LogDeadLetter(ILogger logger, Exception failure, string messageType, Guid messageId, string module);
}
