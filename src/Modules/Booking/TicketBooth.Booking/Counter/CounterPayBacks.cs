using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Counter;

/// <summary>
/// Changes orders so that their money leaves a shift, if they were sold at the counter. The order, its refund and the shift's entry are one
/// write.
/// </summary>
internal sealed class CounterPayBacks(ShiftBook book, TimeProvider clock)
{
    /// <summary>What staff decide about a paid order. Out of the open shift of the member of staff, if money moves.</summary>
    /// <param name="by">Null for a buyer, who has no order of the counter.</param>
    /// <param name="reference">Of the reversal on the card terminal, as it was typed; null for none.</param>
    /// <param name="decide">The refund, as for an order that its buyer placed.</param>
    public async Task<Result<Order>> RunAsync(
        Shard shard,
        Order order,
        Guid operationId,
        Actor? by,
        bool isAdmin,
        string reason,
        string? reference,
        Func<Order, DateTimeOffset, Result<OrderChange>> decide
    )
    {
        if (order.Counter is not { } sale || by is null)
        {
            return await shard.Lane.TryAsync(new ChangeItem(order.Id, inbox: null, decide));
        }

        // A complimentary order, or one that cost nothing, moves no money.
        var movesMoney = order.Total > order.Returned && !sale.Has(operationId);
        var shift = movesMoney ? await book.AnnounceAsync(by, order.Currency, operationId, order.Id) : BookingErrors.NoOpenShift;
        var terms = new PayBack(
            operationId,
            shift.IsSuccess ? shift.Value : null,
            ShiftEntryKind.Refund,
            reason,
            PayBack.ReferenceOf(reference),
            by,
            isAdmin
        )
        {
            NotAfter = clock.GetUtcNow() + ShiftRules.LongestWrite,
            NoShift = shift.Error ?? BookingErrors.NoOpenShift,
        };
        return await WriteAsync(shard, order.Id, terms, (current, now) => CounterRules.Pay(decide(current, now), terms, now));
    }

    /// <summary>Writes a change that was announced to a shift; withdraws what was not written.</summary>
    public async Task<Result<Order>> WriteAsync(
        Shard shard,
        Guid orderId,
        PayBack terms,
        Func<Order, DateTimeOffset, Result<OrderChange>> decide
    )
    {
        var written = await shard.Lane.TryAsync(new ChangeItem(orderId, inbox: null, decide));
        if (terms.ShiftId is { } shift && (written.Error is not null || written.Value.Counter?.Has(terms.Id) != true))
        {
            await book.WithdrawAsync(shift, terms.Id);
        }

        return written;
    }
}
