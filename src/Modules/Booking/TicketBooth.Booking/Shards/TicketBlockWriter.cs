using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Shards;

/// <summary>
/// Blocks and releases tickets for staff, between the batches of a lane. As with orders, the lane's map only proposes, the store's unique
/// index decides, and nobody is refused by the map alone.
/// </summary>
internal sealed class TicketBlockWriter(IOrderStore store, TicketMaps maps, OnSaleCatalog catalog, LaneMetrics metrics, TimeProvider clock)
{
    private const int MostAttempts = 8;

    public async Task WriteAsync(BlockItem item) =>
        item.Complete(
            item switch
            {
                BlockTicketsItem block => await BlockAsync(block),
                ReleaseBlockItem release => await ReleaseAsync(release),
                _ => throw new ArgumentOutOfRangeException(nameof(item), item, "Not a request about a block."),
            }
        );

    private async Task<Result<TicketBlock>> BlockAsync(BlockTicketsItem item)
    {
        var wanted = item.Block;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            // A repeated request whose answer was lost finds its block, whatever became of the event since.
            if (await store.Blocks.FindAsync(wanted.Id) is { } existing)
            {
                return existing;
            }

            var chosen = await ChooseAsync(item);
            if (chosen.Error is { } refusal)
            {
                return refusal;
            }

            var block = wanted with { Tickets = TicketNumbers.RangesOf(chosen.Value), At = clock.GetUtcNow() };
            switch (await store.Blocks.AddAsync(block))
            {
                case WriteOutcome.Written:
                    maps.Apply(block);
                    return block;
                case WriteOutcome.TicketTaken:
                    maps.Forget(wanted.EventId);
                    break;
            }
        }

        return BookingErrors.Busy;
    }

    /// <summary>The numbers to block; or why there are none, which is true at the store.</summary>
    private async Task<Result<int[]>> ChooseAsync(BlockTicketsItem item)
    {
        var eventId = item.Block.EventId;
        if (catalog.Newest(eventId) is not { IsCanceled: false } sale)
        {
            return BookingErrors.EventCanceled;
        }

        var tier = sale.TicketsOf(item.TierId);
        var chosen = BlockRules.Choose(eventId, item.Block.Tickets, tier, item.Quantity, await maps.OfAsync(eventId));
        if (chosen.IsSuccess)
        {
            return chosen;
        }

        await new OverdueHolds(store, maps, metrics, changing: [], clock.GetUtcNow()).ReleaseAllAsync();
        maps.Forget(eventId);
        return BlockRules.Choose(eventId, item.Block.Tickets, tier, item.Quantity, await maps.OfAsync(eventId));
    }

    private async Task<Result<TicketBlock>> ReleaseAsync(ReleaseBlockItem item)
    {
        while (true)
        {
            if (await store.Blocks.FindAsync(item.BlockId) is not { } block)
            {
                return BookingErrors.TicketBlockNotFound;
            }

            var released = block.Release(item.By, clock.NotBefore(block.At));
            if (released.Error is not null || block.IsReleased)
            {
                return released;
            }

            if (await store.Blocks.ReleaseAsync(released.Value))
            {
                maps.Apply(released.Value);
                return released;
            }
        }
    }
}
