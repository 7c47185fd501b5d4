using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>A declined payment leaves the hold for another attempt.</summary>
internal sealed class RecordDeclineWhenPaymentDeclined(IBatchWriter<PaymentEffect> writer)
    : BatchConsumer<PaymentDeclined, PaymentEffect>(writer)
{
    protected override PaymentEffect ChangeOf(PaymentDeclined message, InboxKey key) =>
        new(message.OrderId, key, (order, _) => PaymentRules.Decline(order, message.PaymentId));
}
