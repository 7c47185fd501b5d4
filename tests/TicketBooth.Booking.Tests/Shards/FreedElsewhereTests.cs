using TicketBooth.Booking.Shards;
using static TicketBooth.Booking.Tests.Shards.PurchaseLaneTests;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>What one of two hosts frees, the other one sells.</summary>
internal abstract class FreedElsewhereTests : TwoLanesTests
{
    [Test]
    public async Task Nobody_is_refused_tickets_that_another_host_has_freed()
    {
        var sale = await PublishAsync(4);
        var all = (await Here.TryAsync(Bench.Place(sale, null, 4))).Value;
        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, null))), Is.EqualTo("not-enough-tickets"));

        await Elsewhere.RunAsync(Cancel(all.Id), CancellationToken.None);

        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, null, 3))), Is.EqualTo("1,2,3"));
    }

    [Test]
    public async Task Nobody_is_refused_a_named_ticket_that_another_host_has_freed()
    {
        var sale = await PublishAsync(4);
        var first = (await Elsewhere.TryAsync(Bench.Place(sale, [1]))).Value;
        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, [1, 2]))), Is.EqualTo("ticket-taken"));
        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, [1]))), Is.EqualTo("ticket-taken"));

        await Elsewhere.RunAsync(Cancel(first.Id), CancellationToken.None);

        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, [1, 2]))), Is.EqualTo("1,2"));
    }

    [Test]
    public async Task Nobody_is_told_a_dearer_price_while_another_host_has_freed_cheaper_tickets()
    {
        var sale = await PublishAsync(1, 5);
        var cheapest = (await Here.TryAsync(Bench.Place(sale, null))).Value;

        await Elsewhere.RunAsync(Cancel(cheapest.Id), CancellationToken.None);

        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, null, expectedTotal: 10_000))), Is.EqualTo("1"));
    }

    [Test]
    public async Task Cheaper_tickets_that_another_host_has_freed_are_best_available_again_after_a_while()
    {
        var sale = await PublishAsync(1, 5);
        var cheapest = (await Here.TryAsync(Bench.Place(sale, null))).Value;
        await Elsewhere.RunAsync(Cancel(cheapest.Id), CancellationToken.None);

        Bench.Clock.Advance(TicketMaps.LongestLife);

        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, null))), Is.EqualTo("1"));
    }

    [Test]
    public async Task Any_number_of_refusals_of_one_batch_cost_one_count_and_a_read_only_when_something_became_free()
    {
        var sale = await PublishAsync(2);
        var first = await Here.TryAsync(Bench.Place(sale, null));
        await Here.TryAsync(Bench.Place(sale, null));
        Assert.That(await RefuseAsync(quantity: 1, requests: 200), Is.EqualTo((1, 0)));

        // What this lane frees and takes it knows.
        await Here.RunAsync(Cancel(first.Value.Id), CancellationToken.None);
        Assert.That(await RefuseAsync(quantity: 2, requests: 200), Is.EqualTo((1, 0)));

        var second = await Elsewhere.TryAsync(Bench.Place(sale, null));
        await Elsewhere.RunAsync(Cancel(second.Value.Id), CancellationToken.None);
        Assert.That(await RefuseAsync(quantity: 3, requests: 200), Is.EqualTo((1, 1)));
        Assert.That(await RefuseAsync(quantity: 3, requests: 200), Is.EqualTo((1, 0)));

        async Task<(int Counts, int Reads)> RefuseAsync(int quantity, int requests)
        {
            var (counts, reads) = (Store.FreeCounts, Store.MapReads);
            var refused = await InOneBatchAsync(Here, Store, [.. Enumerable.Range(0, requests).Select(_ => Bench.Place(sale, null, quantity))]);
            Assert.That(refused.Select(Text), Is.All.EqualTo("not-enough-tickets"));
            return (Store.FreeCounts - counts, Store.MapReads - reads);
        }
    }

    [Test]
    public async Task A_sale_costs_nothing_but_its_writes()
    {
        var sale = await PublishAsync(50, 50);
        await Here.TryAsync(Bench.Place(sale, null));
        var before = (Store.FreeCounts, Store.MapReads);

        for (var i = 0; i < 20; i++)
        {
            Bench.Clock.Advance(TicketMaps.LongestLife);
            Assert.That((await Here.TryAsync(Bench.Place(sale, null))).IsSuccess, Is.True);
        }

        Assert.That((Store.FreeCounts, Store.MapReads), Is.EqualTo(before));
    }

    [Test]
    public async Task While_one_host_cancels_and_the_other_sells_no_refusal_is_wrong()
    {
        var sale = await PublishAsync(2);
        for (var round = 0; round < 20; round++)
        {
            // Each time the tickets are free when they are asked for, and were taken when this lane last looked.
            var (seller, canceler) = round % 2 == 0 ? (Here, Elsewhere) : (Elsewhere, Here);
            var sold = await seller.TryAsync(Bench.Place(sale, null, 2));
            Assert.That(Text(sold), Is.EqualTo("1,2"));
            await canceler.RunAsync(Cancel(sold.Value.Id), CancellationToken.None);
        }
    }
}

[TestFixture]
internal sealed class FreedElsewhereInSqliteTests : FreedElsewhereTests
{
    protected override TestedStore NewStore() => new SqliteUnderTest();
}

[TestFixture]
internal sealed class FreedElsewhereInMongoTests : FreedElsewhereTests
{
    protected override TestedStore NewStore() => new MongoUnderTest();
}
