using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Tests.Support;

namespace TicketBooth.Booking.Tests.Domain;

internal sealed class OrderRulesTests
{
    private static readonly DateTimeOffset Now = SampleOrder.Now;
    private static readonly TimeSpan Hold = SampleOrder.Hold;
    private static readonly TimeSpan PaymentTime = SampleOrder.PaymentTime;

    private readonly Guid payment = SampleOrder.NewId();
    private readonly Guid otherPayment = SampleOrder.NewId();

    [Test]
    public void An_order_is_placed_at_the_sum_of_its_tickets_prices_and_says_so()
    {
        var change = OrderRules.Place(
            SampleOrder.NewId(), SampleOrder.Event, SampleOrder.NewId(), [SampleOrder.Ticket(3, 10_000), SampleOrder.Ticket(4, 2_550)], "BRL", Now, SampleOrder.Hold);

        var order = change.After;
        var told = (OrderPlaced)change.Told()!;
        Assert.Multiple(() =>
        {
            Assert.That(change.TakesTickets, Is.True);
            Assert.That(order, Has.Property(nameof(Order.Status)).EqualTo(OrderStatus.OnPayment).And.Property(nameof(Order.Total)).EqualTo(12_550));
            Assert.That(order.ExpiresAt, Is.EqualTo(Now.AddMinutes(10)));
            Assert.That((order.Revision, order.Version), Is.EqualTo((1, 1)));
            Assert.That(told, Has.Property(nameof(OrderPlaced.Revision)).EqualTo(1).And.Property(nameof(OrderPlaced.Total)).EqualTo(12_550));
            Assert.That(told.Tickets, Is.EqualTo(order.Tickets));
            Assert.That((told.OrderId, told.EventId, told.BuyerId, told.ExpiresAt, told.At), Is.EqualTo((order.Id, order.EventId, order.BuyerId, order.ExpiresAt, Now)));
        });
    }

    [Test]
    public void A_payment_that_begins_extends_the_hold_for_the_gateway_and_is_nobody_elses_business()
    {
        var order = SampleOrder.Placed();
        var late = order.ExpiresAt.AddSeconds(-1);

        var change = PaymentRules.Begin(order, order.BuyerId, payment, late, Hold, PaymentTime).Value;

        Assert.That(change.After.ExpiresAt, Is.EqualTo(late + PaymentTime));
        Assert.That(change.After.PaymentIsUnderWay, Is.True);
        Assert.That(change.After.PaymentId, Is.EqualTo(payment));
        Assert.That(change.Events, Is.Empty);
    }

    [Test]
    public void However_many_payments_are_declined_the_tickets_are_not_kept_for_ever()
    {
        var order = SampleOrder.Placed();
        var latest = order.ExpiresAt + PaymentTime;
        for (var now = Now; !order.HoldIsOver(now); now += PaymentTime / 2)
        {
            var attempt = SampleOrder.NewId();
            order = PaymentRules.Begin(order, order.BuyerId, attempt, now, Hold, PaymentTime).Value.After;
            order = PaymentRules.Decline(order, attempt).After;

            Assert.That(order.ExpiresAt, Is.LessThanOrEqualTo(latest));
        }

        Assert.That(order.ExpiresAt, Is.GreaterThan(Now + Hold), "the last attempt had its time");
    }

    [Test]
    public void A_payment_that_begins_early_does_not_shorten_the_hold()
    {
        var order = SampleOrder.Placed();

        Assert.That(PaymentRules.Begin(order, order.BuyerId, payment, Now, Hold, PaymentTime).Value.After.ExpiresAt, Is.EqualTo(order.ExpiresAt));
    }

    [Test]
    public void Beginning_the_same_payment_twice_changes_nothing()
    {
        var order = SampleOrder.UnderWay(payment);

        Assert.That(PaymentRules.Begin(order, order.BuyerId, payment, Now.AddHours(1), Hold, PaymentTime).Value.IsNothing, Is.True);
    }

