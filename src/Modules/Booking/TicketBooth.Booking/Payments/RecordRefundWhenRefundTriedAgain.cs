using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>Staff try a refused refund again; see <see cref="GatewayRefundRules.RecordAgain"/>.</summary>
internal sealed class RecordRefundWhenRefundTriedAgain(IBatchWriter<PaymentEffect> writer)
    : BatchConsumer<RefundTriedAgain, PaymentEffect>(writer)
{
    protected override PaymentEffect ChangeOf(RefundTriedAgain message, InboxKey key) =>
        new(message.OrderId, key, (order, now) => GatewayRefundRules.RecordAgain(order, message.PaymentId, message.RefundId, now));
}
