using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;

namespace TicketBooth.Booking.Shards;

/// <summary>A part of the orders, those of some events: where they are stored, and the lane through which they are written.</summary>
internal sealed record Shard(ushort Number, IOrderStore Store, PurchaseLane Lane)
{
    /// <summary>The order; null when there is none.</summary>
    public async Task<Order?> FindAsync(Guid orderId) => (await Store.LoadAsync([orderId])).SingleOrDefault();

    /// <summary>Lets the lane release a hold that is over.</summary>
    /// <param name="settledPaymentId">The payment that, according to the gateway, is not captured.</param>
    public Task ExpireAsync(Guid orderId, Guid? settledPaymentId, CancellationToken cancellationToken) =>
        Lane.RunAsync(
            new ChangeItem(orderId, inbox: null, (order, now) => OrderRules.Expire(order, settledPaymentId, now)),
            cancellationToken
        );

    public override string ToString() => $"shard {Number}";
}
