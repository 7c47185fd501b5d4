using MassTransit;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>Captured money pays its order, or is refunded; see <see cref="PaymentRules.Confirm"/>.</summary>
internal sealed class PayOrderWhenPaymentConfirmed(ShardRegistry shards, OnSaleCatalog catalog) : IConsumer<PaymentConfirmed>
{
    public async Task Consume(ConsumeContext<PaymentConfirmed> context)
    {
        var message = context.Message;
        var shard = await shards.OfOrderAsync(message.OrderId);
        var order = await shard.FindAsync(message.OrderId) ?? throw ShardRegistry.NoOrder(message.OrderId);
        await catalog.FindKnownAsync(order.EventId, context.CancellationToken);

        // The state of the event is read when the order is decided. Read earlier, an order paid just after the orders of its event were
        // canceled would stay paid.
        await shard.ApplyAsync(this, context, message.OrderId, (current, now) =>
        {
            var sale = catalog.Newest(current.EventId);
            return PaymentRules.Confirm(current, message.PaymentId, sale.IsCanceled, sale.HasEndedAt(now), now);
        });
    }
}
