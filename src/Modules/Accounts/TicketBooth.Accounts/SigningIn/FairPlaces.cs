namespace TicketBooth.Accounts.SigningIn;

/// <summary>
/// A few places that many clients want. Clients take turns, whatever number of requests each has: one that sends a thousand waits for
/// itself, and somebody else's single request comes next but one.
/// </summary>
internal sealed class FairPlaces(int places, int longestQueue, int longestQueueOfClient)
{
    private readonly Lock turn = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource<bool>>> waiting = new(StringComparer.Ordinal);

    // Each waiting client once, in the order of their turns.
    private readonly Queue<string> turns = new();
    private int free = places;
    private int count;

    /// <summary>Waits for a place. False when too many are waiting; true must be followed by <see cref="Leave"/>.</summary>
    public async Task<bool> EnterAsync(string client, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<bool>>? own;
        lock (turn)
        {
            if (free > 0)
            {
                free--;
                return true;
            }

            own = Enqueue(client);
        }

        if (own is null)
        {
            return false;
        }

        await using var canceled = cancellationToken.Register(() => Cancel(own, cancellationToken));
        return await own.Value.Task;
    }

    /// <summary>Gives a place back; the next client in turn gets it.</summary>
    public void Leave()
    {
        lock (turn)
        {
            while (turns.TryDequeue(out var client))
            {
                var queue = waiting[client];
                if (queue.First is not { } next)
                {
                    // All of its requests were canceled.
                    waiting.Remove(client);
                    continue;
                }

                Remove(next);
                if (queue.Count == 0)
                {
                    waiting.Remove(client);
                }
                else
                {
                    turns.Enqueue(client);
                }

                next.Value.SetResult(true);
                return;
            }

            free++;
        }
    }

    /// <summary>Null when there is no room for another request of this client.</summary>
    private LinkedListNode<TaskCompletionSource<bool>>? Enqueue(string client)
    {
        var length = waiting.TryGetValue(client, out var queue) ? queue.Count : 0;
        if (length >= longestQueueOfClient || (count >= longestQueue && !TurnAwayFromLongerThan(length)))
        {
            return null;
        }

        if (queue is null)
        {
            waiting.Add(client, queue = new LinkedList<TaskCompletionSource<bool>>());
            turns.Enqueue(client);
        }

        count++;
        return queue.AddLast(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>Makes room by turning away the last request of whoever has most; false when nobody has clearly more.</summary>
    private bool TurnAwayFromLongerThan(int length)
    {
        var longest = waiting.Values.MaxBy(queue => queue.Count)!;
        if (longest.Count <= length + 1)
        {
            return false;
        }

        var last = longest.Last!;
        Remove(last);
        last.Value.SetResult(false);
        return true;
    }

    private void Cancel(LinkedListNode<TaskCompletionSource<bool>> request, CancellationToken cancellationToken)
    {
        lock (turn)
        {
            if (request.List is not null)
            {
                Remove(request);
                request.Value.SetCanceled(cancellationToken);
            }
        }
    }

    private void Remove(LinkedListNode<TaskCompletionSource<bool>> request)
    {
        request.List!.Remove(request);
        count--;
    }
}
