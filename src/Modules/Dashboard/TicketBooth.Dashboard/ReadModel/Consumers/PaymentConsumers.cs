using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Dashboard.ReadModel.Writing;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.ReadModel.Consumers;

internal sealed class AddPaymentWhenPaymentStarted(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<PaymentStarted, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(PaymentStarted message, InboxKey key) =>
        new PaymentUpdate(
            message.PaymentId,
            message.OrderId,
            PaymentStatus.AwaitingConfirmation,
            message.At,
            message.Method,
            message.Amount,
            message.Currency,
            StartedAt: message.At
        );
}

internal sealed class MarkPaymentCapturedWhenPaymentConfirmed(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<PaymentConfirmed, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(PaymentConfirmed message, InboxKey key) =>
        new PaymentUpdate(
            message.PaymentId,
            message.OrderId,
            PaymentStatus.Paid,
            message.At,
            Amount: message.Amount,
            Currency: message.Currency,
            CapturedAt: message.At
        );
}

internal sealed class MarkPaymentDeclinedWhenPaymentDeclined(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<PaymentDeclined, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(PaymentDeclined message, InboxKey key) =>
        new PaymentUpdate(
            message.PaymentId,
            message.OrderId,
            PaymentStatus.Declined,
            message.At,
            DeclineReason: message.Reason,
            DeclinedAt: message.At
        );
}

internal sealed class MarkPaymentRefundedWhenPaymentRefunded(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<PaymentRefunded, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(PaymentRefunded message, InboxKey key) =>
        new PaymentUpdate(
            message.PaymentId,
            message.OrderId,
            PaymentStatus.Refunded,
            message.At,
            Amount: message.Amount,
            Currency: message.Currency
        );
}

/// <summary>A refund failed, and the payment may be as it was before it.</summary>
internal sealed class MarkRefundFailedWhenRefundFailed(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<RefundFailed, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(RefundFailed message, InboxKey key) =>
        new PaymentUpdate(message.PaymentId, message.OrderId, message.Status, message.At);
}

/// <summary>A refused refund is on its way once more.</summary>
internal sealed class MarkRefundOwedWhenRefundTriedAgain(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<RefundTriedAgain, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(RefundTriedAgain message, InboxKey key) =>
        new PaymentUpdate(message.PaymentId, message.OrderId, message.Status, message.At);
}

/// <summary>Notes why captured money must go back, before the payment itself says that it went.</summary>
internal sealed class MarkRefundOwedWhenRefundDue(IBatchWriter<ReadModelUpdate> writer) : BatchConsumer<RefundDue, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(RefundDue message, InboxKey key) =>
        new PaymentUpdate(message.PaymentId, message.OrderId, Status: null, At: null, RefundReason: message.Reason);
}
