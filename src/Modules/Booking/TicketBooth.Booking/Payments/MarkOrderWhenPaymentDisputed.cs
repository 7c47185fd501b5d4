using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>A bank disputes money of the order, or has decided; see <see cref="DisputeRules.Record"/>.</summary>
internal sealed class MarkOrderWhenPaymentDisputed(IBatchWriter<PaymentEffect> writer)
    : BatchConsumer<PaymentDisputed, PaymentEffect>(writer)
{
    protected override PaymentEffect ChangeOf(PaymentDisputed message, InboxKey key) =>
        new(message.OrderId, key, (order, now) =>
            DisputeRules.Record(order, message.PaymentId, message.DisputeId, StateOf(message.State), message.Amount, now)
        );

    private static OrderDisputeState StateOf(PaymentDisputeState state) =>
        state switch
        {
            PaymentDisputeState.Opened => OrderDisputeState.Opened,
            PaymentDisputeState.Won => OrderDisputeState.Won,
            _ => OrderDisputeState.Lost,
        };
}
