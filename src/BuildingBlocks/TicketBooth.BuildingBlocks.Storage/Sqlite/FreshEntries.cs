using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// The newest entries of an outbox as they were written. While the relay keeps up, it takes them from here with the messages that they were
/// made of, so nothing is read from the file or decoded. What is not here is in the file.
/// </summary>
internal sealed class FreshEntries
{
    private const int Most = 8192;

    private readonly Lock turn = new();

    // Without gaps.
    private readonly Queue<OutboxEntry> entries = new();
    private long last;

    /// <summary>Adds what is on disk now.</summary>
    public void Add(IReadOnlyList<OutboxEntry> written)
    {
        lock (turn)
        {
            if (written[0].Sequence <= last)
            {
                // Of two writes the later one came first.
                return;
            }

            if (written[0].Sequence > last + 1)
            {
                entries.Clear();
            }

            foreach (var entry in written)
            {
                entries.Enqueue(entry);
            }

            last = written[^1].Sequence;
            while (entries.Count > Most)
            {
                entries.Dequeue();
            }
        }
    }

    /// <summary>Hands out the entries that come right after this sequence, once; none when they are not here.</summary>
    public IReadOnlyList<OutboxEntry> Take(long sequence, int limit)
    {
        lock (turn)
        {
            while (entries.TryPeek(out var passed) && passed.Sequence <= sequence)
            {
                entries.Dequeue();
            }

            var next = new List<OutboxEntry>(Math.Min(limit, entries.Count));
            if (entries.TryPeek(out var first) && first.Sequence == sequence + 1)
            {
                while (next.Count < limit && entries.TryDequeue(out var entry))
                {
                    next.Add(entry);
                }
            }

            return next;
        }
    }
}
