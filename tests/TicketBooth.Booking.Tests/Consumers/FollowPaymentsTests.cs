using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;
using TicketBooth.Testing;

namespace TicketBooth.Booking.Tests.Consumers;

/// <summary>Payments' messages through the real relay, every one of them twice, and in orders that they should not come in.</summary>
internal sealed class FollowPaymentsTests
{
    private BookingHost host = null!;
    private EventForSale sale = null!;
    private Guid buyer;
    private OrderView order = null!;
    private Guid payment;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await BookingHost.StartAsync();

    [OneTimeTearDown]
    public ValueTask StopAsync() => host.DisposeAsync();

    [SetUp]
    public async Task BeginAsync()
    {
        sale = host.Events.Publish(1);
        (buyer, payment) = (host.NewId(), host.NewId());
        order = (await host.SendAsync(new RequestOrder(buyer, null, sale.Id, null, 1))).Value;
        await host.SendAsync(new BeginPayment(order.Id, buyer, payment));
    }

    [Test]
    public async Task A_confirmed_payment_pays_the_order_once()
    {
        var confirmed = Confirmed(payment);

        await host.DeliverAsync(confirmed, confirmed);
        await host.DeliverAsync(confirmed);

        var paid = await host.LoadAsync(order.Id);
        Assert.That((paid.Status, paid.PaymentId, paid.Revision), Is.EqualTo((OrderStatus.Paid, (Guid?)payment, 2)));
        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderPaid 2" }));
    }

    [Test]
    public async Task An_order_is_loaded_once_to_be_paid()
    {
        var loaded = host.StoreOf(order.Id).Loaded;
        var before = loaded.Count(id => id == order.Id);

        await host.DeliverAsync(Confirmed(payment));

        Assert.That(loaded.Count(id => id == order.Id) - before, Is.EqualTo(1));
    }

    [Test]
    public async Task A_second_payment_goes_back_once()
    {
        var second = Confirmed(host.NewId());

        await host.DeliverAsync(Confirmed(payment), second, second);
        await host.DeliverAsync(second);

        Assert.That((await host.LoadAsync(order.Id)).PaymentId, Is.EqualTo(payment));
        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderPaid 2", "RefundDue paid-twice" }));
    }

    [Test]
    public async Task A_declined_payment_leaves_the_hold_for_another_attempt()
    {
        var declined = Declined(payment);
        await host.DeliverAsync(declined, declined);
        Assert.That((await host.LoadAsync(order.Id)).PaymentStatus, Is.EqualTo(OrderPaymentStatus.Declined));
        var second = host.NewId();
        Assert.That((await host.SendAsync(new BeginPayment(order.Id, buyer, second))).IsSuccess, Is.True);

        await host.DeliverAsync(declined, Declined(payment));

        Assert.That((await host.LoadAsync(order.Id)).PaymentIsUnderWay, Is.True, "the refusal of the first attempt is not the second one's");
    }

    [Test]
    public async Task A_refusal_that_comes_after_the_confirmation_changes_nothing()
    {
        await host.DeliverAsync(Confirmed(payment), Declined(payment), Declined(payment));

        Assert.That((await host.LoadAsync(order.Id)).PaymentStatus, Is.EqualTo(OrderPaymentStatus.Paid));
    }

    [Test]
    public async Task A_refund_at_the_gateway_is_noted_and_the_ticket_stays_with_the_buyer_until_staff_release_it()
    {
        var refunded = Refunded(payment);

        await host.DeliverAsync(Confirmed(payment), refunded, refunded, Refunded(payment));

        var after = await host.LoadAsync(order.Id);
        Assert.That((after.Status, after.PaymentStatus, after.Returned), Is.EqualTo((OrderStatus.Paid, (OrderPaymentStatus?)OrderPaymentStatus.Refunded, order.Total)));
        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderPaid 2", "OrderPartlyRefunded 3" }));
        Assert.That((await host.SendAsync(new RequestOrder(buyer, sale.TicketIds(1), null, null, null))).Error!.Code, Is.EqualTo("ticket-taken"));

        await host.SendAsync(new Contracts.RefundOrder(order.Id, null, null, "The buyer called.", ReleaseTickets: true, new Actor(host.NewId(), "Ana")));
        Assert.That(Said().Last(), Is.EqualTo("OrderRefunded 4"));
        Assert.That((await host.SendAsync(new RequestOrder(buyer, sale.TicketIds(1), null, null, null))).IsSuccess, Is.True);
    }

