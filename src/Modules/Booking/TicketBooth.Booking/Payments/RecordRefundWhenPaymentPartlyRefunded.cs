using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>A part of the money is back with the buyer; see <see cref="GatewayRefundRules.RecordPart"/>.</summary>
internal sealed class RecordRefundWhenPaymentPartlyRefunded(IBatchWriter<PaymentEffect> writer)
    : BatchConsumer<PaymentPartlyRefunded, PaymentEffect>(writer)
{
    protected override PaymentEffect ChangeOf(PaymentPartlyRefunded message, InboxKey key) =>
        new(message.OrderId, key, (order, now) =>
            GatewayRefundRules.RecordPart(order, message.PaymentId, message.AskedAs, message.RefundId, message.Amount, now)
        );
}
