using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.Dashboard.ReadModel.Writing;

namespace TicketBooth.Dashboard.ReadModel.Consumers;

/// <summary>Starts the row of an order.</summary>
internal sealed class AddOrderWhenOrderPlaced(ReadModelWriter writer) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context) =>
        writer.ApplyAsync(
            context.Message.ToUpdate(context.Message.BuyerId, OrderStatus.OnPayment) with
            {
                PlacedAt = context.Message.At,
            },
            context.CancellationToken
        );
}

internal sealed class MarkOrderPaidWhenOrderPaid(ReadModelWriter writer) : IConsumer<OrderPaid>
{
    public Task Consume(ConsumeContext<OrderPaid> context) =>
        writer.ApplyAsync(
            context.Message.ToUpdate(context.Message.BuyerId, OrderStatus.Paid) with
            {
                PaidAt = context.Message.At,
                PaymentId = context.Message.PaymentId,
            },
            context.CancellationToken
        );
}

internal sealed class EndOrderWhenOrderExpired(ReadModelWriter writer) : IConsumer<OrderExpired>
{
    public Task Consume(ConsumeContext<OrderExpired> context) =>
        writer.ApplyAsync(
            context.Message.ToUpdate(context.Message.BuyerId, OrderStatus.Expired) with
            {
                EndedAt = context.Message.At,
            },
            context.CancellationToken
        );
}

internal sealed class EndOrderWhenOrderCanceled(ReadModelWriter writer) : IConsumer<OrderCanceled>
{
    public Task Consume(ConsumeContext<OrderCanceled> context) =>
        writer.ApplyAsync(
            context.Message.ToUpdate(context.Message.BuyerId, OrderStatus.Canceled) with
            {
                EndedAt = context.Message.At,
            },
            context.CancellationToken
        );
}

internal sealed class EndOrderWhenOrderRefunded(ReadModelWriter writer) : IConsumer<OrderRefunded>
{
    public Task Consume(ConsumeContext<OrderRefunded> context) =>
        writer.ApplyAsync(
            context.Message.ToUpdate(context.Message.BuyerId, OrderStatus.Refunded) with
            {
                EndedAt = context.Message.At,
                PaymentId = context.Message.PaymentId,
            },
            context.CancellationToken
        );
}

file static class OrderMessageExtensions
{
    public static OrderUpdate ToUpdate(this IOrderMessage message, Guid buyerId, OrderStatus status) =>
        new(message.OrderId, message.Revision, status, message.EventId, buyerId, message.Tickets);
}