    [Test]
    public void Refuses_a_second_payment_while_one_is_with_the_gateway()
    {
        var order = SampleOrder.UnderWay(payment);

        Assert.That(PaymentRules.Begin(order, order.BuyerId, otherPayment, Now, Hold, PaymentTime).Error, Is.EqualTo(BookingErrors.PaymentInProgress));
    }

    [Test]
    public void Takes_another_payment_after_one_was_declined()
    {
        var order = PaymentRules.Decline(SampleOrder.UnderWay(payment), payment).After;

        var change = PaymentRules.Begin(order, order.BuyerId, otherPayment, Now, Hold, PaymentTime).Value;

        Assert.That(change.After.PaymentId, Is.EqualTo(otherPayment));
        Assert.That(change.After.PaymentIsUnderWay, Is.True);
    }

    [Test]
    public void Refuses_to_begin_a_payment_at_the_moment_the_hold_is_over()
    {
        var order = SampleOrder.Placed();

        Assert.That(PaymentRules.Begin(order, order.BuyerId, payment, order.ExpiresAt, Hold, PaymentTime).Error, Is.EqualTo(BookingErrors.Expired));
    }

    [Test]
    public void Hides_the_order_from_others()
    {
        var order = SampleOrder.Placed();
        var stranger = SampleOrder.NewId();

        Assert.That(PaymentRules.Begin(order, stranger, payment, Now, Hold, PaymentTime).Error, Is.EqualTo(BookingErrors.NotFound));
        Assert.That(OrderRules.Cancel(order, stranger, new(Now.AddDays(1)), "order-canceled", Now).Error, Is.EqualTo(BookingErrors.NotFound));
    }

    [TestCase(OrderStatus.Paid, "order-already-paid")]
    [TestCase(OrderStatus.Expired, "order-expired")]
    [TestCase(OrderStatus.Canceled, "order-canceled")]
    [TestCase(OrderStatus.Refunded, "order-canceled")]
    public void Refuses_a_payment_of_an_order_that_is_over(OrderStatus status, string code)
    {
        var order = SampleOrder.In(status);

        Assert.That(PaymentRules.Begin(order, order.BuyerId, payment, Now, Hold, PaymentTime).Error!.Code, Is.EqualTo(code));
    }

    [Test]
    public void Captured_money_pays_the_order()
    {
        var change = PaymentRules.Confirm(SampleOrder.UnderWay(payment), payment, eventIsCanceled: false, eventHasEnded: false, Now);

        var told = (OrderPaid)change.Told()!;
        Assert.That(change.After.Status, Is.EqualTo(OrderStatus.Paid));
        Assert.That(change.After.PaymentStatus, Is.EqualTo(OrderPaymentStatus.Paid));
        Assert.That((told.PaymentId, told.Total, told.Revision), Is.EqualTo((payment, change.After.Total, 2)));
        Assert.That((change.TakesTickets, change.FreesTickets, change.Events.Length), Is.EqualTo((false, false, 1)));
    }

    [Test]
    public void Captured_money_of_another_attempt_than_the_latest_pays_the_order_too()
    {
        var change = PaymentRules.Confirm(SampleOrder.UnderWay(payment), otherPayment, eventIsCanceled: false, eventHasEnded: false, Now);

        Assert.That((change.After.Status, change.After.PaymentId), Is.EqualTo((OrderStatus.Paid, (Guid?)otherPayment)));
    }

    [Test]
    public void Captured_money_wins_over_a_hold_that_is_over_but_not_let_go()
    {
        var order = SampleOrder.UnderWay(payment);

        Assert.That(PaymentRules.Confirm(order, payment, eventIsCanceled: false, eventHasEnded: false, order.ExpiresAt.AddHours(1)).After.Status, Is.EqualTo(OrderStatus.Paid));
    }

    [Test]
    public void A_late_confirmation_takes_the_tickets_again_or_goes_back_when_they_are_gone()
    {
        var change = PaymentRules.Confirm(SampleOrder.Expired(), payment, eventIsCanceled: false, eventHasEnded: false, Now);

        Assert.That(change.TakesTickets, Is.True);
        Assert.That(change.After.Status, Is.EqualTo(OrderStatus.Paid));
        Assert.That(change.Told(), Is.TypeOf<OrderPaid>());
        var otherwise = change.IfTaken!;
        Assert.That(otherwise.After.Status, Is.EqualTo(OrderStatus.Expired));
        Assert.That(otherwise.Told(), Is.Null);
        Assert.That(otherwise.Refunds().Select(due => (due.PaymentId, due.Reason)), Is.EqualTo(new[] { (payment, "tickets-gone") }));
    }

