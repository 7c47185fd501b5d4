using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>Refusals that need no place in the lane (ADR 0047), and what must never be refused so.</summary>
internal sealed class TakenTicketsTests
{
    [Test]
    public async Task Who_wants_a_ticket_that_is_known_to_be_taken_is_refused_while_the_lane_waits()
    {
        await using var bench = await BookingBench.OpenAsync();
        var sale = bench.Events.Publish(10);
        await TakeAsync(bench, sale, 1);
        var store = await bench.StoreOfAsync(sale);
        store.Close();
        var waiting = bench.OrderAsync(sale, 5);
        await store.ReachedAsync();

        var refused = await bench.OrderAsync(sale, 1);

        Assert.That(refused.Error, Is.EqualTo(BookingErrors.TicketTaken));
        Assert.That(waiting.IsCompleted, Is.False);
        store.Open();
        Assert.That((await waiting).IsSuccess);
    }

    [Test]
    public async Task A_ticket_is_sold_as_soon_as_its_order_is_canceled()
    {
        await using var bench = await BookingBench.OpenAsync();
        var sale = bench.Events.Publish(10);
        var order = await TakeAsync(bench, sale, 1);
        await CancelAsync(bench, order.Id);

        Assert.That((await bench.OrderAsync(sale, 1)).IsSuccess);
    }

    [Test]
    public async Task A_ticket_is_sold_as_soon_as_its_hold_is_over()
    {
        await using var bench = await BookingBench.OpenAsync();
        var sale = bench.Events.Publish(10);
        await TakeAsync(bench, sale, 1);
        bench.Clock.Advance(bench.Options.Hold);

        Assert.That((await bench.OrderAsync(sale, 1)).IsSuccess);
    }

    [Test]
    public async Task A_buyer_is_told_of_their_own_order_however_often_they_ask()
    {
        await using var bench = await BookingBench.OpenAsync();
        var sale = bench.Events.Publish(10);
        var buyer = bench.NewId();
        var order = await TakeAsync(bench, sale, 1, buyer);

        for (var i = 0; i < 2; i++)
        {
            var refused = await bench.OrderAsync(buyer, sale, 1);
            Assert.That((refused.Error?.Code, refused.Error?.Ids?.Values.Single()), Is.EqualTo(("ticket-taken", (Guid?)order.Id)));
        }
    }

    [Test]
    public async Task A_price_that_has_changed_is_said_before_that_the_ticket_is_taken()
    {
        await using var bench = await BookingBench.OpenAsync();
        var sale = bench.Events.Publish(10);
        var order = await TakeAsync(bench, sale, 1);

        var refused = await bench.SendAsync(new RequestOrder(bench.NewId(), sale.TicketIds(1), null, null, null, null, order.Total + 1));
        var lost = await bench.SendAsync(new RequestOrder(bench.NewId(), sale.TicketIds(1), null, null, null, null, order.Total));

        Assert.That((refused.Error?.Code, lost.Error?.Code), Is.EqualTo(("price-changed", "ticket-taken")));
    }

    [Test]
    public async Task A_buyer_who_has_reached_the_limit_is_told_so_also_about_a_ticket_that_is_taken()
    {
        await using var bench = await BookingBench.OpenAsync(("Booking:MaxTicketsPerBuyer", "1"));
        var sale = bench.Events.Publish(10);
        await TakeAsync(bench, sale, 1);
        var buyer = bench.NewId();
        Assert.That((await bench.OrderAsync(buyer, sale, 2)).IsSuccess);

        Assert.That((await bench.OrderAsync(buyer, sale, 1)).Error?.Code, Is.EqualTo("ticket-limit"));
    }

    [Test]
    public async Task Nobody_is_refused_a_ticket_that_was_free_before_they_asked()
    {
        await using var bench = await BookingBench.OpenAsync();
        var sale = bench.Events.Publish(10);
        await TakeAsync(bench, sale, 2);
        using var enough = new CancellationTokenSource();

        // They never get both, and learn of the first ticket's order whenever there is one.
        var others = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var refusals = 0;
            for (; !enough.IsCancellationRequested; refusals++)
            {
                Assert.That((await bench.OrderAsync(sale, 1, 2)).Error, Is.EqualTo(BookingErrors.TicketTaken));
            }

            return refusals;
        })).ToList();
        for (var i = 0; i < 200; i++)
        {
            var placed = await bench.OrderAsync(sale, 1);
            Assert.That(placed.Error, Is.Null, $"Order {i}");
            await CancelAsync(bench, placed.Value.Id);
        }

        await enough.CancelAsync();
        Assert.That(await Task.WhenAll(others), Is.All.Positive);
    }

    private static Task CancelAsync(BookingBench bench, Guid orderId) =>
        bench.ChangeAsync(orderId, (order, now) => OrderRules.Cancel(order, buyerId: null, default, "no longer wanted", now));

    private static async Task<OrderView> TakeAsync(BookingBench bench, EventForSale sale, int number, Guid? buyer = null)
    {
        var order = (await bench.OrderAsync(buyer ?? bench.NewId(), sale, number)).Value;

        // The first who comes too late teaches the lane.
        Assert.That((await bench.OrderAsync(sale, number)).Error, Is.EqualTo(BookingErrors.TicketTaken));
        return order;
    }
}
