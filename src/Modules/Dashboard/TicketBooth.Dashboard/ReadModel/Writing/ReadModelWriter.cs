using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Storage.Relational.Statements;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>
/// Applies updates to the read model. All updates that wait at a moment share one transaction, so a peak costs a commit per batch and not
/// one per message. Writers on several hosts take turns: a transaction's first statement locks the row that holds the version.
/// </summary>
internal sealed class ReadModelWriter(
    [FromKeyedServices(DashboardDbContext.Module)] RelationalStorage storage,
    DashboardZone zone,
    ReadModelChanges changes,
    IOutageDetector outages
) : BackgroundService, IBatchWriter<ReadModelUpdate>
{
    private const int MostWaiting = 1024;
    private const int LargestBatch = 2048;

    private readonly Channel<Item> waiting = Channel.CreateBounded<Item>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private readonly SqlWriter writer = new(storage);

    /// <summary>Completes when the updates are stored durably. Fails as the store does; then nothing of the updates was stored.</summary>
    public async Task ApplyAsync(IReadOnlyList<ReadModelUpdate> changes, CancellationToken cancellationToken)
    {
        var item = new Item(changes);
        await waiting.Writer.WriteAsync(item, cancellationToken);
        await item.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// For the rebuild: reads a page of the ledger and applies it, past the queue. The ledger is read while no other writer can write, so
    /// it is at least as new as the read model, and replaces the rows.
    /// </summary>
    public Task ApplyLedgerAsync(Func<Task<IReadOnlyList<ReadModelUpdate>>> read, CancellationToken cancellationToken) =>
        WriteAsync(async (tables, generation) => await MergeAsync(tables, await read(), generation), cancellationToken);

    /// <summary>Runs <paramref name="write"/> as the only writer, in one transaction. It gets the number of the latest rebuild.</summary>
    public async Task WriteAsync(Func<ReadModelTables, long, Task> write, CancellationToken cancellationToken)
    {
        var written = await writer.WriteAsync(
            async sql =>
            {
                var tables = new ReadModelTables(sql, cancellationToken);
                var (version, generation) = await tables.LockAsync();
                await write(tables, generation);
                return version;
            },
            cancellationToken
        );
        await changes.PublishAsync(written);
    }

    public override void Dispose()
    {
        base.Dispose();
        writer.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Item>();
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            for (var updates = 0; updates < LargestBatch && waiting.Reader.TryRead(out var item); updates += item.Updates.Count)
            {
                batch.Add(item);
            }

            await ApplyAsync(batch, stoppingToken);
        }
    }

    /// <summary>Applies a batch. Its outcome, whatever that is, goes to the consumers that wait for it; they retry.</summary>
    private async Task ApplyAsync(List<Item> batch, CancellationToken cancellationToken)
    {
        var written = WriteAsync(
            (tables, generation) => MergeAsync(tables, [.. batch.SelectMany(item => item.Updates)], generation),
            cancellationToken
        );
        await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (batch.Count > 1 && written.Exception?.InnerException is { } failure && !outages.IsOutage(failure))
        {
            // One of them cannot be written. They are written one by one, so that the others do not wait until it is a failed message.
            foreach (var item in batch)
            {
                await ApplyAsync([item], cancellationToken);
            }

            return;
        }

        batch.ForEach(item => item.Done.TrySetFromTask(written));
    }

    private async Task MergeAsync(ReadModelTables tables, IReadOnlyList<ReadModelUpdate> updates, long generation)
    {
        await MergeOrdersAsync(tables, [.. updates.OfType<OrderUpdate>()], generation);
        await MergePaymentsAsync(tables, [.. updates.OfType<PaymentUpdate>()], generation);
        await MergePassagesAsync(tables.Doors, [.. updates.OfType<PassageUpdate>()], generation);
        await MergeEventsAsync(tables, [.. updates.OfType<EventUpdate>().Where(update => update.Facts.IsPublished)]);
    }

    private async Task MergeOrdersAsync(ReadModelTables tables, List<OrderUpdate> updates, long generation)
    {
        if (updates.Count == 0)
        {
            return;
        }

        var rows = await tables.OrdersAsync(updates.Select(update => update.OrderId).ToHashSet());
        var merged = new Dictionary<Guid, OrderRow>();
        var sales = new SalesSums(zone.Zone);
        foreach (var update in updates)
        {
            var before = rows.GetValueOrDefault(update.OrderId);
            var after = update.Merge(before, generation);
            if (!ReferenceEquals(after, before))
            {
                sales.Add(before, after);
                rows[after.Id] = merged[after.Id] = after;
            }
        }

        await tables.WriteAsync(merged.Values);
        await tables.AddAsync(sales.BySpan());
    }

    private static async Task MergePaymentsAsync(ReadModelTables tables, List<PaymentUpdate> updates, long generation)
    {
        if (updates.Count == 0)
        {
            return;
        }

        var rows = await tables.PaymentsAsync(updates.Select(update => update.PaymentId).ToHashSet());
        var merged = new Dictionary<Guid, PaymentRow>();
        foreach (var update in updates)
        {
            var before = rows.GetValueOrDefault(update.PaymentId);
            var after = update.Merge(before, generation);
            if (after != before)
            {
                rows[after.Id] = merged[after.Id] = after;
            }
        }

        await tables.WriteAsync(merged.Values);
    }

    private static async Task MergePassagesAsync(DoorTables doors, List<PassageUpdate> updates, long generation)
    {
        if (updates.Count == 0)
        {
            return;
        }

        var rows = await doors.PassagesAsync(updates.Select(update => update.TicketId).ToHashSet());
        var byTicket = rows.GroupBy(row => row.TicketId).ToDictionary(same => same.Key, same => same.ToDictionary(row => row.Id));
        var merged = new List<PassageRow>();
        var changes = new DoorChanges();
        foreach (var ofTicket in updates.GroupBy(update => update.TicketId))
        {
            var before = byTicket.GetValueOrDefault(ofTicket.Key, []);
            var after = new Dictionary<Guid, PassageRow>(before);
            foreach (var update in ofTicket)
            {
                after[update.ScanId] = update.Merge(after.GetValueOrDefault(update.ScanId), generation);
            }

            var changed = after.Values.Where(row => row != before.GetValueOrDefault(row.Id)).ToList();
            if (changed.Count > 0)
            {
                merged.AddRange(changed);
                changes.Add(before.Values, after.Values);
            }
        }

        await doors.WriteAsync(merged);
        await doors.AddAsync(changes.Sums);
    }

    private static async Task MergeEventsAsync(ReadModelTables tables, List<EventUpdate> updates)
    {
        if (updates.Count == 0)
        {
            return;
        }

        var versions = await tables.EventVersionsAsync(updates.Select(update => update.Facts.Id).ToHashSet());
        var newest = updates.GroupBy(update => update.Facts.Id).Select(same => same.MaxBy(update => update.Facts.Version)!);
        await tables.WriteAsync(
            newest
                .Where(update => update.IsLedger || update.Facts.Version >= versions.GetValueOrDefault(update.Facts.Id))
                .Select(update => update.ToRow())
        );
    }

    private sealed record Item(IReadOnlyList<ReadModelUpdate> Updates)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
