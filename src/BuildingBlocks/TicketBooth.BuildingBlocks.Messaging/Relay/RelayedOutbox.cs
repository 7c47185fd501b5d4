using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Messaging.Relay;

/// <summary>
/// An outbox with sequences as its destinations read it. The newest entries stay in memory until all have passed them, so each is read and
/// decoded once, and one write acknowledges for all.
/// </summary>
/// <param name="source">The outbox.</param>
/// <param name="cursors">Of each destination, as they are stored.</param>
internal sealed class RelayedOutbox(IOutboxSource source, IReadOnlyDictionary<string, long> cursors)
{
    // A destination that lags further behind reads from the outbox by itself.
    private const int MostInMemory = 2 * OutboxRelay.PageSize;

    private readonly Lock turn = new();
    private readonly Dictionary<string, long> stored = new(cursors, StringComparer.Ordinal);
    private readonly Dictionary<string, long> passed = new(cursors, StringComparer.Ordinal);
    private readonly List<OutboxEntry> newest = [];

    public string Name => source.Name;

    /// <summary>The next page of a destination.</summary>
    public IReadOnlyList<OutboxEntry> Read(string destination)
    {
        lock (turn)
        {
            var cursor = passed[destination];
            if (newest.Count > 0 && (cursor < newest[0].Sequence - 1 || cursor > newest[^1].Sequence))
            {
                // The entries in memory have no gaps, and do not reach back to this cursor.
                return source.Read(cursor, OutboxRelay.PageSize);
            }

            if (newest.Count == 0 || newest[^1].Sequence == cursor)
            {
                newest.AddRange(source.Read(cursor, OutboxRelay.PageSize));
            }

            var first = IndexAfter(cursor);
            return newest.GetRange(first, Math.Min(OutboxRelay.PageSize, newest.Count - first));
        }
    }

    /// <summary>The destination has everything up to this sequence.</summary>
    public void Pass(string destination, long sequence)
    {
        lock (turn)
        {
            passed[destination] = sequence;
            var everyone = passed.Values.Min();
            var gone = newest.TakeWhile((entry, i) => entry.Sequence <= everyone || newest.Count - i > MostInMemory).Count();
            newest.RemoveRange(0, gone);
        }
    }

    /// <summary>
    /// Stores the cursors when that lets the outbox forget entries, or when a destination has come so far that a restart would repeat more
    /// than a page.
    /// </summary>
    public async Task AcknowledgeAsync()
    {
        Dictionary<string, long> now;
        lock (turn)
        {
            if (
                passed.Values.Min() == stored.Values.Min()
                && !passed.Any(cursor => cursor.Value - stored[cursor.Key] >= OutboxRelay.PageSize)
            )
            {
                return;
            }

            now = new(passed, StringComparer.Ordinal);
        }

        await source.AcknowledgeAsync(now);
        lock (turn)
        {
            foreach (var (destination, sequence) in now)
            {
                stored[destination] = Math.Max(stored[destination], sequence);
            }
        }
    }

    /// <summary>Completes when there may be more for the destination.</summary>
    public Task WaitAsync(string destination, CancellationToken cancellationToken)
    {
        lock (turn)
        {
            return source.WaitAsync(passed[destination], cancellationToken);
        }
    }

    /// <summary>Halves, because thousands of entries may be there for a slow destination while a fast one reads at their end.</summary>
    private int IndexAfter(long cursor)
    {
        var (first, end) = (0, newest.Count);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = newest[middle].Sequence > cursor ? (first, middle) : (middle + 1, end);
        }

        return first;
    }
}
