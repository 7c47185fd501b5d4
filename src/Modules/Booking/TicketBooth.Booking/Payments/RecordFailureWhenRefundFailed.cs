using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>The gateway refuses a refund, or one that was done came back; see <see cref="GatewayRefundRules.RecordFailure"/>.</summary>
internal sealed class RecordFailureWhenRefundFailed(IBatchWriter<PaymentEffect> writer) : BatchConsumer<RefundFailed, PaymentEffect>(writer)
{
    protected override PaymentEffect ChangeOf(RefundFailed message, InboxKey key) =>
        new(message.OrderId, key, (order, now) =>
            GatewayRefundRules.RecordFailure(
                order,
                new FailedRefund(
                    message.PaymentId,
                    message.RefundId,
                    message.GatewaysId,
                    message.Amount,
                    message.Reason,
                    IsKept: message.Status is not (null or PaymentStatus.Refunded)
                ),
                now
            )
        );
}
