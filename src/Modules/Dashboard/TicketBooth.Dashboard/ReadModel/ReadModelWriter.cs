using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>
/// Takes news into the read model. All that wait at a moment go in with one transaction, so following a peak costs a commit per page of messages and not one
/// per message. Writers on several hosts take turns: the first statement of a transaction locks the row that counts the versions.
/// </summary>
internal sealed class ReadModelWriter(
    [FromKeyedServices(DashboardDbContext.Module)] RelationalStorage storage,
    DashboardZone zone,
    ReadModelChanges changes,
    IOutageDetector outages
) : BackgroundService
{
    private const int LargestBatch = 256;

    private readonly Channel<Item> waiting = Channel.CreateBounded<Item>(
        new BoundedChannelOptions(4 * LargestBatch) { SingleReader = true }
    );

    /// <summary>Completes when the news is in the read model, durably. Fails as the store does; then nothing of it was taken in.</summary>
    public async Task ApplyAsync(News news, CancellationToken cancellationToken)
    {
        var item = new Item(news);
        await waiting.Writer.WriteAsync(item, cancellationToken);
        await item.Done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Asks for a page of the ledger and takes it in, past the queue: for the rebuild. The ledger is read while nothing else is written, so it knows whatever the
    /// read model has been told, and its word replaces what is there.
    /// </summary>
    public Task TakeOverAsync(Func<Task<IReadOnlyList<News>>> read, CancellationToken cancellationToken) =>
        WriteAsync(async (tables, generation) => await MergeAsync(tables, await read(), generation), cancellationToken);

    /// <summary>Runs <paramref name="write"/> as the only writer, in one transaction; it gets the number of the latest rebuild.</summary>
    public async Task WriteAsync(Func<ReadModelTables, long, Task> write, CancellationToken cancellationToken)
    {
        await using var connection = await storage.ConnectAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var tables = new ReadModelTables(transaction, cancellationToken);
        var (version, generation) = await tables.LockAsync();
        await write(tables, generation);
        await transaction.CommitAsync(cancellationToken);
        await changes.AnnounceAsync(version);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Item>(LargestBatch);
        while (await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < LargestBatch && waiting.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            await WriteAsync(batch, stoppingToken);
        }
    }

    private async Task WriteAsync(List<Item> batch, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(
                (tables, generation) => MergeAsync(tables, [.. batch.Select(item => item.News)], generation),
                cancellationToken
            );
            batch.ForEach(item => item.Done.TrySetResult());
        }
        catch (Exception failure) when (batch.Count > 1 && !outages.IsOutage(failure) && !cancellationToken.IsCancellationRequested)
        {
            // One of them cannot be written; the others must not wait for that one's dead letter.
            foreach (var item in batch)
            {
                await WriteAsync([item], cancellationToken);
            }
        }
#pragma warning disable CA1031 // the failure is the waiting consumers', which try again
        catch (Exception failure)
#pragma warning restore CA1031
        {
            batch.ForEach(item => item.Done.TrySetException(failure));
        }
    }

    private async Task MergeAsync(ReadModelTables tables, IReadOnlyList<News> news, long generation)
    {
        var orders = news.OfType<OrderNews>().ToList();
        if (orders.Count > 0)
        {
            var known = await tables.OrdersAsync(orders.Select(order => order.OrderId).ToHashSet());
            var (merged, sales) = MergeOrders(orders, known, generation);
            await tables.WriteAsync(merged);
            await tables.AddAsync(sales);
        }

        var payments = news.OfType<PaymentNews>().ToList();
        if (payments.Count > 0)
        {
            var rows = await tables.PaymentsAsync(payments.Select(payment => payment.PaymentId).ToHashSet());
            var merged = new Dictionary<Guid, PaymentRow>();
            foreach (var payment in payments)
            {
                var before = rows.GetValueOrDefault(payment.PaymentId);
                var after = payment.Merge(before, generation);
                if (after != before)
                {
                    rows[after.Id] = merged[after.Id] = after;
                }
            }

            await tables.WriteAsync(merged.Values);
        }

        var events = news.OfType<EventNews>().Where(shown => shown.Facts.IsPublished).ToList();
        if (events.Count > 0)
        {
            var versions = await tables.EventVersionsAsync(events.Select(shown => shown.Facts.Id).ToHashSet());
            var newest = events.GroupBy(shown => shown.Facts.Id).Select(same => same.MaxBy(shown => shown.Facts.Version)!);
            await tables.WriteAsync(
                newest
                    .Where(shown => shown.IsLedger || shown.Facts.Version >= versions.GetValueOrDefault(shown.Facts.Id))
                    .Select(shown => shown.ToRow())
            );
        }
    }

    private (IReadOnlyCollection<OrderRow> Merged, Dictionary<SalesKey, SalesFigures> Sales) MergeOrders(
        List<OrderNews> news,
        Dictionary<Guid, OrderRow> known,
        long generation
    )
    {
        var merged = new Dictionary<Guid, OrderRow>();
        var sales = new Dictionary<SalesKey, SalesFigures>();
        foreach (var order in news)
        {
            var before = known.GetValueOrDefault(order.OrderId);
            var after = order.Merge(before, generation);
            if (!ReferenceEquals(after, before))
            {
                Contributions.Add(sales, before, after, zone.Zone);
                known[after.Id] = merged[after.Id] = after;
            }
        }

        return (merged.Values, sales);
    }

    private sealed record Item(News News)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
