using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Domain;

/// <summary>Orders of two tickets at 100.00 each.</summary>
internal sealed class RefundRulesTests
{
    private static readonly DateTimeOffset Now = SampleOrder.Now;
    private static readonly Guid Payment = SampleOrder.NewId();
    private static readonly Actor Clerk = new(SampleOrder.NewId(), "Ana");
    private static readonly Guid One = SampleOrder.Ticket(1).Id;
    private static readonly Guid Two = SampleOrder.Ticket(2).Id;

    [Test]
    public void Without_tickets_and_amount_all_goes_back_and_the_tickets_are_free()
    {
        var change = Refund(SampleOrder.Paid(Payment));

        Assert.That((change.After.Status, change.After.Returned, change.Freed.Count), Is.EqualTo((OrderStatus.Refunded, 20_000L, 2)));
        Assert.That(change.Events.Select(told => told.GetType()), Is.EqualTo(new[] { typeof(OrderRefunded), typeof(RefundDue) }));
        Assert.That(change.After.Refunds.Single() with { TicketIds = [] }, Is.EqualTo(
            new OrderRefund(change.After.Refunds[0].Id, 3, 20_000, [], true, "Why.", Now, OrderRefundStatus.Asked) { By = Clerk, IsWhole = true }));
    }

    [Test]
    public void All_money_can_go_back_while_the_buyer_keeps_the_tickets()
    {
        var change = Refund(SampleOrder.Paid(Payment), release: false);

        Assert.That((change.After.Status, change.After.Returned, change.FreesTickets), Is.EqualTo((OrderStatus.Paid, 20_000L, false)));
        Assert.That(change.Events.OfType<PartialRefundDue>().Single().Amount, Is.EqualTo(20_000));
        Assert.That(change.Events.OfType<RefundDue>(), Is.Empty);
    }

    [Test]
    public void A_ticket_goes_back_for_its_price_and_the_order_keeps_the_other()
    {
        var order = SampleOrder.Paid(Payment);

        var change = Refund(order, [Two]);

        Assert.That((change.After.Status, change.After.Returned), Is.EqualTo((OrderStatus.Paid, 10_000L)));
        Assert.That((change.After.Held.Single().Id, change.Freed.Single().Id), Is.EqualTo((One, Two)));
        Assert.That(change.After.Tickets.Select(ticket => ticket.Released), Is.EqualTo(new[] { false, true }));
        var told = change.Events.OfType<OrderPartlyRefunded>().Single();
        Assert.That((told.Revision, told.Amount, told.Returned, told.Released.Single().Id), Is.EqualTo((3, 10_000L, 10_000L, Two)));
        var due = change.Events.OfType<PartialRefundDue>().Single();
        Assert.That((due.RefundId, due.PaymentId, due.Amount), Is.EqualTo((change.After.Refunds[0].Id, Payment, 10_000L)));
    }

    [Test]
    public void An_order_that_gives_its_last_ticket_back_is_refunded_whatever_was_kept()
    {
        var change = Refund(Refund(SampleOrder.Paid(Payment), [One], amount: 9_000).After, [Two], amount: 9_000);

        Assert.That((change.After.Status, change.After.Returned, change.After.Held.Count), Is.EqualTo((OrderStatus.Refunded, 18_000L, 0)));
        Assert.That(change.Freed.Single().Id, Is.EqualTo(Two));
        var told = change.Events.OfType<OrderRefunded>().Single();
        Assert.That((told.Amount, told.Released), Is.EqualTo(((long?)9_000, (IReadOnlyList<int>?)[2])).Using<IReadOnlyList<int>>((x, y) => x.SequenceEqual(y)));

        var kept = Refund(change.After);
        Assert.That((kept.After.Status, kept.After.Returned, kept.After.EndedAt), Is.EqualTo((OrderStatus.Refunded, 20_000L, change.After.EndedAt)));
        Assert.That(kept.Events.OfType<PartialRefundDue>().Single().Amount, Is.EqualTo(2_000), "what was kept may still go back");
    }