    [Test]
    public void A_late_confirmation_goes_back_when_the_event_was_canceled()
    {
        var change = PaymentRules.Confirm(SampleOrder.Expired(), payment, eventIsCanceled: true, eventHasEnded: false, Now);

        Assert.That((change.After.Status, change.IfTaken), Is.EqualTo((OrderStatus.Expired, (OrderChange?)null)));
        Assert.That(change.Refunds().Single().Reason, Is.EqualTo("event-canceled"));
    }

    [Test]
    public void Money_for_an_order_of_a_canceled_event_cancels_the_order_and_goes_back()
    {
        var change = PaymentRules.Confirm(SampleOrder.UnderWay(payment), payment, eventIsCanceled: true, eventHasEnded: false, Now);

        Assert.That((change.After.Status, change.After.EndedAt, change.FreesTickets), Is.EqualTo((OrderStatus.Canceled, (DateTimeOffset?)Now, true)));
        Assert.That(change.Told(), Is.TypeOf<OrderCanceled>());
        Assert.That(change.Refunds().Select(due => (due.PaymentId, due.Reason)), Is.EqualTo(new[] { (payment, "event-canceled") }));
        Assert.That(PaymentRules.Confirm(change.After, payment, eventIsCanceled: true, eventHasEnded: false, Now).IsNothing, Is.True, "once");
    }

    [Test]
    public void Money_that_comes_after_the_hold_goes_back_when_the_event_has_ended()
    {
        var expired = PaymentRules.Confirm(SampleOrder.Expired(), payment, eventIsCanceled: false, eventHasEnded: true, Now);

        Assert.That((expired.After.Status, expired.IfTaken), Is.EqualTo((OrderStatus.Expired, (OrderChange?)null)));
        Assert.That(expired.Refunds().Single().Reason, Is.EqualTo("event-ended"));

        // The gateway could not be asked, so the hold was kept beyond its time.
        var kept = SampleOrder.UnderWay(payment);
        var over = PaymentRules.Confirm(kept, payment, eventIsCanceled: false, eventHasEnded: true, kept.ExpiresAt);

        Assert.That((over.After.Status, over.FreesTickets), Is.EqualTo((OrderStatus.Expired, true)));
        Assert.That(over.Told(), Is.TypeOf<OrderExpired>());
        Assert.That(over.Refunds().Single().Reason, Is.EqualTo("event-ended"));
    }

    [Test]
    public void Money_that_comes_within_the_hold_pays_the_order_although_the_event_has_ended()
    {
        var order = SampleOrder.UnderWay(payment);

        var change = PaymentRules.Confirm(order, payment, eventIsCanceled: false, eventHasEnded: true, order.ExpiresAt.AddTicks(-1));

        Assert.That(change.After.Status, Is.EqualTo(OrderStatus.Paid));
    }

    [TestCase(OrderStatus.Paid, "paid-twice")]
    [TestCase(OrderStatus.Refunded, "paid-twice")]
    [TestCase(OrderStatus.Canceled, "order-canceled")]
    public void Captured_money_that_the_order_has_no_use_for_goes_back(OrderStatus status, string reason)
    {
        var order = SampleOrder.In(status);

        var change = PaymentRules.Confirm(order, payment, eventIsCanceled: false, eventHasEnded: false, Now);

        var due = change.Refunds().Single();
        Assert.That((due.PaymentId, due.OrderId, due.Reason), Is.EqualTo((payment, order.Id, reason)));
        Assert.That(change.Told(), Is.Null);
        Assert.That(change.After.Status, Is.EqualTo(status));
        Assert.That(change.After.PaymentId, Is.EqualTo(status == OrderStatus.Canceled ? payment : order.PaymentId));
    }

