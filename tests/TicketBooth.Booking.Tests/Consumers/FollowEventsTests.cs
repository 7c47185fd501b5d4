using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Tests.Consumers;

/// <summary>Events' messages through the real relay, every one of them twice.</summary>
internal sealed class FollowEventsTests
{
    private BookingHost host = null!;
    private EventForSale sale = null!;
    private Guid buyer;

    [OneTimeSetUp]
    public async Task StartAsync() => host = await BookingHost.StartAsync();

    [OneTimeTearDown]
    public ValueTask StopAsync() => host.DisposeAsync();

    [SetUp]
    public void Publish()
    {
        sale = host.Events.Publish(1_200);
        buyer = host.NewId();
    }

    [Test]
    public async Task A_changed_price_is_that_of_new_orders_and_of_no_others()
    {
        var before = await OrderAsync(1);
        host.Events.Change(sale.Id, known => known with { Tiers = [known.Tiers[0] with { Price = 12_345 }] });

        await DeliverTwiceAsync(new EventChanged(sale.Id, 2, host.Clock.GetUtcNow()));
        var after = await OrderAsync(2);
        await host.SendAsync(new BeginPayment(before.Id, buyer, host.NewId()));
        var paid = await host.ShardOf(before.Id).Lane.RunAsync(
            new ChangeItem(before.Id, inbox: null, (order, now) => PaymentRules.Confirm(order, order.PaymentId!.Value, eventIsCanceled: false, eventHasEnded: false, now)), CancellationToken.None);

        Assert.That((after.Total, after.Tickets[0].Price), Is.EqualTo((12_345L, 12_345L)));
        Assert.That((paid.Value.Total, paid.Value.Tickets[0].Price), Is.EqualTo((10_000L, 10_000L)));
    }

    [Test]
    public async Task A_price_that_moved_is_that_of_new_orders_and_no_hold_is_dearer_for_it()
    {
        var before = await OrderAsync(1);
        host.Events.Change(sale.Id, known => known with { Tiers = [known.Tiers[0] with { Price = 12_345 }] });

        await DeliverTwiceAsync(PriceChanged(version: 2, to: 12_345));
        host.Events.Put(sale with { Version = 1 });
        await DeliverTwiceAsync(PriceChanged(version: 1, to: 10_000));

        Assert.That((await OrderAsync(2)).Total, Is.EqualTo(12_345), "and old news are no news");
        var refused = (await host.SendAsync(new RequestOrder(buyer, sale.TicketIds(3), null, null, null, ExpectedTotal: 10_000))).Error!;
        Assert.That((refused.Code, refused.Figures![BookingErrors.PriceChangedFigure]), Is.EqualTo(("price-changed", 12_345L)));
        var payment = host.NewId();
        var terms = (await host.SendAsync(new BeginPayment(before.Id, buyer, payment))).Value;
        Assert.That(terms.Amount, Is.EqualTo(10_000), "what the gateway is told");
        await PayAsync(before, payment);
        var paid = await host.LoadAsync(before.Id);
        Assert.That((paid.Status, paid.Total, paid.Tickets[0].Price), Is.EqualTo((OrderStatus.Paid, 10_000L, 10_000L)));
    }

    [Test]
    public async Task Old_news_of_an_event_change_nothing()
    {
        await OrderAsync(1);
        host.Events.Put(sale with { Version = 5, Tiers = [sale.Tiers[0] with { Price = 500 }] });
        await DeliverTwiceAsync(new EventChanged(sale.Id, 5, host.Clock.GetUtcNow()));
        host.Events.Put(sale with { Version = 4, Tiers = [sale.Tiers[0] with { Price = 400 }] });

        await DeliverTwiceAsync(new EventChanged(sale.Id, 4, host.Clock.GetUtcNow()));

        Assert.That((await OrderAsync(2)).Total, Is.EqualTo(500));
    }

    [Test]
    public async Task New_tickets_are_sold_when_the_event_has_gained_them()
    {
        await OrderAsync(1);
        Assert.That((await host.SendAsync(new RequestOrder(buyer, sale.TicketIds(1_201), null, null, null))).Error, Is.EqualTo(BookingErrors.TicketNotFound));
        host.Events.Change(sale.Id, known => known with { Tiers = [known.Tiers[0] with { Tickets = [new TicketRange(1, 1_200), new TicketRange(1_201, 5)] }] });

        await DeliverTwiceAsync(new EventChanged(sale.Id, 2, host.Clock.GetUtcNow()));

        Assert.That((await OrderAsync(1_201)).Tickets[0].Number, Is.EqualTo(1_201));
    }

