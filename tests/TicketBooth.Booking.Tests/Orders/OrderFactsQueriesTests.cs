using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Tests.Support;

namespace TicketBooth.Booking.Tests.Orders;

internal sealed class OrderFactsQueriesTests
{
    private BookingBench bench = null!;

    [SetUp]
    public async Task OpenAsync() => bench = await BookingBench.OpenAsync();

    [TearDown]
    public Task CloseAsync() => bench.DisposeAsync().AsTask();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(1_000)]
    public async Task Pages_through_every_shard_in_the_order_of_ids_within_a_shard(int limit)
    {
        var placed = await PlaceOnThreeShardsAsync();

        var seen = new List<Guid>();
        for (
            Guid? after = null;
            (await bench.SendAsync(new ListOrderFacts(after, limit))).Value is { Count: > 0 } page;
            after = page[^1].OrderId
        )
        {
            Assert.That(page, Has.Count.LessThanOrEqualTo(limit));
            seen.AddRange(page.Select(order => order.OrderId));
        }

        Assert.That(seen, Is.EqualTo(placed), "shard by shard, each once");
    }

    [TestCase(1)]
    [TestCase(1_000)]
    public async Task Pages_through_a_span_of_ids_of_every_shard(int limit)
    {
        var placed = await PlaceOnThreeShardsAsync();
        var ids = placed.Order().ToList();
        var (first, end) = (ids[1], ids[^1]);

        var seen = new List<Guid>();
        for (
            Guid? after = null;
            (await bench.SendAsync(new ListOrderFacts(after, limit) { First = first, End = end })).Value is { Count: > 0 } page;
            after = page[^1].OrderId
        )
        {
            seen.AddRange(page.Select(order => order.OrderId));
        }

        Assert.That(seen, Is.EqualTo(placed.Where(id => id > first && id < end)));
        Assert.That(seen, Is.Not.Empty);
    }

    [TestCase(0)]
    [TestCase(1_001)]
    public async Task Refuses_a_page_of_no_sensible_size(int limit) =>
        Assert.That((await bench.SendAsync(new ListOrderFacts(null, limit))).Error!.Code, Is.EqualTo("validation-failed"));

    [Test]
    public async Task Finds_orders_of_any_shard_and_leaves_out_what_is_not_there()
    {
        var placed = await PlaceOnThreeShardsAsync();

        var found = await bench.SendAsync(
            new GetOrderFacts([
                placed[0],
                SampleOrder.NewId(),
                placed[^1],
                TicketBooth.BuildingBlocks.Kernel.TaggedId.New(SampleOrder.Now, 99),
            ])
        );

        Assert.That(found.Value.Select(order => order.OrderId), Is.EquivalentTo(new[] { placed[0], placed[^1] }));
    }

    [Test]
    public async Task Says_what_the_order_is_and_that_messages_about_it_wait()
    {
        var sale = bench.Events.Publish(5);
        var buyer = bench.NewId();
        var order = (await bench.OrderAsync(buyer, sale, 2, 3)).Value;
        var payment = bench.NewId();
        await bench.ConfirmAsync(order.Id, payment);

        var facts = (await bench.SendAsync(new GetOrderFacts([order.Id]))).Value.Single();

        Assert.That(facts.Tickets, Is.EqualTo(order.Tickets));
        Assert.That(
            facts with
            {
                Tickets = order.Tickets,
            },
            Is.EqualTo(
                new OrderFacts(
                    order.Id,
                    2,
                    sale.Id,
                    OrderStatus.Paid,
                    order.Tickets,
                    20_000,
                    "BRL",
                    order.PlacedAt,
                    payment,
                    HasPendingMessages: true
                )
                {
                    BuyerId = buyer,
                    PaidAt = order.PlacedAt,
                }
            )
        );
    }

    private async Task<List<Guid>> PlaceOnThreeShardsAsync()
    {
        var placed = new List<Guid>();
        for (var shard = 0; shard < 3; shard++)
        {
            var sale = bench.Events.Publish(5);
            bench.Events.Put(sale with { Large = shard > 0 });
            for (var number = 1; number <= 3; number++)
            {
                placed.Add((await bench.OrderAsync(sale, number)).Value.Id);
                bench.Clock.Advance(TimeSpan.FromMilliseconds(5));
            }
        }

        return placed;
    }
}
