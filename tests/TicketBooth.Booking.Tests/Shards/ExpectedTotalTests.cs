using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using static TicketBooth.Booking.Tests.Shards.PurchaseLaneTests;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>Orders that are placed at one total or not at all.</summary>
internal sealed class ExpectedTotalTests
{
    private BookingBench bench = null!;

    [SetUp]
    public async Task OpenAsync() => bench = await BookingBench.OpenAsync();

    [TearDown]
    public Task CloseAsync() => bench.DisposeAsync().AsTask();

    [TestCase(19_999)]
    [TestCase(20_001)]
    [TestCase(10_000, Description = "the price of one of the two")]
    [TestCase(1)]
    [TestCase(long.MaxValue)]
    public async Task Another_total_takes_no_ticket_and_writes_nothing(long expected)
    {
        var (sale, lane, store) = await PublishAsync(4);
        await lane.TryAsync(bench.Place(sale, [4]));
        var batches = store.Batches;

        var best = await lane.TryAsync(bench.Place(sale, null, 2, expectedTotal: expected));
        var byNumber = await lane.TryAsync(bench.Place(sale, [1, 2], expectedTotal: expected));

        Assert.That((Text(best), Text(byNumber)), Is.EqualTo(("price-changed 20000", "price-changed 20000")));
        Assert.That(store.Batches, Is.EqualTo(batches));
        Assert.That(await store.CountClaimsAsync(), Is.EqualTo((0L, 0L, 1L)));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, 3, expectedTotal: 30_000))), Is.EqualTo("1,2,3"), "nor does the lane think that anything is taken");
    }

    [Test]
    public async Task A_refusal_leaves_the_tickets_to_the_others_of_its_batch()
    {
        var (sale, lane, store) = await PublishAsync(4);

        var outcomes = await InOneBatchAsync(lane, store, [
            bench.Place(sale, null, 2, expectedTotal: 1), bench.Place(sale, null, 2), bench.Place(sale, [3, 4], expectedTotal: 1), bench.Place(sale, null, 2, expectedTotal: 20_000)]);

        Assert.That(outcomes.Select(Text), Is.EqualTo(new[] { "price-changed 20000", "1,2", "price-changed 20000", "3,4" }));
    }

    [Test]
    public async Task A_total_over_several_tiers_is_the_sum_of_its_tickets()
    {
        var (sale, lane, _) = await PublishAsync(2, 2);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [2, 3], expectedTotal: 20_000))), Is.EqualTo("price-changed 25000"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, [2, 3], expectedTotal: 25_000))), Is.EqualTo("2,3"));
    }

    [Test]
    public async Task A_buyer_of_the_best_available_is_not_moved_to_a_dearer_tier()
    {
        var (sale, lane, _) = await PublishAsync(1, 5);
        await lane.TryAsync(bench.Place(sale, [1]));

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, expectedTotal: 10_000))), Is.EqualTo("price-changed 15000"));
        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, expectedTotal: 15_000))), Is.EqualTo("2"));
    }

    [Test]
    public async Task A_price_that_changes_while_an_order_waits_counts()
    {
        var (sale, lane, store) = await PublishAsync(5);
        store.Close();
        var first = lane.TryAsync(Nothing());
        await store.ReachedAsync();
        var (former, present) = (lane.TryAsync(bench.Place(sale, [1], expectedTotal: 10_000)), lane.TryAsync(bench.Place(sale, [1], expectedTotal: 10_500)));
        await ChangePriceAsync(sale, 10_500);
        store.Open();
        await first;

        Assert.That((Text(await former), Text(await present)), Is.EqualTo(("price-changed 10500", "1")));
        Assert.That((await present).Value.Total, Is.EqualTo(10_500));
    }

    [Test]
    public async Task An_order_is_not_older_than_the_price_that_it_quotes()
    {
        var (sale, lane, store) = await PublishAsync(5);
        store.Close();
        var before = lane.TryAsync(Nothing());
        await store.ReachedAsync();
        var (change, order) = (lane.TryAsync(Nothing()), lane.TryAsync(bench.Place(sale, [1])));
        store.LetPass();
        await store.ReachedAsync();

        // The round of the two has begun, and the price changes before it comes to the order.
        bench.Clock.Advance(TimeSpan.FromMilliseconds(40));
        var changedAt = bench.Clock.GetUtcNow();
        await ChangePriceAsync(sale, 10_500);
        store.Open();
        await Task.WhenAll(before, change);

        var placed = (await order).Value;
        Assert.That((placed.Total, placed.PlacedAt, placed.ExpiresAt), Is.EqualTo((10_500, changedAt, changedAt + bench.Options.Hold)));
    }

    [Test]
    public async Task A_hold_keeps_its_price_when_the_next_order_pays_another()
    {
        var (sale, lane, _) = await PublishAsync(5);
        var held = (await lane.TryAsync(bench.Place(sale, [1], expectedTotal: 10_000))).Value;

        await ChangePriceAsync(sale, 9_000);

        Assert.That((await lane.TryAsync(bench.Place(sale, [2], expectedTotal: 9_000))).Value.Total, Is.EqualTo(9_000));
        var payment = bench.NewId();
        await lane.TryAsync(Confirm(held.Id, payment));
        var paid = await bench.LoadAsync(held.Id);
        Assert.That((paid.Status, paid.Total, paid.Tickets[0].Price), Is.EqualTo((Contracts.OrderStatus.Paid, 10_000L, 10_000L)));
    }

    [Test]
    public async Task A_claim_that_fails_does_not_make_the_expected_total_wrong()
    {
        var (sale, lane, store) = await PublishAsync(2, 5);
        await lane.TryAsync(bench.Place(sale, null));

        // The first marks ticket 2 and loses it again, because ticket 1 is taken; only then is it clear that the second may have it at its price.
        var outcomes = await InOneBatchAsync(lane, store, [bench.Place(sale, [2, 1]), bench.Place(sale, null, expectedTotal: 10_000)]);

        Assert.That(outcomes.Select(Text), Is.EqualTo(new[] { "ticket-taken", "2" }));
    }

    [Test]
    public async Task A_hold_that_is_over_does_not_make_the_expected_total_wrong()
    {
        var (sale, lane, _) = await PublishAsync(1, 5);
        await lane.TryAsync(bench.Place(sale, [1]));
        bench.Clock.Advance(bench.Options.Hold);

        Assert.That(Text(await lane.TryAsync(bench.Place(sale, null, expectedTotal: 10_000))), Is.EqualTo("1"));
    }

    private static string Text(Result<Order> outcome) => outcome.Error is { } error
        ? FormattableString.Invariant($"{error.Code} {error.Figures?[BookingErrors.PriceChangedFigure]}").TrimEnd()
        : string.Join(',', outcome.Value.Tickets.Select(ticket => ticket.Number));

    private async Task ChangePriceAsync(EventOnSale sale, long price)
    {
        bench.Events.Change(sale.Id, known => known with { Tiers = [known.Tiers[0] with { Price = price }] });
        await bench.Catalog.RefreshAsync(sale.Id, CancellationToken.None);
    }

    private async Task<(EventOnSale Sale, PurchaseLane Lane, WatchedStore Store)> PublishAsync(params int[] tickets)
    {
        var sale = bench.Events.Publish(tickets);
        var shard = await bench.ShardOfAsync(sale);
        return (await bench.OnSaleAsync(sale), shard.Lane, (WatchedStore)shard.Store);
    }
}
