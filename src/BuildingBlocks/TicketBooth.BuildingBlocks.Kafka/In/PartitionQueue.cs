using System.Diagnostics;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>
/// The records of one assigned partition that are under way: those of one key are processed one after the other, different keys at the
/// same time. Knows the offset before which all records are processed.
/// </summary>
/// <param name="process">
/// Completes when the record is processed. Throws only after it was canceled: then the partition's next owner processes the record.
/// </param>
internal sealed class PartitionQueue<TRecord>(Func<TRecord, CancellationToken, Task> process) : IDisposable
{
    // Monitor.Wait and PulseAll do not work with the new Lock type.
#pragma warning disable MA0158
    private readonly object gate = new();
#pragma warning restore MA0158
    private readonly Dictionary<Guid, Queue<(long Offset, TRecord Record)>> waiting = [];
    private readonly Queue<long> unprocessed = new();
    private readonly HashSet<long> processedEarly = [];
    private readonly CancellationTokenSource cancellation = new();
    private int inFlight;
    private long? next;
    private bool isNextTaken;
    private bool closing;

    /// <summary>Whether the consumer has paused the partition. Only for the thread that polls.</summary>
    public bool IsPaused { get; set; }

    /// <summary>How many queued records are not processed yet.</summary>
    public int InFlight
    {
        get
        {
            lock (gate)
            {
                return inFlight;
            }
        }
    }

    /// <summary>The first offset that is not processed; null while no record has come.</summary>
    public long? Position
    {
        get
        {
            lock (gate)
            {
                return unprocessed.TryPeek(out var first) ? first : next;
            }
        }
    }

    /// <summary>Adds a record; offsets ascend. Never waits.</summary>
    public void Enqueue(long offset, Guid key, TRecord record)
    {
        lock (gate)
        {
            unprocessed.Enqueue(offset);
            inFlight++;
            if (waiting.TryGetValue(key, out var queue))
            {
                queue.Enqueue((offset, record));
                return;
            }

            waiting.Add(key, new Queue<(long, TRecord)>());
        }

        var canceled = cancellation.Token;
        _ = Task.Run(() => RunAsync(key, offset, record, canceled));
    }

    /// <summary>Counts a record as processed that the module does not consume.</summary>
    public void Skip(long offset)
    {
        lock (gate)
        {
            unprocessed.Enqueue(offset);
            Complete(offset);
        }
    }

    /// <summary>The offset to commit: every record before it is processed.</summary>
    /// <returns>Null when it has not changed since the last call.</returns>
    public long? TakeProcessed()
    {
        lock (gate)
        {
            var result = isNextTaken ? null : next;
            isNextTaken = true;
            return result;
        }
    }

    /// <summary>Waits until fewer than <paramref name="capacity"/> records are in flight.</summary>
    /// <returns>False when that took too long.</returns>
    public bool WaitForCapacity(int capacity, TimeSpan timeout) => WaitUntil(() => inFlight < capacity, timeout);

    /// <summary>Starts no further record; those under way may finish.</summary>
    public void Close()
    {
        lock (gate)
        {
            closing = true;
        }
    }

    /// <summary>After <see cref="Close"/>: waits for the records under way.</summary>
    /// <returns>False when that took too long.</returns>
    public bool WaitForEnd(TimeSpan timeout) => WaitUntil(() => waiting.Count == 0, timeout);

    public void Cancel() => cancellation.Cancel();

    public void Dispose() => cancellation.Dispose();

    private async Task RunAsync(Guid key, long offset, TRecord record, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await process(record, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                // Whatever it threw. The offset is not committed, so the next owner of the partition gets the record again.
                End(key);
                return;
            }

            lock (gate)
            {
                inFlight--;
                Complete(offset);
                if (closing || !waiting[key].TryDequeue(out var following))
                {
                    End(key);
                    return;
                }

                Monitor.PulseAll(gate);
                (offset, record) = following;
            }
        }
    }

    private void End(Guid key)
    {
        lock (gate)
        {
            waiting.Remove(key);
            Monitor.PulseAll(gate);
        }
    }

    private void Complete(long offset)
    {
        if (unprocessed.Peek() != offset)
        {
            processedEarly.Add(offset);
            return;
        }

        do
        {
            next = unprocessed.Dequeue() + 1;
            isNextTaken = false;
        } while (unprocessed.TryPeek(out var following) && processedEarly.Remove(following));
    }

    private bool WaitUntil(Func<bool> condition, TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        lock (gate)
        {
            while (!condition())
            {
                var left = timeout - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                Monitor.Wait(gate, left);
            }

            return true;
        }
    }
}
