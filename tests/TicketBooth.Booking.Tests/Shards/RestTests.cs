using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>A lane that has nothing to do gives its memory back, and decides afterwards as before.</summary>
internal sealed class RestTests
{
    private static readonly TimeSpan Idle = RestLanesWorker.Idle;

    [Test]
    public async Task Forgets_who_has_which_ticket_and_asks_the_store_again()
    {
        await using var bench = await BookingBench.OpenAsync(("Booking:HoldMinutes", "60"), ("Booking:MaxTicketsPerBuyer", "1"));
        var sale = bench.Events.Publish(3);
        var buyer = bench.NewId();
        var lane = (await bench.ShardOfAsync(sale)).Lane;
        Assert.That((await bench.OrderAsync(buyer, sale, 1)).IsSuccess);
        Assert.That((await bench.OrderAsync(sale, 1)).Error, Is.EqualTo(BookingErrors.TicketTaken));
        Assert.That(Knows(), Is.True);

        lane.RestAfter(Idle);
        Assert.That((await bench.OrderAsync(sale, 2)).IsSuccess, "what comes after it in the queue");
        Assert.That(Knows(), Is.True, "it has just worked");
        bench.Clock.Advance(Idle);
        lane.RestAfter(Idle);
        await Eventually.Async(() => Task.FromResult(Knows()), knows => !knows, "the lane to forget");

        Assert.That((await bench.OrderAsync(sale, 1)).Error, Is.EqualTo(BookingErrors.TicketTaken));
        Assert.That((await bench.OrderAsync(buyer, sale, 3)).Error?.Code, Is.EqualTo("ticket-limit"));
        Assert.That((await bench.OrderBestAsync(sale)).Value.Tickets.Single().Number, Is.EqualTo(3));

        bool Knows() => lane.IsKnownToRefuse(sale.TicketIds(1), new BuyerOfEvent(sale.Id, Guid.NewGuid()));
    }

    [Test]
    public async Task Orders_that_come_while_it_rests_are_all_placed()
    {
        const int Tickets = 200;
        await using var bench = await BookingBench.OpenAsync(("Booking:HoldMinutes", "60"));
        var sale = bench.Events.Publish(Tickets);
        var lane = (await bench.ShardOfAsync(sale)).Lane;

        var orders = await Task.WhenAll(Enumerable.Range(0, Tickets).Select(_ => Task.Run(async () =>
        {
            lane.RestAfter(TimeSpan.Zero);
            return await bench.OrderBestAsync(sale);
        })));

        Assert.That(orders.Select(order => order.Value.Tickets.Single().Number).Order(), Is.EqualTo(Enumerable.Range(1, Tickets)));
    }
}
