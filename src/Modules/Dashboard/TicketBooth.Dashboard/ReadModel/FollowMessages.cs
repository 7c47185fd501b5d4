using MassTransit;
using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>Takes the other modules' messages into the read model.</summary>
internal static class FollowMessages
{
    internal static void AddTo(ModuleConsumers consumers) => consumers.Add<OrderConsumer>().Add<PaymentConsumer>().Add<EventConsumer>();

    internal sealed class OrderConsumer(ReadModelWriter writer)
        : IConsumer<OrderPlaced>,
            IConsumer<OrderPaid>,
            IConsumer<OrderExpired>,
            IConsumer<OrderCanceled>,
            IConsumer<OrderRefunded>
    {
        public Task Consume(ConsumeContext<OrderPlaced> context) =>
            TakeInAsync(
                context,
                News(context.Message, context.Message.BuyerId, OrderStatus.OnPayment) with
                {
                    PlacedAt = context.Message.At,
                }
            );

        public Task Consume(ConsumeContext<OrderPaid> context) =>
            TakeInAsync(
                context,
                News(context.Message, context.Message.BuyerId, OrderStatus.Paid) with
                {
                    PaidAt = context.Message.At,
                    PaymentId = context.Message.PaymentId,
                }
            );

        public Task Consume(ConsumeContext<OrderExpired> context) =>
            TakeInAsync(context, News(context.Message, context.Message.BuyerId, OrderStatus.Expired) with { EndedAt = context.Message.At });

        public Task Consume(ConsumeContext<OrderCanceled> context) =>
            TakeInAsync(
                context,
                News(context.Message, context.Message.BuyerId, OrderStatus.Canceled) with
                {
                    EndedAt = context.Message.At,
                }
            );

        public Task Consume(ConsumeContext<OrderRefunded> context) =>
            TakeInAsync(
                context,
                News(context.Message, context.Message.BuyerId, OrderStatus.Refunded) with
                {
                    EndedAt = context.Message.At,
                    PaymentId = context.Message.PaymentId,
                }
            );

        private static OrderNews News(IOrderMessage message, Guid buyerId, OrderStatus status) =>
            new(message.OrderId, message.Revision, status, message.EventId, buyerId, message.Tickets);

        private Task TakeInAsync(ConsumeContext context, OrderNews news) => writer.ApplyAsync(news, context.CancellationToken);
    }

    internal sealed class PaymentConsumer(ReadModelWriter writer)
        : IConsumer<PaymentStarted>,
            IConsumer<PaymentConfirmed>,
            IConsumer<PaymentDeclined>,
            IConsumer<PaymentRefunded>,
            IConsumer<RefundDue>
    {
        public Task Consume(ConsumeContext<PaymentStarted> context)
        {
            var said = context.Message;
            return TakeInAsync(
                context,
                new PaymentNews(
                    said.PaymentId,
                    said.OrderId,
                    PaymentStatus.AwaitingConfirmation,
                    said.At,
                    said.Method,
                    said.Amount,
                    said.Currency,
                    StartedAt: said.At
                )
            );
        }

        public Task Consume(ConsumeContext<PaymentConfirmed> context)
        {
            var said = context.Message;
            return TakeInAsync(
                context,
                new PaymentNews(
                    said.PaymentId,
                    said.OrderId,
                    PaymentStatus.Paid,
                    said.At,
                    Amount: said.Amount,
                    Currency: said.Currency,
                    CapturedAt: said.At
                )
            );
        }

        public Task Consume(ConsumeContext<PaymentDeclined> context)
        {
            var said = context.Message;
            return TakeInAsync(
                context,
                new PaymentNews(
                    said.PaymentId,
                    said.OrderId,
                    PaymentStatus.Declined,
                    said.At,
                    DeclineReason: said.Reason,
                    DeclinedAt: said.At
                )
            );
        }

        public Task Consume(ConsumeContext<PaymentRefunded> context)
        {
            var said = context.Message;
            return TakeInAsync(
                context,
                new PaymentNews(said.PaymentId, said.OrderId, PaymentStatus.Refunded, said.At, Amount: said.Amount, Currency: said.Currency)
            );
        }

        public Task Consume(ConsumeContext<RefundDue> context)
        {
            var said = context.Message;
            return TakeInAsync(context, new PaymentNews(said.PaymentId, said.OrderId, Status: null, At: null, RefundReason: said.Reason));
        }

        private Task TakeInAsync(ConsumeContext context, PaymentNews news) => writer.ApplyAsync(news, context.CancellationToken);
    }

    /// <remarks>The message says that something changed; what it is now, Events knows. So a late message brings the present and not the past.</remarks>
    internal sealed class EventConsumer(IMediator mediator, ReadModelWriter writer)
        : IConsumer<EventPublished>,
            IConsumer<EventChanged>,
            IConsumer<EventCanceled>,
            IConsumer<TicketPriceChanged>
    {
        public Task Consume(ConsumeContext<EventPublished> context) => TakeInAsync(context, context.Message.EventId);

        public Task Consume(ConsumeContext<EventChanged> context) => TakeInAsync(context, context.Message.EventId);

        public Task Consume(ConsumeContext<EventCanceled> context) => TakeInAsync(context, context.Message.EventId);

        public Task Consume(ConsumeContext<TicketPriceChanged> context) => TakeInAsync(context, context.Message.EventId);

        private async Task TakeInAsync(ConsumeContext context, Guid eventId)
        {
            foreach (var facts in (await mediator.Send(new GetEventFacts([eventId]), context.CancellationToken)).Value)
            {
                await writer.ApplyAsync(new EventNews(facts), context.CancellationToken);
            }
        }
    }
}