    [Test]
    public void An_amount_releases_nothing()
    {
        var change = Refund(SampleOrder.Paid(Payment), amount: 1_500);

        Assert.That((change.After.Status, change.After.Returned, change.FreesTickets), Is.EqualTo((OrderStatus.Paid, 1_500L, false)));
        Assert.That(ErrorOf(SampleOrder.Paid(Payment), amount: 1_500, release: true), Is.EqualTo("tickets-not-named"));
    }

    [Test]
    public void Tickets_can_be_released_without_money_and_paid_for_without_release()
    {
        var paidFor = Refund(SampleOrder.Paid(Payment), [One], release: false).After;
        Assert.That((paidFor.Held.Count, paidFor.Returned), Is.EqualTo((2, 10_000L)));

        var released = Refund(paidFor, [One], amount: 0);
        Assert.That((released.After.Held.Count, released.After.Returned, released.After.Refunds[1].Status), Is.EqualTo((1, 10_000L, OrderRefundStatus.Settled)));
        Assert.That(released.Events.Select(told => told.GetType()), Is.EqualTo(new[] { typeof(OrderPartlyRefunded) }));
    }

    [Test]
    public void Never_gives_back_more_than_was_paid()
    {
        var order = Refund(SampleOrder.Paid(Payment), amount: 15_000).After;

        var refused = RefundRules.Refund(order, Terms([One]), Now).Error!;
        Assert.That((refused.Code, refused.Figures!["left"]), Is.EqualTo(("amount-over-rest", 5_000L)));
        Assert.That(ErrorOf(order, amount: 5_001), Is.EqualTo("amount-over-rest"));
        Assert.That(Refund(order, amount: 5_000).After.Returned, Is.EqualTo(20_000));
    }

    [Test]
    public void Refuses_what_makes_no_sense()
    {
        var order = SampleOrder.Paid(Payment);

        Assert.That(ErrorOf(SampleOrder.Placed()), Is.EqualTo("order-not-paid"));
        Assert.That(ErrorOf(SampleOrder.Canceled()), Is.EqualTo("order-not-paid"));
        Assert.That(ErrorOf(SampleOrder.Expired()), Is.EqualTo("order-not-paid"));
        Assert.That(ErrorOf(order, [SampleOrder.Ticket(3).Id]), Is.EqualTo("ticket-not-in-order"));
        Assert.That(ErrorOf(Refund(order, [One]).After, [One]), Is.EqualTo("ticket-released"));
        Assert.That(ErrorOf(order, amount: 0), Is.EqualTo("nothing-to-refund"));
        Assert.That(ErrorOf(order, [One], amount: 0, release: false), Is.EqualTo("nothing-to-refund"));
        Assert.That(ErrorOf(SampleOrder.Refunded(Payment)), Is.EqualTo("nothing-to-refund"));
    }

    [Test]
    public void The_same_refund_comes_once()
    {
        var terms = Terms([One]);
        var once = RefundRules.Refund(SampleOrder.Paid(Payment), terms, Now).Value.After;

        Assert.That(RefundRules.Refund(once, terms, Now).Value.IsNothing, Is.True);
    }

    [Test]
    public void The_gateways_word_settles_or_fails_a_refund()
    {
        var asked = Refund(SampleOrder.Paid(Payment), [One]).After;
        var id = asked.Refunds[0].Id;

        var failed = GatewayRefundRules.RecordFailure(asked, Failed(id, "account-closed"), Now).After;
        Assert.That((failed.Refunds[0].Status, failed.Refunds[0].Failure, failed.Returned), Is.EqualTo((OrderRefundStatus.Failed, "account-closed", 10_000L)));
        Assert.That(ErrorOf(failed, amount: 10_001), Is.EqualTo("amount-over-rest"), "the buyer still has it to get");

        var settled = GatewayRefundRules.RecordPart(failed, Payment, id, "re_1", 10_000, Now);
        Assert.That((settled.After.Refunds.Single().Status, settled.After.Refunds[0].Failure), Is.EqualTo((OrderRefundStatus.Settled, (string?)null)));
        Assert.That(GatewayRefundRules.RecordPart(settled.After, Payment, id, "re_1", 10_000, Now).IsNothing, Is.True);
    }

