using System.Diagnostics;
using System.Threading.Channels;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// The one writer of a shard. It takes all items that are waiting, decides them, and writes them as one atomic batch; each caller gets its
/// own outcome once that is durable. While one batch is being written the next one gathers, so the lane is as fast as the disk and never
/// does work per waiting caller. A full lane refuses instead of growing.
/// </summary>
/// <remarks>
/// The lane proposes, the store's unique index decides (promise I1). What the lane remembers (<see cref="TicketMaps"/>) only spares it
/// proposals that would fail.
/// </remarks>
internal sealed partial class PurchaseLane : IAsyncDisposable
{
    private const int LargestBatch = 512;
    private const int MostIdlePasses = 8;

    // A store that fails at once keeps nobody waiting.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private readonly IOrderStore store;
    private readonly OnSaleCatalog catalog;
    private readonly BookingOptions options;
    private readonly SalesActivity sales;
    private readonly LaneMetrics metrics;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly bool hasLimits;
    private readonly Channel<LaneWork> queue;
    private readonly TicketMaps maps;
    private readonly KnownBuyers buyers = new();
    private readonly TakenTickets taken;
    private readonly TicketBlockWriter blocks;
    private readonly Task running;
    private long workedAt;
    private bool rests = true;

    /// <param name="isOnlyWriter">No other lane, of this host or another one, writes the store.</param>
    public PurchaseLane(
        IOrderStore store,
        OnSaleCatalog catalog,
        BookingOptions options,
        SalesActivity sales,
        LaneMetrics metrics,
        TimeProvider clock,
        ILogger logger,
        bool isOnlyWriter = false
    )
    {
        (this.store, this.catalog, this.options, this.sales) = (store, catalog, options, sales);
        (this.metrics, this.clock, this.logger) = (metrics, clock, logger);
        queue = Channel.CreateBounded<LaneWork>(new BoundedChannelOptions(options.LaneCapacity) { SingleReader = true });
        hasLimits = !BuyerLimits.Of(options).AreOff;
        taken = new TakenTickets(isOnlyWriter);
        maps = new TicketMaps(store, taken, clock);
        blocks = new TicketBlockWriter(store, maps, catalog, metrics, clock);
        workedAt = clock.GetTimestamp();
        running = Task.Run(RunAsync);
    }

    /// <summary>How many items are waiting.</summary>
    public int Depth => queue.Reader.Count;

    /// <summary>
    /// Whether the lane would refuse a new order of these tickets with <c>ticket-taken</c>, without naming an order of the buyer's own.
    /// False also when only the lane can say that.
    /// </summary>
    public bool IsKnownToRefuse(IReadOnlyList<Guid> ticketIds, BuyerOfEvent buyer) =>
        taken.AreOfOthers(ticketIds, buyer.BuyerId, clock.GetUtcNow()) && (!hasLimits || !buyers.Contains(buyer));

    /// <summary>A person's request: refused with <c>busy</c> when the lane is full or closing.</summary>
    public Task<Result<T>> TryAsync<T>(LaneWork<T> item) =>
        !queue.Writer.TryWrite(item) ? Task.FromResult<Result<T>>(BookingErrors.Busy)
        : item.Trace is null ? item.Outcome
        : TraceAsync(item.Outcome);

    /// <summary>Work that must not be refused (confirmations, expiry): waits for a place.</summary>
    public async Task<Result<Order>> RunAsync(LaneItem item, CancellationToken cancellationToken)
    {
        await queue.Writer.WriteAsync(item, cancellationToken);
        return await TraceAsync(item.Outcome);
    }

    /// <summary>
    /// Lets the lane forget what spares it reads while an event sells, when it has had nothing to do for a while: some megabytes of a shard
    /// that has sold.
    /// </summary>
    public void RestAfter(TimeSpan idle)
    {
        if (!Volatile.Read(ref rests) && clock.GetElapsedTime(Volatile.Read(ref workedAt)) >= idle)
        {
            // A full lane has no time for it.
            queue.Writer.TryWrite(new RestWork());
        }
    }

    /// <summary>Accepts nothing more, and finishes everything it has accepted.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await running;
    }

    /// <summary>How long a request waits for its outcome; the writing itself is the span of the batch.</summary>
    private static async Task<Result<T>> TraceAsync<T>(Task<Result<T>> outcome)
    {
        using var span = Tracing.Start("wait for lane");
        return await outcome;
    }

    private async Task RunAsync()
    {
        // The lane outlives the request that opened its shard.
        Activity.Current = null;
        var batch = new List<LaneWork>(LargestBatch);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            if (batch.RemoveAll(item => item is RestWork) > 0 && batch.Count == 0)
            {
                maps.Rest();
                buyers.Clear();
                Volatile.Write(ref rests, true);
                continue;
            }

            Volatile.Write(ref workedAt, clock.GetTimestamp());
            Volatile.Write(ref rests, false);
            sales.Begin();
            metrics.Batch(batch.Count);
            var began = clock.GetTimestamp();
            try
            {
                using var span = Tracing.StartJoined("write lane batch", ActivityKind.Internal, batch.Select(item => item.Trace));
                span?.SetTag("ticketbooth.batch.size", batch.Count);
                await ProcessAsync(batch);
            }
#pragma warning disable CA1031 // every caller of the batch gets the failure; the lane must live on for the next ones
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogBatchFailed(logger, failure, batch.Count);
                maps.DiscardAll();
                batch.ForEach(item => item.Fail(failure));
                if (clock.GetElapsedTime(began) >= Slow)
                {
                    FailWaiting(failure);
                }
            }

            sales.End();
            batch.Clear();
        }
    }

    /// <summary>
    /// The store did not answer for a long time. Whoever waited while it was asked is not kept waiting as long again: nothing was tried for
    /// them, and what comes from now on tries again.
    /// </summary>
    private void FailWaiting(Exception failure)
    {
        for (var waiting = Depth; waiting > 0 && queue.Reader.TryRead(out var item); waiting--)
        {
            item.Fail(failure);
        }
    }

    private async Task ProcessAsync(List<LaneWork> batch)
    {
        foreach (var block in batch.OfType<BlockItem>())
        {
            await blocks.WriteAsync(block);
        }

        var waiting = batch.OfType<LaneItem>().ToList();
        for (var idlePasses = 0; waiting.Count > 0 && idlePasses < MostIdlePasses;)
        {
            var before = waiting.Count;
            waiting = await new LaneBatch(store, maps, buyers, catalog, options, metrics, clock).RunAsync(waiting);
            idlePasses = waiting.Count < before ? 0 : idlePasses + 1;
        }

        foreach (var item in waiting)
        {
            // Only another host that keeps winning the same tickets can lead here.
            maps.Unmark(item);
            item.Complete(BookingErrors.Busy);
        }
    }

    [LoggerMessage(
        EventId = 4000,
        Level = LogLevel.Error,
        Message = "A batch of {Count} items could not be written; every caller gets the error"
    )]
    private static partial void LogBatchFailed(ILogger logger, Exception failure, int count);
}
