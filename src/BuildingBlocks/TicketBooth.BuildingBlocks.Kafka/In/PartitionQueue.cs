using System.Diagnostics;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>
/// The records of one assigned partition on their way to their effect: those of one key one after the other, different keys side by side. Says up
/// to where all of them had their effect.
/// </summary>
/// <param name="effect">Completes when the record had its effect. Throws only after it was cancelled: then somebody else will see to the record.</param>
internal sealed class PartitionQueue<TRecord>(Func<TRecord, CancellationToken, Task> effect) : IDisposable
{
    // Monitor's wait and pulse need an object of the old kind.
#pragma warning disable MA0158
    private readonly object gate = new();
#pragma warning restore MA0158
    private readonly Dictionary<Guid, Queue<(long Offset, TRecord Record)>> waiting = [];
    private readonly Queue<long> open = new();
    private readonly HashSet<long> done = [];
    private readonly CancellationTokenSource cancellation = new();
    private int inHand;
    private long? settled;
    private bool isSettledTaken;
    private bool closing;

    /// <summary>For the one thread that polls the brokers.</summary>
    public bool IsPaused { get; set; }

    /// <summary>How many records were taken and have not had their effect.</summary>
    public int InHand
    {
        get
        {
            lock (gate)
            {
                return inHand;
            }
        }
    }

    /// <summary>The first offset without effect; null while nothing has come.</summary>
    public long? Position
    {
        get
        {
            lock (gate)
            {
                return open.TryPeek(out var first) ? first : settled;
            }
        }
    }

    /// <summary>Takes a record; offsets ascend. Never waits.</summary>
    public void Take(long offset, Guid key, TRecord record)
    {
        lock (gate)
        {
            open.Enqueue(offset);
            inHand++;
            if (waiting.TryGetValue(key, out var queue))
            {
                queue.Enqueue((offset, record));
                return;
            }

            waiting.Add(key, new Queue<(long, TRecord)>());
        }

        var cancelled = cancellation.Token;
        _ = Task.Run(() => RunAsync(key, offset, record, cancelled));
    }

    /// <summary>Passes over a record that has no effect here.</summary>
    public void Skip(long offset)
    {
        lock (gate)
        {
            open.Enqueue(offset);
            Settle(offset);
        }
    }

    /// <summary>The offset after the last record before which, and with which, all had their effect.</summary>
    /// <returns>Null when it has not moved since it was last asked for.</returns>
    public long? TakeSettled()
    {
        lock (gate)
        {
            var result = isSettledTaken ? null : settled;
            isSettledTaken = true;
            return result;
        }
    }

    /// <summary>Waits until fewer than <paramref name="room"/> records are in hand.</summary>
    /// <returns>False when that took too long.</returns>
    public bool WaitForRoom(int room, TimeSpan timeout) => WaitUntil(() => inHand < room, timeout);

    /// <summary>Begins with no further record; what is under way may end.</summary>
    public void Close()
    {
        lock (gate)
        {
            closing = true;
        }
    }

    /// <summary>After <see cref="Close"/>: waits for what is under way.</summary>
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
                await effect(record, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                // However it took the cancellation. Its offset stays open, so whoever has the partition next is given it again.
                End(key);
                return;
            }

            lock (gate)
            {
                inHand--;
                Settle(offset);
                if (closing || !waiting[key].TryDequeue(out var next))
                {
                    End(key);
                    return;
                }

                Monitor.PulseAll(gate);
                (offset, record) = next;
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

    private void Settle(long offset)
    {
        if (open.Peek() != offset)
        {
            done.Add(offset);
            return;
        }

        do
        {
            settled = open.Dequeue() + 1;
            isSettledTaken = false;
        } while (open.TryPeek(out var next) && done.Remove(next));
    }

    private bool WaitUntil(Func<bool> isSo, TimeSpan timeout)
    {
        var start = Stopwatch.GetTimestamp();
        lock (gate)
        {
            while (!isSo())
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
