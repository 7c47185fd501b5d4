using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>Captured money pays its order, or is refunded; see <see cref="PaymentRules.Confirm"/>.</summary>
internal sealed class PayOrderWhenPaymentConfirmed(IBatchWriter<PaymentEffect> writer, OnSaleCatalog catalog)
    : BatchConsumer<PaymentConfirmed, PaymentEffect>(writer)
{
    protected override PaymentEffect ChangeOf(PaymentConfirmed message, InboxKey key) =>
        new(
            message.OrderId,
            key,
            (order, now) =>
            {
                // The state of the event is read when the order is decided. Read earlier, an order paid just after the orders of its event
                // were canceled would stay paid.
                var sale = catalog.Newest(order.EventId);
                return PaymentRules.Confirm(order, message.PaymentId, sale.IsCanceled, sale.HasEndedAt(now), now);
            },
            AsksForEvent: true
        );
}