    [TestCase(OrderStatus.OnPayment)]
    [TestCase(OrderStatus.Expired)]
    [TestCase(OrderStatus.Canceled)]
    public void The_same_confirmation_twice_changes_nothing(OrderStatus status)
    {
        var once = PaymentRules.Confirm(SampleOrder.In(status), payment, eventIsCanceled: false, eventHasEnded: false, Now).After;

        Assert.That(PaymentRules.Confirm(once, payment, eventIsCanceled: false, eventHasEnded: false, Now).IsNothing, Is.True);
    }

    [Test]
    public void A_refund_whose_confirmation_comes_after_it_pays_nothing()
    {
        var order = PaymentRules.RecordRefund(SampleOrder.UnderWay(payment), payment, releasesTickets: true, Now).After;

        Assert.That(PaymentRules.Confirm(order, payment, eventIsCanceled: false, eventHasEnded: false, Now).IsNothing, Is.True);
    }

    [Test]
    public void A_declined_payment_keeps_the_hold()
    {
        var order = SampleOrder.UnderWay(payment);

        var change = PaymentRules.Decline(order, payment);

        Assert.That(change.After, Is.EqualTo(order with { PaymentStatus = OrderPaymentStatus.Declined, Version = order.Version + 1 }));
        Assert.That(change.Events, Is.Empty);
    }

    [Test]
    public void Declining_a_payment_that_is_not_the_one_under_way_changes_nothing()
    {
        Assert.That(PaymentRules.Decline(SampleOrder.UnderWay(payment), otherPayment).IsNothing, Is.True);
        Assert.That(PaymentRules.Decline(SampleOrder.Paid(payment), payment).IsNothing, Is.True);
        Assert.That(PaymentRules.Decline(SampleOrder.Placed(), payment).IsNothing, Is.True);
    }

    [Test]
    public void A_hold_that_is_over_lets_its_tickets_go()
    {
        var order = SampleOrder.Placed();

        Assert.That(OrderRules.Expire(order, settledPaymentId: null, order.ExpiresAt.AddTicks(-1)).IsNothing, Is.True);
        var change = OrderRules.Expire(order, settledPaymentId: null, order.ExpiresAt);

        Assert.That(change.FreesTickets, Is.True);
        Assert.That(change.Told(), Is.TypeOf<OrderExpired>().With.Property(nameof(OrderExpired.Revision)).EqualTo(2));
    }

    [Test]
    public void A_hold_with_a_payment_under_way_goes_only_when_that_payment_is_settled()
    {
        var order = SampleOrder.UnderWay(payment);
        var late = order.ExpiresAt.AddHours(1);

        Assert.That(OrderRules.Expire(order, settledPaymentId: null, late).IsNothing, Is.True);
        Assert.That(OrderRules.Expire(order, otherPayment, late).IsNothing, Is.True);
        Assert.That(OrderRules.Expire(order, payment, late).After.Status, Is.EqualTo(OrderStatus.Expired));
    }

    [TestCase(OrderStatus.Paid)]
    [TestCase(OrderStatus.Expired)]
    [TestCase(OrderStatus.Canceled)]
    [TestCase(OrderStatus.Refunded)]
    public void Only_an_order_on_payment_expires(OrderStatus status) =>
        Assert.That(OrderRules.Expire(SampleOrder.In(status), settledPaymentId: null, Now.AddYears(1)).IsNothing, Is.True);

    [Test]
    public void An_order_on_payment_is_canceled_even_while_a_payment_is_under_way()
    {
        var order = SampleOrder.UnderWay(payment);

        var change = OrderRules.Cancel(order, order.BuyerId, new(Now), "order-canceled", Now).Value;

        Assert.That((change.After.Status, change.FreesTickets), Is.EqualTo((OrderStatus.Canceled, true)));
        Assert.That(change.Told(), Is.TypeOf<OrderCanceled>());
        Assert.That(change.Refunds(), Is.Empty);
    }

