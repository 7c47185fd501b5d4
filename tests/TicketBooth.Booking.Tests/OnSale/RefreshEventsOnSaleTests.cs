using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Orders;
using TicketBooth.Booking.Tests.Support;

namespace TicketBooth.Booking.Tests.OnSale;

internal sealed class RefreshEventsOnSaleTests
{
    private BookingBench bench = null!;

    private RefreshEventsOnSaleWorker Worker => bench.Get<RefreshEventsOnSaleWorker>();

    [SetUp]
    public async Task OpenAsync() => bench = await BookingBench.OpenAsync();

    [TearDown]
    public ValueTask CloseAsync() => bench.DisposeAsync();

    [Test]
    public async Task A_new_price_holds_after_a_round_without_any_message()
    {
        var sale = bench.Events.Publish(5);
        await bench.OnSaleAsync(sale);
        bench.Events.Change(sale.Id, known => known with { Tiers = [known.Tiers[0] with { Price = 12_345 }] });

        await Worker.RunOnceAsync(CancellationToken.None);

        Assert.That(bench.Catalog.Newest(sale.Id).Ticket(1).Price, Is.EqualTo(12_345));
    }

    [Test]
    public async Task An_event_that_cannot_be_queried_keeps_no_other_from_being_refreshed()
    {
        var sales = Enumerable.Range(0, 20).Select(_ => bench.Events.Publish(5)).ToList();
        foreach (var sale in sales)
        {
            await bench.OnSaleAsync(sale);
            bench.Events.Change(sale.Id, known => known with { IsCanceled = true });
        }

        bench.Events.Failing.UnionWith(sales.Take(10).Select(sale => sale.Id));
        await Worker.RunOnceAsync(CancellationToken.None);
        Assert.That(sales.Count(sale => bench.Catalog.Newest(sale.Id).IsCanceled), Is.EqualTo(10));

        bench.Events.Failing.Clear();
        await Worker.RunOnceAsync(CancellationToken.None);
        Assert.That(sales.Count(sale => bench.Catalog.Newest(sale.Id).IsCanceled), Is.EqualTo(20), "the next round is the retry");
    }

    [Test]
    public async Task A_sale_that_is_extended_after_its_close_goes_on()
    {
        var sale = bench.Events.Publish(5);
        await bench.OrderAsync(sale, 1);
        bench.Clock.SetUtcNow(sale.SaleClosesAt);
        await Worker.RunOnceAsync(CancellationToken.None);
        Assert.That((await bench.OrderAsync(sale, 2)).Error, Is.EqualTo(BookingErrors.SaleClosed));

        bench.Events.Change(sale.Id, known => known with { SaleClosesAt = known.SaleClosesAt.AddDays(1) });
        await Worker.RunOnceAsync(CancellationToken.None);

        Assert.That((await bench.OrderAsync(sale, 2)).IsSuccess, Is.True);
    }

    [Test]
    public async Task An_event_that_is_canceled_after_its_close_is_known_to_be_canceled()
    {
        var sale = bench.Events.Publish(5);
        await bench.OrderAsync(sale, 1);
        bench.Clock.SetUtcNow(sale.SaleClosesAt);

        bench.Events.Change(sale.Id, known => known with { IsCanceled = true });
        await Worker.RunOnceAsync(CancellationToken.None);

        Assert.That(bench.Catalog.Newest(sale.Id).IsCanceled, Is.True);
    }

    [Test]
    public async Task A_round_costs_one_query_however_many_events_there_are_and_one_for_each_that_has_changed()
    {
        var sales = Enumerable.Range(0, 200).Select(_ => bench.Events.Publish(5)).ToList();
        await Task.WhenAll(sales.Select(bench.OnSaleAsync));
        var before = bench.Events.Queries;

        await Worker.RunOnceAsync(CancellationToken.None);
        Assert.That((bench.Events.VersionQueries, bench.Events.Queries - before), Is.EqualTo((1, 0)));

        foreach (var sale in sales.Take(3))
        {
            bench.Events.Change(sale.Id, known => known with { Tiers = [known.Tiers[0] with { Price = 12_345 }] });
        }

        await Worker.RunOnceAsync(CancellationToken.None);
        Assert.That((bench.Events.VersionQueries, bench.Events.Queries - before), Is.EqualTo((2, 3)));
    }

    [Test]
    public async Task What_is_known_to_be_current_is_not_queried_by_an_order_and_what_may_be_outdated_is()
    {
        var sale = bench.Events.Publish(5);
        await bench.OrderAsync(sale, 1);
        var before = bench.Events.Queries;
        for (var second = 0; second < 10; second++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await Worker.RunOnceAsync(CancellationToken.None);
        }

        await bench.OrderAsync(sale, 2);
        Assert.That(bench.Events.Queries, Is.EqualTo(before));

        // The rounds fail, and no message comes.
        bench.Events.Change(sale.Id, known => known with { Tiers = [known.Tiers[0] with { Price = 12_345 }] });
        bench.Clock.Advance(OnSaleCatalog.Bound);

        Assert.That((await bench.OrderAsync(sale, 3)).Value.Total, Is.EqualTo(12_345));
    }

    [Test]
    public async Task What_a_host_sold_of_a_canceled_event_before_it_knew_is_canceled_and_refunded_without_any_message()
    {
        var sale = bench.Events.Publish(5);
        var (held, paid) = ((await bench.OrderAsync(sale, 1)).Value, (await bench.OrderAsync(sale, 2)).Value);
        var payment = bench.NewId();
        await bench.ConfirmAsync(paid.Id, payment);
        bench.Events.Change(sale.Id, known => known with { IsCanceled = true });

        await Worker.RunOnceAsync(CancellationToken.None);
        await bench.Get<CancelOrdersOfCanceledEventsWorker>().RunOnceAsync(CancellationToken.None);

        Assert.That((await bench.LoadAsync(held.Id)).Status, Is.EqualTo(OrderStatus.Canceled));
        Assert.That((await bench.LoadAsync(paid.Id)).Status, Is.EqualTo(OrderStatus.Refunded));
        var store = await bench.StoreOfAsync(sale);
        Assert.That(store.Written.SelectMany(write => write.Change.Refunds()).Select(due => (due.PaymentId, due.Reason)), Is.EqualTo(new[] { (payment, "event-canceled") }));
        Assert.That(bench.Catalog.CanceledWhileSold, Is.Empty, "once is enough");
    }
}
