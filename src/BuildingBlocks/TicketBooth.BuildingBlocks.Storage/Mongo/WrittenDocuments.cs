using System.Threading.Channels;
using MongoDB.Bson;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>
/// What this host has written and not relayed yet: the ids of changed documents, and inserted batches with their messages.
/// </summary>
internal sealed class WrittenDocuments
{
    private const int MostSignals = 100_000;
    private const int MostMessages = 16_384;

    private readonly Channel<Signal> signals = Channel.CreateBounded<Signal>(MostSignals);
    private int messages;

    /// <summary>Whether the messages of another batch may be kept in memory.</summary>
    public bool HasRoom => Volatile.Read(ref messages) < MostMessages;

    /// <summary>False when there are too many; then the sweep finds the document.</summary>
    public bool TryAdd(BsonValue changed) => signals.Writer.TryWrite(new(changed, null));

    /// <summary>As the other overload.</summary>
    public bool TryAdd(InsertBatch batch)
    {
        Interlocked.Add(ref messages, batch.Written.Count);
        if (signals.Writer.TryWrite(new(null, batch)))
        {
            return true;
        }

        Interlocked.Add(ref messages, -batch.Written.Count);
        return false;
    }

    /// <summary>The oldest: about <paramref name="limit"/> documents, as a batch comes whole.</summary>
    public (HashSet<BsonValue> Changed, List<InsertBatch> Batches) Take(int limit)
    {
        var (changed, batches) = (new HashSet<BsonValue>(), new List<InsertBatch>());
        for (var count = 0; count < limit && signals.Reader.TryRead(out var signal);)
        {
            if (signal.Inserted is { } batch)
            {
                batches.Add(batch);
                count += batch.Written.Count;
                Interlocked.Add(ref messages, -batch.Written.Count);
            }
            else if (changed.Add(signal.Changed!))
            {
                count++;
            }
        }

        return (changed, batches);
    }

    /// <summary>Waits until there is something to take, for a while at most.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var due = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var signal = signals.Reader.WaitToReadAsync(due.Token).AsTask();
        await Task.WhenAny(signal, Task.Delay(atMost, clock, due.Token));
        await due.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private readonly record struct Signal(BsonValue? Changed, InsertBatch? Inserted);
}
