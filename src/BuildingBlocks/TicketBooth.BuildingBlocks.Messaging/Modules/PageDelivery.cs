using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Modules;

/// <summary>
/// Gives a page to a module's batch. A page that cannot be applied is halved, and its halves again, until what cannot be applied is alone.
/// </summary>
internal sealed partial class PageDelivery(
    string module,
    IModuleBatch batch,
    IOutageDetector outages,
    TimeProvider clock,
    ILogger<ModuleDelivery> logger
)
{
    /// <returns>
    /// What is to be delivered entry by entry, in its order: what the batch does not take or cannot apply, and what comes after it under
    /// the same key.
    /// </returns>
    public async Task<IReadOnlyList<OutboxEntry>> ApplyAsync(IReadOnlyList<OutboxEntry> page, CancellationToken cancellationToken)
    {
        var alone = new HashSet<Guid>();
        var keys = new HashSet<Guid>();
        var taken = Take(page, batch.Takes);
        if (taken.Count > 0 && !await TryApplyAsync(taken, cancellationToken))
        {
            LogHalved(logger, taken.Count, module);
            await HalveAsync(taken);
        }

        return [.. page.Where(entry => alone.Contains(entry.MessageId))];

        List<OutboxEntry> Take(IEnumerable<OutboxEntry> entries, Predicate<OutboxEntry> takes)
        {
            var list = new List<OutboxEntry>();
            foreach (var entry in entries)
            {
                if (!keys.Contains(entry.Key) && takes(entry))
                {
                    list.Add(entry);
                }
                else
                {
                    keys.Add(entry.Key);
                    alone.Add(entry.MessageId);
                }
            }

            return list;
        }

        async Task HalveAsync(List<OutboxEntry> refused)
        {
            if (refused.Count == 1)
            {
                Take(refused, _ => false);
                return;
            }

            var middle = refused.Count / 2;
            foreach (var range in new[] { ..middle, middle.. })
            {
                var half = Take(refused[range], _ => true);
                if (half.Count > 0 && !await TryApplyAsync(half, cancellationToken))
                {
                    await HalveAsync(half);
                }
            }
        }
    }

    /// <summary>False when one of the entries cannot be applied. An outage of a store says nothing about them and is waited for.</summary>
    private async Task<bool> TryApplyAsync(List<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var span = Tracing.StartJoined(
                    "apply messages " + module,
                    ActivityKind.Consumer,
                    entries.Select(entry => entry.TraceParent)
                );
                span?.SetTag("messaging.batch.message_count", entries.Count);
                await batch.ApplyAsync(entries, cancellationToken);
                return true;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                if (!outages.IsOutage(failure))
                {
                    return false;
                }

                LogWaits(logger, failure, entries.Count, module);
                await Task.Delay(ModuleDelivery.LongestPause, clock, cancellationToken);
            }
        }
    }

    [LoggerMessage(
        EventId = 1212,
        Level = LogLevel.Warning,
        Message = "A page of {Count} messages cannot be applied in {Module} as a whole; those at fault are delivered one by one"
    )]
    private static partial void LogHalved(ILogger logger, int count, string module);

    [LoggerMessage(
        EventId = 1213,
        Level = LogLevel.Warning,
        Message = "A page of {Count} messages waits for {Module}, whose store cannot be used now"
    )]
    private static partial void LogWaits(ILogger logger, Exception failure, int count, string module);
}
