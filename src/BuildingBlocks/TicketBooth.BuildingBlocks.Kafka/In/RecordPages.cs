using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>
/// Hands records to one module by the page: all that wait when a page begins. Several pages are under way at the same time, so that a
/// message that delays its page does not delay the module.
/// </summary>
/// <remarks>The waiting records have different keys: a partition gives the next record of a key only after the last one ended.</remarks>
internal sealed class RecordPages(IMessageDestination module, SalesPauses pauses)
{
    internal const int MostAtOnce = 4;

    private const int LargestPage = 512;

    private readonly Queue<Waiting> waiting = new();
    private readonly Lock turn = new();
    private int underWay;

    /// <summary>Completes when the module has processed the entry. Fails as the module does, or when it is canceled.</summary>
    public async Task DeliverAsync(OutboxEntry entry, string source, CancellationToken cancellationToken)
    {
        // Joins another page when its own was canceled because of another record, whose partition went to another host.
        while (!await JoinAsync(new Waiting(entry, source, cancellationToken)).WaitAsync(cancellationToken)) { }
    }

    private Task<bool> JoinAsync(Waiting one)
    {
        lock (turn)
        {
            waiting.Enqueue(one);
            if (underWay < MostAtOnce)
            {
                underWay++;
                _ = Task.Run(RunAsync);
            }
        }

        return one.Outcome.Task;
    }

    /// <summary>Delivers pages until no record waits.</summary>
    private async Task RunAsync()
    {
        if (module.YieldsToSales)
        {
            await pauses.WaitAsync(pauses.Now, CancellationToken.None);
        }

        while (Next() is { Count: > 0 } page)
        {
            foreach (var same in page.GroupBy(one => one.Source, StringComparer.Ordinal))
            {
                await DeliverAsync([.. same], same.Key);
            }
        }
    }

    private List<Waiting> Next()
    {
        lock (turn)
        {
            var page = new List<Waiting>(Math.Min(waiting.Count, LargestPage));
            while (page.Count < LargestPage && waiting.TryDequeue(out var one))
            {
                if (!one.Canceled.IsCancellationRequested)
                {
                    page.Add(one);
                }
            }

            if (page.Count == 0)
            {
                underWay--;
            }

            return page;
        }
    }

    private async Task DeliverAsync(List<Waiting> page, string source)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource([.. page.Select(one => one.Canceled).Distinct()]);
        var delivering = module.DeliverAsync([.. page.Select(one => one.Entry)], source, end.Token);

        // Not thrown here: a failure is handed to those who wait for the page, below.
        await ((Task)delivering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (end.IsCancellationRequested && !delivering.IsCompletedSuccessfully)
        {
            page.ForEach(one => one.Outcome.TrySetResult(false));
        }
        else if (delivering.IsCompletedSuccessfully)
        {
            var left = (await delivering).Select(entry => entry.MessageId).ToHashSet();
            page.ForEach(one => one.Outcome.TrySetResult(!left.Contains(one.Entry.MessageId)));
        }
        else
        {
            var failure = delivering.Exception?.InnerException ?? new TaskCanceledException(delivering);
            page.ForEach(one => one.Outcome.TrySetException(failure));
        }
    }

    private sealed record Waiting(OutboxEntry Entry, string Source, CancellationToken Canceled)
    {
        /// <summary>False when the entry is to be delivered again.</summary>
        public TaskCompletionSource<bool> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
