using MassTransit;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>A declined payment leaves the hold for another attempt.</summary>
internal sealed class RecordDeclineWhenPaymentDeclined(ShardRegistry shards) : IConsumer<PaymentDeclined>
{
    public async Task Consume(ConsumeContext<PaymentDeclined> context)
    {
        var message = context.Message;
        var shard = await shards.OfOrderAsync(message.OrderId);
        await shard.ApplyAsync(this, context, message.OrderId, (order, _) => PaymentRules.Decline(order, message.PaymentId));
    }
}