    [Test]
    public async Task A_part_that_goes_back_at_the_gateway_is_booked_once()
    {
        var part = host.Encode(new PaymentPartlyRefunded(payment, order.Id, "re_1", AskedAs: null, 1_000, 1_000, "BRL", host.Clock.GetUtcNow()), order.Id);

        await host.DeliverAsync(Confirmed(payment), part, part);
        await host.DeliverAsync(host.Encode(new PaymentPartlyRefunded(payment, order.Id, "re_1", AskedAs: null, 1_000, 1_000, "BRL", host.Clock.GetUtcNow()), order.Id));

        var after = await host.LoadAsync(order.Id);
        Assert.That((after.Status, after.Returned), Is.EqualTo((OrderStatus.Paid, 1_000L)));
        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderPaid 2", "OrderPartlyRefunded 3" }));
    }

    [Test]
    public async Task A_refund_that_the_gateway_refuses_fails_and_may_succeed_by_hand()
    {
        await host.DeliverAsync(Confirmed(payment));
        var asked = (await host.SendAsync(new Contracts.RefundOrder(order.Id, null, 500, "A little.", null, new Actor(host.NewId(), "Ana")))).Value.Refunds.Single();
        Assert.That(asked.Status, Is.EqualTo(OrderRefundStatus.Asked));

        await host.DeliverAsync(host.Encode(new RefundFailed(payment, order.Id, asked.Id, 500, "BRL", "account-closed", host.Clock.GetUtcNow()), order.Id));
        var failed = (await host.LoadAsync(order.Id)).Refunds.Single();
        Assert.That((failed.Status, failed.Failure), Is.EqualTo((OrderRefundStatus.Failed, "account-closed")));

        await host.DeliverAsync(host.Encode(new PaymentPartlyRefunded(payment, order.Id, "by-hand", asked.Id, 500, 500, "BRL", host.Clock.GetUtcNow()), order.Id));
        Assert.That((await host.LoadAsync(order.Id)).Refunds.Single().Status, Is.EqualTo(OrderRefundStatus.Settled));
    }

    [Test]
    public async Task A_refund_that_comes_before_its_confirmation_keeps_the_money_out_of_the_order()
    {
        await host.DeliverAsync(Refunded(payment), Confirmed(payment), Confirmed(payment));

        Assert.That((await host.LoadAsync(order.Id)).Status, Is.EqualTo(OrderStatus.OnPayment));
        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1" }));
    }

    [Test]
    public async Task A_confirmation_of_a_canceled_order_goes_back_once()
    {
        await host.SendAsync(new CancelOrder(order.Id, buyer));
        var confirmed = Confirmed(payment);

        await host.DeliverAsync(confirmed, confirmed, Confirmed(payment));

        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderCanceled 2", "RefundDue order-canceled" }));
    }

    [Test]
    public async Task A_late_confirmation_takes_the_ticket_again_or_goes_back()
    {
        await ExpireAsync();
        var rival = (await host.SendAsync(new RequestOrder(host.NewId(), sale.TicketIds(1), null, null, null))).Value;
        var confirmed = Confirmed(payment);
        await host.DeliverAsync(confirmed, confirmed);
        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderExpired 2", "RefundDue tickets-gone" }));

        await host.SendAsync(new CancelOrder(rival.Id, null));
        await host.DeliverAsync(confirmed, Confirmed(payment));
        Assert.That((await host.LoadAsync(order.Id)).Status, Is.EqualTo(OrderStatus.Expired), "the money has gone back; the free ticket is not its any more");

        await host.DeliverAsync(Confirmed(host.NewId()));
        Assert.That((await host.LoadAsync(order.Id)).Status, Is.EqualTo(OrderStatus.Paid));
    }

