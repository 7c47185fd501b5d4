namespace TicketBooth.BuildingBlocks.Messaging.Outbox;

/// <summary>Delivers entry by entry: those of one key one after the other, different keys side by side.</summary>
public static class KeyedDelivery
{
    /// <param name="entries">In their order.</param>
    /// <param name="sideBySide">For how many keys at the same time.</param>
    /// <param name="deliver">Throws after it was canceled, or when the caller is to learn of a failure.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The entries that were not delivered: none unless it was canceled.</returns>
    public static async Task<IReadOnlyList<OutboxEntry>> RunAsync(
        IEnumerable<OutboxEntry> entries,
        int sideBySide,
        Func<OutboxEntry, CancellationToken, Task> deliver,
        CancellationToken cancellationToken
    )
    {
        var waiting = entries.GroupBy(entry => entry.Key).Select(same => new Queue<OutboxEntry>(same)).ToList();
        try
        {
            await Parallel.ForEachAsync(
                waiting,
                new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = cancellationToken },
                async (same, ct) =>
                {
                    while (same.TryPeek(out var entry) && !ct.IsCancellationRequested)
                    {
                        await deliver(entry, ct);
                        same.Dequeue();
                    }
                }
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller learns what is left.
        }

        return [.. waiting.SelectMany(same => same)];
    }
}
