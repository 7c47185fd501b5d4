using TicketBooth.Booking.OnSale;
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
}