    [Test]
    public async Task A_published_event_is_on_a_shard_before_anybody_asks_for_it()
    {
        host.Events.Put(sale with { Large = true });
        var directory = host.Get<IBookingDirectory>();
        var before = await directory.ShardsAsync();

        await DeliverTwiceAsync(new EventPublished(sale.Id, 1, host.Clock.GetUtcNow()));

        Assert.That(await directory.ShardsAsync(), Has.Count.EqualTo(before.Count + 1));
    }

    [Test]
    public async Task A_canceled_event_cancels_what_is_on_payment_and_refunds_what_is_paid()
    {
        var held = await OrderAsync(1);
        var underWay = await OrderAsync(2);
        await host.SendAsync(new BeginPayment(underWay.Id, buyer, host.NewId()));
        var paid = await OrderAsync(3);
        var payment = await PayAsync(paid);
        var over = await OrderAsync(4);
        await host.SendAsync(new CancelOrder(over.Id, null));
        await CancelAsync();
        await DeliverTwiceAsync(new EventCanceled(sale.Id, 3, host.Clock.GetUtcNow()));

        Assert.That((await host.LoadAsync(held.Id)).Status, Is.EqualTo(OrderStatus.Canceled));
        Assert.That((await host.LoadAsync(underWay.Id)).Status, Is.EqualTo(OrderStatus.Canceled));
        Assert.That((await host.LoadAsync(paid.Id)).Status, Is.EqualTo(OrderStatus.Refunded));
        var refunds = host.StoreOf(paid.Id).Written.Where(write => write.Change.After.EventId == sale.Id).SelectMany(write => write.Change.Refunds());
        Assert.That(refunds.Select(due => (due.PaymentId, due.OrderId, due.Reason)), Is.EqualTo(new[] { (payment, paid.Id, "event-canceled") }));
        Assert.That((await host.SendAsync(new RequestOrder(buyer, sale.TicketIds(1), null, null, null))).Error, Is.EqualTo(BookingErrors.EventCanceled));
    }

    [Test]
    public async Task A_canceled_event_takes_every_page_of_its_orders_with_it()
    {
        var orders = await Task.WhenAll(Enumerable.Range(1, 1_200).Select(OrderAsync));

        await CancelAsync();

        Assert.That(await host.ShardOf(orders[0].Id).Store.ActiveOfEventAsync(sale.Id, after: null, 10), Is.Empty);
        Assert.That(await host.ShardOf(orders[0].Id).Store.TakenNumbersAsync(sale.Id), Is.Empty);
    }

    [Test]
    public async Task An_event_canceled_while_it_sells_keeps_no_order()
    {
        var first = await OrderAsync(1);
        var stop = false;
        var buyers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var placed = 0;
            while (!Volatile.Read(ref stop))
            {
                placed += (await host.SendAsync(new RequestOrder(buyer, null, sale.Id, null, 1))).IsSuccess ? 1 : 0;
            }

            return placed;
        })).ToList();
        await host.ShardOf(first.Id).Lane.RunAsync(new ChangeItem(first.Id, inbox: null, (order, _) => OrderChange.Nothing(order)), CancellationToken.None);

        await CancelAsync();
        Volatile.Write(ref stop, true);
        await Task.WhenAll(buyers);

        Assert.That(await host.ShardOf(first.Id).Store.ActiveOfEventAsync(sale.Id, after: null, 10), Is.Empty);
    }

    private async Task CancelAsync()
    {
        host.Events.Change(sale.Id, known => known with { IsCanceled = true });
        await DeliverTwiceAsync(new EventCanceled(sale.Id, 2, host.Clock.GetUtcNow()));
    }

    /// <summary>The same message twice, and what it says once more in a message of its own.</summary>
    private async Task DeliverTwiceAsync<T>(T message)
        where T : IIntegrationEvent
    {
        OutboxEntry entry = host.Encode(message, sale.Id);
        await host.DeliverAsync(entry, entry, host.Encode(message, sale.Id));
    }

    private async Task<OrderView> OrderAsync(int number) => (await host.SendAsync(new RequestOrder(buyer, sale.TicketIds(number), null, null, null))).Value;

    private TicketPriceChanged PriceChanged(long version, long to) =>
        new(sale.Id, version, [new TierPriceChange(sale.Tiers[0].Id, 10_000, to)], PriceChangeReason.Demand, By: null, host.Clock.GetUtcNow());

    private async Task<Guid> PayAsync(OrderView order, Guid? with = null)
    {
        var payment = with ?? host.NewId();
        await host.ShardOf(order.Id).Lane.RunAsync(
            new ChangeItem(order.Id, inbox: null, (known, now) => PaymentRules.Confirm(known, payment, eventIsCanceled: false, eventHasEnded: false, now)), CancellationToken.None);
        return payment;
    }
}
