using System.Threading.Channels;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Sales;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Booking.Lanes;

/// <summary>
/// The one writer of a shard. It takes all that is waiting, decides it, and writes it as one atomic batch; each caller gets its own
/// outcome once that is durable. While a batch is on its way to disk the next one gathers, so the lane is as fast as the disk and
/// never does work per waiting caller. A full lane refuses instead of growing.
/// </summary>
/// <remarks>
/// The lane proposes, the store's unique index disposes (promise I1). What the lane remembers (<see cref="Occupancy"/>) only spares it
/// proposals that would fail; it is thrown away whenever the store says otherwise.
/// </remarks>
internal sealed partial class PurchaseLane : IAsyncDisposable
{
    private const int LargestBatch = 512;
    private const int MostIdleRounds = 8;
    private const int SweepPage = 1_000;

    private readonly IOrderStore store;
    private readonly SaleCatalog catalog;
    private readonly BookingOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly Channel<LaneItem> queue;
    private readonly Dictionary<Guid, Occupancy> occupancies = [];

    // Where to look first for the best tickets of an event that another host sells, too: there each has a region of its own instead of the same next ticket.
    private readonly Dictionary<Guid, double> starts = [];
    private readonly Task running;

    public PurchaseLane(IOrderStore store, SaleCatalog catalog, BookingOptions options, TimeProvider clock, ILogger logger)
    {
        (this.store, this.catalog, this.options, this.clock, this.logger) = (store, catalog, options, clock, logger);
        queue = Channel.CreateBounded<LaneItem>(new BoundedChannelOptions(options.LaneCapacity) { SingleReader = true });
        running = Task.Run(RunAsync);
    }

    /// <summary>How many are waiting.</summary>
    public int Depth => queue.Reader.Count;

    /// <summary>A buyer's wish: refused with <c>busy</c> when the lane is full or closing.</summary>
    public Task<Result<Order>> TryAsync(LaneItem item) =>
        queue.Writer.TryWrite(item) ? item.Outcome : Task.FromResult<Result<Order>>(OrderErrors.Busy);

    /// <summary>Work that must not be refused (confirmations, expiry): waits for a place.</summary>
    public async Task<Result<Order>> RunAsync(LaneItem item, CancellationToken cancellationToken)
    {
        await queue.Writer.WriteAsync(item, cancellationToken);
        return await item.Outcome;
    }

    /// <summary>Takes nothing new, and finishes everything it has accepted.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await running;
    }

    private async Task RunAsync()
    {
        var batch = new List<LaneItem>(LargestBatch);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
            }

            try
            {
                await ProcessAsync(batch);
            }
#pragma warning disable CA1031 // every caller of the batch is told; the lane must live on for the next ones
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogBatchFailed(logger, failure, batch.Count);
                occupancies.Clear();
                foreach (var item in batch)
                {
                    item.Fail(failure);
                }
            }

            batch.Clear();
        }
    }

    private async Task ProcessAsync(List<LaneItem> batch)
    {
        var waiting = batch;
        for (var idleRounds = 0; waiting.Count > 0 && idleRounds < MostIdleRounds; )
        {
            var before = waiting.Count;
            waiting = await new Round(this, clock.GetUtcNow()).RunAsync(waiting);
            idleRounds = waiting.Count < before ? 0 : idleRounds + 1;
        }

        foreach (var item in waiting)
        {
            // Only another host that keeps winning the same tickets can bring us here.
            Unmark(item);
            item.Complete(OrderErrors.Busy);
        }
    }

    private async ValueTask<Occupancy> OccupancyOfAsync(Guid eventId)
    {
        if (!occupancies.TryGetValue(eventId, out var occupancy))
        {
            occupancy = new Occupancy(await store.TakenNumbersAsync(eventId));
            occupancies.Add(eventId, occupancy);
        }

        return occupancy;
    }

    private void Mark(PlaceItem item, int[] numbers)
    {
        if (occupancies.TryGetValue(item.EventId, out var occupancy))
        {
            item.Marked.AddRange(numbers.Where(occupancy.Take));
        }
    }

    private void Unmark(LaneItem item)
    {
        if (item is PlaceItem place && occupancies.TryGetValue(place.EventId, out var occupancy))
        {
            place.Marked.ForEach(occupancy.Free);
            place.Marked.Clear();
        }
    }

    private void Take(Order order)
    {
        if (occupancies.TryGetValue(order.EventId, out var occupancy))
        {
            foreach (var ticket in order.Tickets)
            {
                occupancy.Take(ticket.Number);
            }
        }
    }

    private void Free(Order order)
    {
        if (occupancies.TryGetValue(order.EventId, out var occupancy))
        {
            foreach (var ticket in order.Tickets)
            {
                occupancy.Free(ticket.Number);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of {Count} could not be written; every caller is told")]
    private static partial void LogBatchFailed(ILogger logger, Exception failure, int count);
}