    [Test]
    public void A_refund_that_was_done_fails_late_is_tried_again_and_each_turn_is_told()
    {
        var asked = Refund(SampleOrder.Paid(Payment), [One]).After;
        var id = asked.Refunds[0].Id;
        var settled = GatewayRefundRules.RecordPart(asked, Payment, id, "re_1", 10_000, Now).After;

        var failed = GatewayRefundRules.RecordFailure(settled, Failed(id), Now.AddDays(3));
        var again = GatewayRefundRules.RecordAgain(failed.After, Payment, id, Now.AddDays(4));
        var twice = GatewayRefundRules.RecordFailure(again.After, Failed(id), Now.AddDays(5));
        var byHand = GatewayRefundRules.RecordPart(twice.After, Payment, id, "re_1", 10_000, Now.AddDays(6));

        var turns = new[] { failed, again, twice, byHand };
        Assert.That(turns.Select(turn => turn.After.Refunds[0].Status), Is.EqualTo(new[] { OrderRefundStatus.Failed, OrderRefundStatus.Asked, OrderRefundStatus.Failed, OrderRefundStatus.Settled }));
        Assert.That(turns.Select(turn => ((OrderRefundsChanged)turn.Told()!).Refunds.Single().FailedAt), Is.EqualTo(new DateTimeOffset?[] { Now.AddDays(3), null, Now.AddDays(5), null }));
        Assert.That(turns.Select(turn => turn.After.Refunds[0].ChangedIn), Is.EqualTo(turns.Select(turn => (int?)turn.After.Revision)));
        Assert.That(turns.Select(turn => turn.After.Returned), Is.All.EqualTo(10_000), "the buyer has it to get all the time");
        Assert.That(GatewayRefundRules.RecordFailure(failed.After, Failed(id), Now).IsNothing, Is.True, "it has failed already");
    }

    [Test]
    public void All_of_the_money_comes_back_late_and_the_order_knows_that_it_is_not_refunded_yet()
    {
        var refunded = PaymentRules.RecordRefund(Refund(SampleOrder.Paid(Payment)).After, Payment, releasesTickets: false, Now).After;

        var failed = GatewayRefundRules.RecordFailure(refunded, Failed(Payment), Now).After;
        var spare = GatewayRefundRules.RecordFailure(refunded, Failed(SampleOrder.NewId()) with { IsKept = false }, Now);
        var back = PaymentRules.RecordRefund(failed, Payment, releasesTickets: false, Now).After;

        Assert.That((refunded.PaymentStatus, failed.PaymentStatus, back.PaymentStatus), Is.EqualTo((OrderPaymentStatus.Refunded, OrderPaymentStatus.Paid, OrderPaymentStatus.Refunded)));
        Assert.That((failed.Refunds[0].Status, back.Refunds[0].Status), Is.EqualTo((OrderRefundStatus.Failed, OrderRefundStatus.Settled)));
        Assert.That(spare.IsNothing, Is.True, "the refund of a spare capture is not the order's");
    }

    [Test]
    public void What_the_console_gave_back_and_came_back_may_be_given_back_afresh()
    {
        var booked = GatewayRefundRules.RecordPart(SampleOrder.Paid(Payment), Payment, askedAs: null, "re_1", 3_000, Now).After;

        var failed = GatewayRefundRules.RecordFailure(booked, Failed(Guid.Empty) with { GatewaysId = "re_1", Amount = 3_000 }, Now).After;

        Assert.That((booked.Returned, failed.Returned, failed.Refunds[0].Status), Is.EqualTo((3_000L, 0L, OrderRefundStatus.Failed)));
        Assert.That(ErrorOf(failed, amount: 20_000), Is.Null);
    }

