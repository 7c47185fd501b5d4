using MassTransit;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>The money is back with the buyer; see <see cref="PaymentRules.RecordRefund"/>.</summary>
internal sealed class RecordRefundWhenPaymentRefunded(ShardRegistry shards) : IConsumer<PaymentRefunded>
{
    public async Task Consume(ConsumeContext<PaymentRefunded> context)
    {
        var message = context.Message;
        var shard = await shards.OfOrderAsync(message.OrderId);
        await shard.ApplyAsync(this, context, message.OrderId, (order, now) => PaymentRules.RecordRefund(order, message.PaymentId, now));
    }
}
