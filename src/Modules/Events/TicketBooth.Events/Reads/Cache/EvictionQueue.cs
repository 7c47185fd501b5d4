namespace TicketBooth.Events.Reads.Cache;

/// <summary>
/// Evicts one event at a time: while an eviction of it is being sent, all who evict it again share the next one, which begins after the
/// last of their changes. At a peak an event changes thousands of times a second.
/// </summary>
/// <param name="send">Sends an eviction. Never fails.</param>
internal sealed class EvictionQueue(Func<Guid, Task> send)
{
    private readonly Lock turn = new();
    private readonly Dictionary<Guid, Waiting> queues = [];

    /// <summary>Completes when an eviction that began after the call was sent.</summary>
    public Task EvictAsync(Guid eventId)
    {
        Waiting queue;
        lock (turn)
        {
            if (queues.TryGetValue(eventId, out var waiting))
            {
                return (waiting.Next ??= Waiting.New()).Task;
            }

            queues.Add(eventId, queue = new Waiting());
        }

        var first = queue.Current.Task;
        _ = SendAllAsync(eventId, queue);
        return first;
    }

    private async Task SendAllAsync(Guid eventId, Waiting queue)
    {
        while (true)
        {
            await send(eventId);
            queue.Current.SetResult();
            lock (turn)
            {
                if (queue.Next is null)
                {
                    queues.Remove(eventId);
                    return;
                }

                (queue.Current, queue.Next) = (queue.Next, null);
            }
        }
    }

    /// <summary>Who waits for evictions of one event.</summary>
    private sealed class Waiting
    {
        public TaskCompletionSource Current { get; set; } = New();

        public TaskCompletionSource? Next { get; set; }

        public static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
