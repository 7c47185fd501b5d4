using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.Booking.Tests.Storage;

/// <summary>What happened to an order, as other modules get it.</summary>
internal sealed class OrderMessagesTests
{
    private static readonly DateTimeOffset Now = SampleOrder.Now;

    [Test]
    public void Every_event_of_an_order_is_encoded_as_what_it_is()
    {
        var payment = SampleOrder.NewId();
        var placed = SampleOrder.Place(1, 2);
        var paid = PaymentRules.Confirm(placed.After, payment, eventIsCanceled: false, eventHasEnded: false, Now);
        var refunded = OrderRules.Cancel(paid.After, buyerId: null, default, "order-canceled", Now).Value;

        AssertEncoded<OrderPlaced>(placed);
        AssertEncoded<OrderPaid>(paid);
        AssertEncoded<OrderExpired>(OrderRules.Expire(placed.After, settledPaymentId: null, placed.After.ExpiresAt));
        AssertEncoded<OrderCanceled>(OrderRules.Cancel(placed.After, buyerId: null, default, "order-canceled", Now).Value);
        AssertEncoded<OrderRefunded>(refunded);
        Assert.That(Encode(refunded)[1].As<RefundDue>(), Is.EqualTo(refunded.Refunds().Single()));
    }

    [Test]
    public void The_order_keys_its_messages_and_the_time_is_that_of_the_change()
    {
        var placed = SampleOrder.Place(1);
        var expired = OrderRules.Expire(placed.After, settledPaymentId: null, placed.After.ExpiresAt);

        var entry = Encode(expired).Single();

        Assert.That((entry.Key, entry.CorrelationId, entry.At), Is.EqualTo((placed.After.Id, placed.After.Id, placed.After.ExpiresAt)));
    }

    private static void AssertEncoded<T>(OrderChange change)
        where T : class, IOrderMessage
    {
        var sent = Encode(change)[0].As<T>();
        var happened = (T)change.Events[0];

        Assert.That(sent, Is.Not.Null);
        Assert.That(
            (sent!.OrderId, sent.Revision, sent.EventId, sent.At), Is.EqualTo((happened.OrderId, happened.Revision, happened.EventId, happened.At)));
        Assert.That(sent.Tickets, Is.EqualTo(happened.Tickets));
    }

    private static OutboxEntry[] Encode(OrderChange change) => Array.ConvertAll(change.Events, happened => OrderMessages.Encode(new OrderWrite(change, Inbox: null), happened));
}
