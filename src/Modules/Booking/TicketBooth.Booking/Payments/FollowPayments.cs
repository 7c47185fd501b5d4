using MassTransit;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Lanes;
using TicketBooth.Booking.Sales;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Payments;

/// <summary>Turns what Payments says into the order's next state; see <see cref="OrderRules"/>. The inbox mark goes with the order's write.</summary>
internal sealed class FollowPayments(LaneRegistry lanes, SaleCatalog catalog)
    : IConsumer<PaymentConfirmed>,
        IConsumer<PaymentDeclined>,
        IConsumer<PaymentRefunded>
{
    public async Task Consume(ConsumeContext<PaymentConfirmed> context)
    {
        var message = context.Message;
        var shard = await ShardOfAsync(message.OrderId);
        var order = (await shard.Store.LoadAsync([message.OrderId])).SingleOrDefault() ?? throw Unknown(message.OrderId);
        var sale = await catalog.FindAsync(order.EventId, context.CancellationToken);
        if (sale.Error is { } error)
        {
            throw new InvalidOperationException($"Events does not know event {order.EventId} of order {order.Id}: {error.Code}.");
        }

        // Whether the event is canceled counts at the moment of the decision: an order paid a moment after its event's orders were canceled would stay paid.
        await ApplyAsync(context, message.OrderId, (current, now) =>
            OrderRules.Confirm(current, message.PaymentId, catalog.Newest(current.EventId).IsCanceled, now)
        );
    }

    public Task Consume(ConsumeContext<PaymentDeclined> context) =>
        ApplyAsync(context, context.Message.OrderId, (order, _) => OrderRules.Decline(order, context.Message.PaymentId));

    public Task Consume(ConsumeContext<PaymentRefunded> context) =>
        ApplyAsync(context, context.Message.OrderId, (order, now) => OrderRules.NoteRefund(order, context.Message.PaymentId, now));

    private async Task ApplyAsync(ConsumeContext context, Guid orderId, Func<Order, DateTimeOffset, Result<OrderChange>> decide)
    {
        var shard = await ShardOfAsync(orderId);
        var applied = await shard.Lane.RunAsync(new ChangeItem(orderId, InboxKey.Of(this, context), decide), context.CancellationToken);
        if (applied.Error is { } error)
        {
            throw new InvalidOperationException($"Order {orderId} could not follow its payment: {error.Code}.");
        }
    }

    private async ValueTask<Shard> ShardOfAsync(Guid orderId) => await lanes.FindAsync(orderId) ?? throw Unknown(orderId);

    private static InvalidOperationException Unknown(Guid orderId) => new($"There is no order {orderId}.");
}
