using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Messaging.Batches;

namespace TicketBooth.Booking.Payments;

/// <summary>Hands what payments do to orders to the lanes, all that came at once: each lane writes them with what else it has.</summary>
internal sealed class PaymentEffectWriter(ShardRegistry shards, OnSaleCatalog catalog) : IBatchWriter<PaymentEffect>
{
    public async Task ApplyAsync(IReadOnlyList<PaymentEffect> changes, CancellationToken cancellationToken)
    {
        var placed = new List<(Shard Shard, PaymentEffect Effect)>(changes.Count);
        foreach (var effect in changes)
        {
            placed.Add((await shards.OfOrderAsync(effect.OrderId), effect));
        }

        foreach (var asking in placed.Where(one => one.Effect.AsksForEvent).GroupBy(one => one.Shard, one => one.Effect.OrderId))
        {
            await LearnEventsAsync(asking.Key, [.. asking.Distinct()], cancellationToken);
        }

        await Task.WhenAll(placed.Select(one => ApplyAsync(one.Shard, one.Effect, cancellationToken)));
    }

    private async Task LearnEventsAsync(Shard shard, IReadOnlyList<Guid> orderIds, CancellationToken cancellationToken)
    {
        var orders = await shard.Store.LoadAsync(orderIds);
        foreach (var unknown in orderIds.Except(orders.Select(order => order.Id)))
        {
            throw ShardRegistry.NoOrder(unknown);
        }

        foreach (var eventId in orders.Select(order => order.EventId).Distinct())
        {
            await catalog.FindKnownAsync(eventId, cancellationToken);
        }
    }

    /// <summary>Throws when the order cannot be changed now, so that the message is delivered again.</summary>
    private static async Task ApplyAsync(Shard shard, PaymentEffect effect, CancellationToken cancellationToken)
    {
        var applied = await shard.Lane.RunAsync(new ChangeItem(effect.OrderId, effect.Key, effect.Decide), cancellationToken);
        if (applied.Error is { } error)
        {
            throw new InvalidOperationException($"The message could not be applied to order {effect.OrderId}: {error.Code}.");
        }
    }
}
