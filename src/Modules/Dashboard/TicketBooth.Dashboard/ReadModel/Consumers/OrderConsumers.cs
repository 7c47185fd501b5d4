using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Dashboard.ReadModel.Writing;

namespace TicketBooth.Dashboard.ReadModel.Consumers;

/// <summary>Starts the row of an order.</summary>
internal sealed class AddOrderWhenOrderPlaced(IBatchWriter<ReadModelUpdate> writer) : BatchConsumer<OrderPlaced, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(OrderPlaced message, InboxKey key) =>
        message.ToUpdate(message.BuyerId, OrderStatus.OnPayment) with
        {
            PlacedAt = message.At,
        };
}

internal sealed class MarkOrderPaidWhenOrderPaid(IBatchWriter<ReadModelUpdate> writer) : BatchConsumer<OrderPaid, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(OrderPaid message, InboxKey key) =>
        message.ToUpdate(message.BuyerId, OrderStatus.Paid) with
        {
            // The first message about an order is about its placing.
            PlacedAt = message.Revision == 1 ? message.At : null,
            PaidAt = message.At,
            PaymentId = message.PaymentId,
            SoldBy =
                message.IsComplimentary ? SoldBy.CounterForFree
                : message.Channel == SalesChannel.Counter ? SoldBy.Counter
                : SoldBy.Online,
        };
}

internal sealed class EndOrderWhenOrderExpired(IBatchWriter<ReadModelUpdate> writer) : BatchConsumer<OrderExpired, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(OrderExpired message, InboxKey key) =>
        message.ToUpdate(message.BuyerId, OrderStatus.Expired) with
        {
            EndedAt = message.At,
        };
}

internal sealed class EndOrderWhenOrderCanceled(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<OrderCanceled, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(OrderCanceled message, InboxKey key) =>
        message.ToUpdate(message.BuyerId, OrderStatus.Canceled) with
        {
            EndedAt = message.At,
        };
}

internal sealed class EndOrderWhenOrderRefunded(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<OrderRefunded, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(OrderRefunded message, InboxKey key) =>
        message.ToUpdate(message.BuyerId, OrderStatus.Refunded) with
        {
            EndedAt = message.At,
            PaymentId = message.PaymentId,
            Refunds = RefundLines.Of(message),
        };
}

internal sealed class AddRefundWhenOrderPartlyRefunded(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<OrderPartlyRefunded, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(OrderPartlyRefunded message, InboxKey key) =>
        message.ToUpdate(message.BuyerId, message.Tickets.All(ticket => ticket.Released) ? OrderStatus.Refunded : OrderStatus.Paid) with
        {
            PaymentId = message.PaymentId,
            Refunds = RefundLines.Of(message),
        };
}

internal sealed class ChangeRefundsWhenOrderRefundsChanged(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<OrderRefundsChanged, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(OrderRefundsChanged message, InboxKey key) =>
        message.ToUpdate(message.BuyerId, message.Tickets.All(ticket => ticket.Released) ? OrderStatus.Refunded : OrderStatus.Paid) with
        {
            Refunds = RefundLines.Of(message),
        };
}

internal sealed class MarkOrderWhenOrderDisputed(IBatchWriter<ReadModelUpdate> writer)
    : BatchConsumer<OrderDisputed, ReadModelUpdate>(writer)
{
    protected override ReadModelUpdate ChangeOf(OrderDisputed message, InboxKey key) =>
        message.ToUpdate(message.BuyerId, message.Status) with
        {
            Disputes = DisputeLines.Of(message),
        };
}

file static class OrderMessageExtensions
{
    public static OrderUpdate ToUpdate(this IOrderMessage message, Guid buyerId, OrderStatus status) =>
        new(message.OrderId, message.Revision, status, message.EventId, buyerId, message.Tickets);
}