    [Test]
    public void A_dispute_marks_the_order_and_its_tickets_until_it_is_won()
    {
        var opened = DisputeRules.Record(SampleOrder.Paid(Payment), Payment, "dp_1", OrderDisputeState.Opened, 20_000, Now);
        var won = DisputeRules.Record(opened.After, Payment, "dp_1", OrderDisputeState.Won, 20_000, Now.AddDays(9));
        var lost = DisputeRules.Record(opened.After, Payment, "dp_1", OrderDisputeState.Lost, 20_000, Now.AddDays(9));

        Assert.That(new[] { opened, won, lost }.Select(change => change.After.MarkedTickets.All(ticket => ticket.Disputed)), Is.EqualTo(new[] { true, false, true }));
        Assert.That(((OrderDisputed)lost.Told()!).State, Is.EqualTo(OrderDisputeState.Lost));
        Assert.That((lost.After.Disputes.Single().At, lost.After.Revision), Is.EqualTo((Now, opened.After.Revision + 1)));
        Assert.That(DisputeRules.Record(lost.After, Payment, "dp_1", OrderDisputeState.Opened, 20_000, Now).IsNothing, Is.True, "a decision stays");
        Assert.That(DisputeRules.Record(lost.After, Payment, "dp_1", OrderDisputeState.Lost, 20_000, Now).IsNothing, Is.True);
        Assert.That((opened.After.ToView().Disputes, opened.After.ToView().Tickets.Any(ticket => ticket.Disputed)), Is.EqualTo(((IReadOnlyList<OrderDisputeView>?)null, false)), "buyers do not see it");
        Assert.That(opened.After.ToView(forStaff: true).Disputes, Has.Count.EqualTo(1));
    }

    private static FailedRefund Failed(Guid refundId, string reason = "refused") => new(Payment, refundId, GatewaysId: null, 10_000, reason, IsKept: true);

    [Test]
    public void A_whole_refund_is_known_by_its_payment()
    {
        var asked = Refund(SampleOrder.Paid(Payment)).After;

        Assert.That(GatewayRefundRules.RecordFailure(asked, Failed(Payment), Now).After.Refunds[0].Status, Is.EqualTo(OrderRefundStatus.Failed));
        Assert.That(PaymentRules.RecordRefund(asked, Payment, releasesTickets: false, Now).After.Refunds[0].Status, Is.EqualTo(OrderRefundStatus.Settled));
        Assert.That(GatewayRefundRules.RecordPart(asked, Payment, Payment, "re_1", 20_000, Now).After.Refunds[0].Status, Is.EqualTo(OrderRefundStatus.Settled));
    }

    [Test]
    public void A_part_that_went_back_at_the_gateway_is_booked_once()
    {
        var order = SampleOrder.Paid(Payment);

        var change = GatewayRefundRules.RecordPart(order, Payment, askedAs: null, "re_1", 3_000, Now);

        Assert.That((change.After.Status, change.After.Returned, change.After.Refunds[0].Status), Is.EqualTo((OrderStatus.Paid, 3_000L, OrderRefundStatus.Settled)));
        Assert.That(change.Events.Select(told => told.GetType()), Is.EqualTo(new[] { typeof(OrderPartlyRefunded) }));
        Assert.That(GatewayRefundRules.RecordPart(change.After, Payment, askedAs: null, "re_1", 3_000, Now).IsNothing, Is.True);
        Assert.That(GatewayRefundRules.RecordPart(order, SampleOrder.NewId(), askedAs: null, "re_1", 3_000, Now).IsNothing, Is.True, "of another payment");
        Assert.That(GatewayRefundRules.RecordPart(change.After, Payment, askedAs: null, "re_2", 99_000, Now).After.Returned, Is.EqualTo(20_000));
    }

