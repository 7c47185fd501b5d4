using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Notifications.Queueing;

internal sealed class QueueMailWhenOrderPlaced(IBatchWriter<OrderNews> writer) : BatchConsumer<OrderPlaced, OrderNews>(writer)
{
    protected override OrderNews ChangeOf(OrderPlaced message, InboxKey key) => new OrderChanged(message);
}

internal sealed class QueueMailWhenOrderPaid(IBatchWriter<OrderNews> writer) : BatchConsumer<OrderPaid, OrderNews>(writer)
{
    protected override OrderNews ChangeOf(OrderPaid message, InboxKey key) => new OrderChanged(message);
}

internal sealed class EndOrderWhenOrderExpired(IBatchWriter<OrderNews> writer) : BatchConsumer<OrderExpired, OrderNews>(writer)
{
    protected override OrderNews ChangeOf(OrderExpired message, InboxKey key) => new OrderChanged(message);
}

internal sealed class QueueMailWhenOrderCanceled(IBatchWriter<OrderNews> writer) : BatchConsumer<OrderCanceled, OrderNews>(writer)
{
    protected override OrderNews ChangeOf(OrderCanceled message, InboxKey key) => new OrderChanged(message);
}

internal sealed class QueueMailWhenOrderRefunded(IBatchWriter<OrderNews> writer) : BatchConsumer<OrderRefunded, OrderNews>(writer)
{
    protected override OrderNews ChangeOf(OrderRefunded message, InboxKey key) => new OrderChanged(message);
}

internal sealed class QueueMailWhenOrderPartlyRefunded(IBatchWriter<OrderNews> writer)
    : BatchConsumer<OrderPartlyRefunded, OrderNews>(writer)
{
    protected override OrderNews ChangeOf(OrderPartlyRefunded message, InboxKey key) => new OrderChanged(message);
}

internal sealed class NotePaymentWhenPaymentStarted(IBatchWriter<OrderNews> writer) : BatchConsumer<PaymentStarted, OrderNews>(writer)
{
    protected override OrderNews ChangeOf(PaymentStarted message, InboxKey key) => new PaymentBegun(message);
}

internal sealed class QueueMailWhenPaymentDeclined(IBatchWriter<OrderNews> writer) : BatchConsumer<PaymentDeclined, OrderNews>(writer)
{
    protected override OrderNews ChangeOf(PaymentDeclined message, InboxKey key) => new PaymentRefused(message);
}
