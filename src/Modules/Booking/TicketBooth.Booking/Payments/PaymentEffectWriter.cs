using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Batches;

namespace TicketBooth.Booking.Payments;

/// <summary>Hands what payments do to orders to the lanes, all that came at once: each lane writes them with what else it has.</summary>
internal sealed class PaymentEffectWriter(ShardRegistry shards, OnSaleCatalog catalog) : IBatchWriter<PaymentEffect>
{
    public Task ApplyAsync(IReadOnlyList<PaymentEffect> changes, CancellationToken cancellationToken) =>
        Task.WhenAll(changes.GroupBy(effect => effect.OrderId).Select(ofOrder => ApplyAsync(ofOrder, cancellationToken)));

    /// <summary>Those of one order go one after the other: the first of them may have to wait for what Events says.</summary>
    private async Task ApplyAsync(IEnumerable<PaymentEffect> ofOrder, CancellationToken cancellationToken)
    {
        foreach (var effect in ofOrder)
        {
            await ApplyAsync(await shards.OfOrderAsync(effect.OrderId), effect, cancellationToken);
        }
    }

    /// <summary>Throws when the order cannot be changed now, so that the message is delivered again.</summary>
    private async Task ApplyAsync(Shard shard, PaymentEffect effect, CancellationToken cancellationToken)
    {
        // Which event it is stands in the order, and the lane reads that anyway. Mostly the event is known, and nobody needs to be asked.
        Guid? unknown = null;
        var applied = await RunAsync(
            (order, now) =>
            {
                unknown = effect.AsksForEvent && catalog.FindCurrent(order.EventId) is null ? order.EventId : null;
                return unknown is null ? effect.Decide(order, now) : OrderChange.Nothing(order);
            }
        );
        if (unknown is { } eventId)
        {
            await catalog.FindKnownAsync(eventId, cancellationToken);
            applied = await RunAsync(effect.Decide);
        }

        if (applied.Error is { } error)
        {
            throw new InvalidOperationException($"The message could not be applied to order {effect.OrderId}: {error.Code}.");
        }

        Task<Result<Order>> RunAsync(Func<Order, DateTimeOffset, Result<OrderChange>> decide) =>
            shard.Lane.RunAsync(new ChangeItem(effect.OrderId, effect.Key, decide), cancellationToken);
    }
}