    [TestCase(false, OrderStatus.Paid, 2)]
    [TestCase(true, OrderStatus.Refunded, 0)]
    public void All_that_went_back_at_the_gateway_frees_the_tickets_by_setting(bool releases, OrderStatus status, int held)
    {
        var whole = PaymentRules.RecordRefund(SampleOrder.Paid(Payment), Payment, releases, Now);
        Assert.That((whole.After.Status, whole.After.Returned, whole.After.Held.Count), Is.EqualTo((status, 20_000L, held)));
        Assert.That(whole.Told(), Is.Not.Null);

        // The last part comes as a part, and then as all.
        var parts = GatewayRefundRules.RecordPart(SampleOrder.Paid(Payment), Payment, askedAs: null, "re_1", 20_000, Now).After;
        var all = PaymentRules.RecordRefund(parts, Payment, releases, Now);
        Assert.That((all.After.Status, all.After.Returned, all.After.Held.Count), Is.EqualTo((status, 20_000L, held)));
        Assert.That(PaymentRules.RecordRefund(all.After, Payment, releases, Now).IsNothing, Is.True);
        Assert.That(GatewayRefundRules.RecordPart(whole.After, Payment, askedAs: null, "re_1", 20_000, Now).IsNothing, Is.True, "the part after the whole");
    }

    [Test]
    public void Tickets_that_staff_left_to_the_buyer_stay_theirs_when_the_money_is_back()
    {
        var kept = Refund(SampleOrder.Paid(Payment), release: false).After;

        var settled = PaymentRules.RecordRefund(kept, Payment, releasesTickets: true, Now);

        Assert.That((settled.After.Status, settled.After.Held.Count, settled.After.Refunds.Single().Status), Is.EqualTo((OrderStatus.Paid, 2, OrderRefundStatus.Settled)));
        Assert.That(settled.Told(), Is.Null);
    }

    [Test]
    public void Staff_release_the_tickets_of_an_order_whose_money_went_back_at_the_gateway()
    {
        var open = PaymentRules.RecordRefund(SampleOrder.Paid(Payment), Payment, releasesTickets: false, Now).After;

        var change = Refund(open, release: true);

        Assert.That((change.After.Status, change.After.Returned, change.Freed.Count), Is.EqualTo((OrderStatus.Refunded, 20_000L, 2)));
        Assert.That(change.Events.Select(told => told.GetType()), Is.EqualTo(new[] { typeof(OrderRefunded) }), "no money is left to go back");
    }

    [TestCase(10, 20_000, 18_000)]
    [TestCase(0, 20_000, 20_000)]
    [TestCase(100, 20_000, 0)]
    [TestCase(15, 9_990, 8_491)] // 1498.5 is kept as 1499
    public void A_buyers_own_cancellation_keeps_the_fee_rounded_half_up(int fee, long total, long back)
    {
        var paid = SampleOrder.Paid(Payment);
        var order = paid with { Total = total, Tickets = [paid.Tickets[0] with { Price = total - 1 }, paid.Tickets[1] with { Price = 1 }] };

        var change = OrderRules.Cancel(order, order.BuyerId, new CancelTerms(Now.AddHours(1), fee), "order-canceled", Now).Value;

        Assert.That((change.After.Status, change.After.Returned, change.Freed.Count), Is.EqualTo((OrderStatus.Refunded, back, 2)));
        Assert.That(change.Events.OfType<RefundDue>().Count(), Is.EqualTo(fee == 0 ? 1 : 0));
        Assert.That(change.Events.OfType<PartialRefundDue>().Sum(due => due.Amount), Is.EqualTo(fee == 0 ? 0 : back));
        Assert.That(OrderRules.Cancel(order, buyerId: null, new CancelTerms(Now, fee), "event-canceled", Now).Value.After.Returned, Is.EqualTo(total), "others keep no fee");
    }

    private static RefundTerms Terms(IReadOnlyList<Guid>? tickets = null, long? amount = null, bool? release = null) =>
        new(SampleOrder.NewId(), tickets, amount, release, "Why.", Clerk);

    private static OrderChange Refund(Order order, IReadOnlyList<Guid>? tickets = null, long? amount = null, bool? release = null) =>
        RefundRules.Refund(order, Terms(tickets, amount, release), Now).Value;

    private static string? ErrorOf(Order order, IReadOnlyList<Guid>? tickets = null, long? amount = null, bool? release = null) =>
        RefundRules.Refund(order, Terms(tickets, amount, release), Now).Error?.Code;
}
