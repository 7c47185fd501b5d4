using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Counter;

/// <summary>
/// Shifts and their entries. An entry is written with its order, in the order's shard. So that no entry gets into a shift that is closed,
/// each is announced to its shift first, and a close is refused while an announced one may still be written.
/// </summary>
internal sealed class ShiftBook(IShiftStore shifts, ShardRegistry shards, TimeProvider clock)
{
    private const int OrdersAtATime = 500;

    /// <summary>Announces an entry to the member of staff's open shift.</summary>
    /// <returns>Fails with <c>no-open-shift</c> or <c>shift-currency</c>.</returns>
    public async Task<Result<Guid>> AnnounceAsync(Actor by, string currency, Guid entryId, Guid orderId)
    {
        while (true)
        {
            if (await shifts.FindOpenAsync(by.Id) is not { } shift)
            {
                return BookingErrors.NoOpenShift;
            }

            if (await TryAnnounceAsync(shift, currency, entryId, orderId) is { } announced)
            {
                return announced;
            }
        }
    }

    /// <summary>Announces an entry to this shift.</summary>
    /// <returns>Fails with <c>shift-closed</c>.</returns>
    public async Task<Result<Guid>> AnnounceAsync(Guid shiftId, Guid entryId, Guid orderId)
    {
        while (true)
        {
            if (await shifts.FindAsync(shiftId) is not { IsOpen: true } shift)
            {
                return BookingErrors.ShiftClosed;
            }

            if (await TryAnnounceAsync(shift, shift.Currency, entryId, orderId) is { } announced)
            {
                return announced;
            }
        }
    }

    /// <summary>Nothing was written of what was announced.</summary>
    public async Task WithdrawAsync(Guid shiftId, Guid entryId)
    {
        while (await shifts.FindAsync(shiftId) is { IsOpen: true } shift && shift.Announced.Any(known => known.EntryId == entryId))
        {
            var without = shift with
            {
                Announced = [.. shift.Announced.Where(known => known.EntryId != entryId)],
                Version = shift.Version + 1,
            };
            if (await shifts.ReplaceAsync(without))
            {
                return;
            }
        }
    }

    /// <summary>The shift's entries, from the orders that it announced.</summary>
    public async Task<IReadOnlyList<EnteredSale>> EntriesAsync(Shift shift)
    {
        var orders = new List<Order>();
        var ids = shift.Announced.Select(announced => announced.OrderId).Distinct();
        foreach (var ofShard in ids.GroupBy(id => TaggedId.TryReadTag(id, out var shard) ? shard : (ushort)0))
        {
            if (await shards.FindAsync(ofShard.First()) is { } shard)
            {
                foreach (var chunk in ofShard.Chunk(OrdersAtATime))
                {
                    orders.AddRange(await shard.Store.LoadAsync(chunk));
                }
            }
        }

        return ShiftRules.EntriesOf(shift, orders);
    }

    public async Task<ShiftView> ViewAsync(Shift shift) => ShiftRules.ViewOf(shift, await EntriesAsync(shift));

    public async Task<ShiftDetails> DetailsAsync(Shift shift)
    {
        var entries = await EntriesAsync(shift);
        return new ShiftDetails(ShiftRules.ViewOf(shift, entries), ShiftRules.LinesOf(shift, entries))
        {
            UnderWay = shift.IsOpen ? ShiftRules.UnderWay(shift, entries, clock.GetUtcNow()) : 0,
        };
    }

    /// <returns>Null when the shift was changed meanwhile: read it again.</returns>
    private async Task<Result<Guid>?> TryAnnounceAsync(Shift shift, string currency, Guid entryId, Guid orderId)
    {
        if (shift.Currency != currency)
        {
            return BookingErrors.ShiftCurrency(shift.Currency);
        }

        if (shift.Announced.Any(known => known.EntryId == entryId))
        {
            return shift.Id;
        }

        var after = shift with
        {
            Announced = [.. shift.Announced, new AnnouncedEntry(entryId, orderId, clock.GetUtcNow())],
            Version = shift.Version + 1,
        };
        return await shifts.ReplaceAsync(after) ? shift.Id : null;
    }
}