    [Test]
    public async Task A_confirmation_that_waited_while_the_event_was_canceled_goes_back()
    {
        await ExpireAsync();
        var other = host.Events.Publish(1);
        await host.SendAsync(new RequestOrder(buyer, null, other.Id, null, 1));
        var (lane, store) = (host.ShardOf(order.Id).Lane, host.StoreOf(order.Id));
        store.CloseForWrites();
        var inHand = host.SendAsync(new RequestOrder(buyer, null, host.Events.Publish(1).Id, null, 1));
        await store.ReachedAsync();
        await host.PostAsync(Confirmed(payment));
        await Eventually.Async(() => Task.FromResult(lane.Depth), depth => depth == 1, "the confirmation to wait in the lane");

        host.Events.Change(sale.Id, known => known with { IsCanceled = true });
        await host.Get<OnSaleCatalog>().RefreshAsync(sale.Id, CancellationToken.None);
        store.Open();
        await inHand;
        await host.DeliveredAsync();

        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderExpired 2", "RefundDue event-canceled" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Late_money_for_an_event_that_was_canceled_after_its_close_goes_back_although_this_host_got_no_message(bool holdIsOver)
    {
        if (holdIsOver)
        {
            await ExpireAsync();
        }

        host.Events.Change(sale.Id, known => known with { SaleClosesAt = host.Clock.GetUtcNow(), IsCanceled = true });
        host.Clock.Advance(OnSaleCatalog.Bound);

        await host.DeliverAsync(Confirmed(payment), Confirmed(payment));

        // A worker of this host may have canceled the order first.
        Assert.That((await host.LoadAsync(order.Id)).Status, Is.EqualTo(holdIsOver ? OrderStatus.Expired : OrderStatus.Canceled));
        Assert.That(Said().Where(said => said.StartsWith("RefundDue", StringComparison.Ordinal)), Has.Exactly(1).Items);
    }

    [Test]
    public async Task A_confirmation_that_comes_when_the_show_is_over_goes_back()
    {
        await ExpireAsync();
        host.Events.Change(sale.Id, known => known with { EndsAt = host.Clock.GetUtcNow() });
        await host.Get<OnSaleCatalog>().RefreshAsync(sale.Id, CancellationToken.None);
        var confirmed = Confirmed(payment);

        await host.DeliverAsync(confirmed, confirmed);

        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderExpired 2", "RefundDue event-ended" }));
    }

    [Test]
    public async Task Many_orders_messages_side_by_side_each_have_their_effect_once()
    {
        var many = host.Events.Publish(60);
        var orders = await Task.WhenAll(Enumerable.Range(1, 60).Select(async number => (await host.SendAsync(new RequestOrder(buyer, many.TicketIds(number), null, null, null))).Value));
        var entries = orders.Select(placed => host.Encode(new PaymentConfirmed(host.NewId(), placed.Id, placed.Total, "BRL", host.Clock.GetUtcNow()), placed.Id)).ToList();

        await host.DeliverAsync([.. entries.Concat(entries).OrderBy(entry => entry.MessageId.GetHashCode())]);

        var paid = await Task.WhenAll(orders.Select(placed => host.LoadAsync(placed.Id)));
        Assert.That(paid.Select(found => (found.Status, found.Revision, found.Version)), Is.All.EqualTo((OrderStatus.Paid, 2, 2)));
    }

    [Test]
    public async Task A_dispute_marks_the_order_for_staff_and_its_buyer_does_not_see_it()
    {
        await host.DeliverAsync(Confirmed(payment));
        var opened = Disputed(PaymentDisputeState.Opened);
        await host.DeliverAsync(opened, opened);
        using var clerk = host.User(host.NewId(), BuildingBlocks.Web.Roles.Clerk);
        using var owner = host.Buyer(buyer);

        var shown = (await clerk.GetAnswerAsync($"/api/v1/orders/{order.Id}")).Body!;
        await host.DeliverAsync(Disputed(PaymentDisputeState.Won));
        var won = (await clerk.GetAnswerAsync($"/api/v1/orders/{order.Id}")).Body!;

        Assert.That((string?)shown["disputes"]!.AsArray().Single()!["state"], Is.EqualTo("opened"));
        Assert.That(shown["tickets"]!.AsArray().Select(ticket => (bool?)ticket!["disputed"]), Is.All.True);
        Assert.That(((string?)won["disputes"]![0]!["state"], (bool?)won["tickets"]![0]!["disputed"]), Is.EqualTo(("won", (bool?)null)));
        Assert.That((await owner.GetAnswerAsync($"/api/v1/orders/{order.Id}")).Text, Does.Not.Contain("disput"));
        Assert.That((await owner.GetAnswerAsync("/api/v1/orders")).Text, Does.Not.Contain("disput"));
        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderPaid 2", "OrderDisputed 3", "OrderDisputed 4" }));
    }

    [Test]
    public async Task A_refund_that_was_done_fails_late_and_is_tried_again()
    {
        await host.DeliverAsync(Confirmed(payment));
        await host.SendAsync(new CancelOrder(order.Id, null));
        await host.DeliverAsync(Refunded(payment));

        await host.DeliverAsync(host.Encode(
            new RefundFailed(payment, order.Id, payment, order.Total, "BRL", "account-closed", host.Clock.GetUtcNow()) { Status = PaymentStatus.RefundFailed }, order.Id));
        var failed = await host.LoadAsync(order.Id);
        await host.DeliverAsync(host.Encode(new RefundTriedAgain(payment, order.Id, payment, order.Total, "BRL", host.Clock.GetUtcNow()) { Status = PaymentStatus.Paid }, order.Id));
        var again = await host.LoadAsync(order.Id);
        await host.DeliverAsync(Refunded(payment));
        var back = await host.LoadAsync(order.Id);

        Assert.That(
            new[] { failed, again, back }.Select(one => (one.Refunds.Single().Status, one.PaymentStatus)),
            Is.EqualTo(new[]
            {
                (OrderRefundStatus.Failed, (OrderPaymentStatus?)OrderPaymentStatus.Paid), (OrderRefundStatus.Asked, OrderPaymentStatus.Paid),
                (OrderRefundStatus.Settled, OrderPaymentStatus.Refunded),
            }));
        Assert.That(Said(), Is.EqualTo(new[] { "OrderPlaced 1", "OrderPaid 2", "OrderRefunded 3", "RefundDue order-canceled", "OrderRefundsChanged 4", "OrderRefundsChanged 5" }));
    }

    private OutboxEntry Disputed(PaymentDisputeState state) =>
        host.Encode(new PaymentDisputed(payment, order.Id, "dp_1", state, order.Total, "BRL", host.Clock.GetUtcNow()), order.Id);

    private OutboxEntry Confirmed(Guid id) => host.Encode(new PaymentConfirmed(id, order.Id, order.Total, "BRL", host.Clock.GetUtcNow()), order.Id);

    private OutboxEntry Declined(Guid id) => host.Encode(new PaymentDeclined(id, order.Id, "declined", host.Clock.GetUtcNow()), order.Id);

    private OutboxEntry Refunded(Guid id) => host.Encode(new PaymentRefunded(id, order.Id, order.Total, "BRL", host.Clock.GetUtcNow()), order.Id);

    private async Task ExpireAsync() => await host.ShardOf(order.Id).Lane.RunAsync(
        new ChangeItem(order.Id, inbox: null, (known, _) => OrderRules.Expire(known, payment, known.ExpiresAt)), CancellationToken.None);

    /// <summary>What was written to be said about the order, in its order.</summary>
    private IEnumerable<string> Said() => host.StoreOf(order.Id).Written
        .Where(write => write.Outcome == WriteOutcome.Written && write.Change.After.Id == order.Id)
        .SelectMany(write => write.Change.Refunds().Select(due => "RefundDue " + due.Reason)
            .Prepend(write.Change.Told() is { } told ? FormattableString.Invariant($"{told.GetType().Name} {told.Revision}") : null))
        .OfType<string>();
}