    [Test]
    public void A_paid_order_given_back_is_refunded()
    {
        var order = SampleOrder.Paid(payment);

        var change = OrderRules.Cancel(order, order.BuyerId, new(Now.AddTicks(1)), "order-canceled", Now).Value;

        Assert.That((change.After.Status, change.FreesTickets, change.After.PaymentStatus), Is.EqualTo((OrderStatus.Refunded, true, (OrderPaymentStatus?)OrderPaymentStatus.Paid)));
        Assert.That(change.Told(), Is.TypeOf<OrderRefunded>().With.Property(nameof(OrderRefunded.PaymentId)).EqualTo(payment));
        Assert.That(change.Refunds().Select(due => (due.PaymentId, due.Reason)), Is.EqualTo(new[] { (payment, "order-canceled") }));
    }

    [Test]
    public void A_buyer_gives_a_paid_order_back_only_until_the_sale_closes_and_staff_always()
    {
        var order = SampleOrder.Paid(payment);

        Assert.That(OrderRules.Cancel(order, order.BuyerId, new(Now), "order-canceled", Now).Error, Is.EqualTo(BookingErrors.RefundClosed));
        Assert.That(OrderRules.Cancel(order, buyerId: null, default, "order-canceled", Now).Value.After.Status, Is.EqualTo(OrderStatus.Refunded));
    }

    [Test]
    public void Canceling_twice_changes_nothing_and_an_expired_order_cannot_be_canceled()
    {
        Assert.That(OrderRules.Cancel(SampleOrder.Canceled(), buyerId: null, default, "order-canceled", Now).Value.IsNothing, Is.True);
        Assert.That(OrderRules.Cancel(SampleOrder.Refunded(payment), buyerId: null, default, "order-canceled", Now).Value.IsNothing, Is.True);
        Assert.That(OrderRules.Cancel(SampleOrder.Expired(), buyerId: null, default, "order-canceled", Now).Error, Is.EqualTo(BookingErrors.Expired));
    }

    [Test]
    public void A_refund_is_noted_once()
    {
        var change = PaymentRules.RecordRefund(SampleOrder.Refunded(payment), payment, releasesTickets: true, Now);

        Assert.That(change.After.PaymentStatus, Is.EqualTo(OrderPaymentStatus.Refunded));
        Assert.That(change.Events, Is.Empty);
        Assert.That(PaymentRules.RecordRefund(change.After, payment, releasesTickets: true, Now).IsNothing, Is.True);
    }

    [Test]
    public void A_confirmation_that_comes_after_its_refund_buys_nothing()
    {
        var order = PaymentRules.RecordRefund(SampleOrder.UnderWay(payment), otherPayment, releasesTickets: true, Now).After;

        Assert.That(PaymentRules.Confirm(order, otherPayment, eventIsCanceled: false, eventHasEnded: false, Now).IsNothing, Is.True);
        Assert.That(PaymentRules.RecordRefund(order, otherPayment, releasesTickets: true, Now).IsNothing, Is.True);
        Assert.That(PaymentRules.Confirm(order, payment, eventIsCanceled: false, eventHasEnded: false, Now).After.Status, Is.EqualTo(OrderStatus.Paid), "the other attempt still counts");
    }

    [Test]
    public void A_refund_is_remembered_over_the_next_attempt()
    {
        var order = PaymentRules.RecordRefund(SampleOrder.UnderWay(payment), payment, releasesTickets: true, Now).After;
        order = PaymentRules.Begin(order, order.BuyerId, otherPayment, Now, Hold, PaymentTime).Value.After;

        Assert.That(PaymentRules.Confirm(order, payment, eventIsCanceled: false, eventHasEnded: false, Now).IsNothing, Is.True);
    }

    [Test]
    public void Money_that_the_gateway_takes_back_by_itself_frees_the_tickets()
    {
        var change = PaymentRules.RecordRefund(SampleOrder.Paid(payment), payment, releasesTickets: true, Now);

        Assert.That((change.After.Status, change.After.PaymentStatus, change.FreesTickets), Is.EqualTo((OrderStatus.Refunded, (OrderPaymentStatus?)OrderPaymentStatus.Refunded, true)));
        Assert.That(change.Told(), Is.TypeOf<OrderRefunded>());
        Assert.That(change.Refunds(), Is.Empty);
    }
}
