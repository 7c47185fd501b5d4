using MassTransit;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.Events.Browsing;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage;

namespace TicketBooth.Events.Selling;

/// <summary>Learns from Booking's messages which tickets are on payment and which are sold.</summary>
internal static class FollowOrders
{
    internal static void AddTo(ModuleConsumers consumers) =>
        consumers
            .Add<OrderPlacedConsumer>()
            .Add<OrderPaidConsumer>()
            .Add<OrderExpiredConsumer>()
            .Add<OrderCanceledConsumer>()
            .Add<OrderRefundedConsumer>();

    /// <summary>Writes what an order's message says, and empties what readers were told before.</summary>
    internal sealed class Follower(IEventStore store, ReadCache cache, TimeProvider clock)
    {
        public async Task FollowAsync<TMessage>(IConsumer consumer, ConsumeContext<TMessage> context, TicketState state)
            where TMessage : class, IOrderMessage
        {
            var sale = Sale.Of(context.Message, state);
            if (await store.ApplyAsync(sale, InboxKey.Of(consumer, context), clock.GetUtcNow()))
            {
                await cache.EvictAsync(sale.EventId);
            }
        }
    }

    internal sealed class OrderPlacedConsumer(Follower follower) : IConsumer<OrderPlaced>
    {
        public Task Consume(ConsumeContext<OrderPlaced> context) => follower.FollowAsync(this, context, TicketState.OnPayment);
    }

    internal sealed class OrderPaidConsumer(Follower follower) : IConsumer<OrderPaid>
    {
        public Task Consume(ConsumeContext<OrderPaid> context) => follower.FollowAsync(this, context, TicketState.Sold);
    }

    internal sealed class OrderExpiredConsumer(Follower follower) : IConsumer<OrderExpired>
    {
        public Task Consume(ConsumeContext<OrderExpired> context) => follower.FollowAsync(this, context, TicketState.Available);
    }

    internal sealed class OrderCanceledConsumer(Follower follower) : IConsumer<OrderCanceled>
    {
        public Task Consume(ConsumeContext<OrderCanceled> context) => follower.FollowAsync(this, context, TicketState.Available);
    }

    internal sealed class OrderRefundedConsumer(Follower follower) : IConsumer<OrderRefunded>
    {
        public Task Consume(ConsumeContext<OrderRefunded> context) => follower.FollowAsync(this, context, TicketState.Available);
    }
}
