using Microsoft.Extensions.Logging.Abstractions;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using static TicketBooth.Booking.Tests.Shards.PurchaseLaneTests;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>Two lanes over one store, as two hosts have them: what one of them frees, the other one sells.</summary>
internal abstract class FreedElsewhereTests
{
    private BookingBench bench = null!;
    private WatchedStore store = null!;
    private PurchaseLane here = null!;
    private PurchaseLane elsewhere = null!;

    protected abstract Task<IOrderStore> OpenStoreAsync(BookingBench bench);

    [SetUp]
    public async Task OpenAsync()
    {
        bench = await BookingBench.OpenAsync();
        store = new WatchedStore(await OpenStoreAsync(bench));
        (here, elsewhere) = (NewLane(), NewLane());
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await here.DisposeAsync();
        await elsewhere.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Test]
    public async Task Nobody_is_refused_tickets_that_another_host_has_freed()
    {
        var sale = await PublishAsync(4);
        var all = (await here.TryAsync(bench.Place(sale, null, 4))).Value;
        Assert.That(Text(await here.TryAsync(bench.Place(sale, null))), Is.EqualTo("not-enough-tickets"));

        await elsewhere.RunAsync(Cancel(all.Id), CancellationToken.None);

        Assert.That(Text(await here.TryAsync(bench.Place(sale, null, 3))), Is.EqualTo("1,2,3"));
    }

    [Test]
    public async Task Nobody_is_told_a_dearer_price_while_another_host_has_freed_cheaper_tickets()
    {
        var sale = await PublishAsync(1, 5);
        var cheapest = (await here.TryAsync(bench.Place(sale, null))).Value;

        await elsewhere.RunAsync(Cancel(cheapest.Id), CancellationToken.None);

        Assert.That(Text(await here.TryAsync(bench.Place(sale, null, expectedTotal: 10_000))), Is.EqualTo("1"));
    }

    [Test]
    public async Task Cheaper_tickets_that_another_host_has_freed_are_best_available_again_after_a_while()
    {
        var sale = await PublishAsync(1, 5);
        var cheapest = (await here.TryAsync(bench.Place(sale, null))).Value;
        await elsewhere.RunAsync(Cancel(cheapest.Id), CancellationToken.None);

        bench.Clock.Advance(TicketMaps.LongestLife);

        Assert.That(Text(await here.TryAsync(bench.Place(sale, null))), Is.EqualTo("1"));
    }

    [Test]
    public async Task Any_number_of_refusals_of_one_batch_cost_one_read()
    {
        var sale = await PublishAsync(1);
        await here.TryAsync(bench.Place(sale, null));
        var before = store.MapReads;

        var refused = await InOneBatchAsync(here, store, [.. Enumerable.Range(0, 200).Select(_ => bench.Place(sale, null))]);

        Assert.That(refused.Select(Text), Is.All.EqualTo("not-enough-tickets"));
        Assert.That(store.MapReads, Is.EqualTo(before + 1));
    }

    [Test]
    public async Task A_sale_reads_no_map_again()
    {
        var sale = await PublishAsync(50);
        await here.TryAsync(bench.Place(sale, null));
        var before = store.MapReads;

        for (var i = 0; i < 20; i++)
        {
            Assert.That((await here.TryAsync(bench.Place(sale, null))).IsSuccess, Is.True);
        }

        Assert.That(store.MapReads, Is.EqualTo(before));
    }

    [Test]
    public async Task While_one_host_cancels_and_the_other_sells_no_refusal_is_wrong()
    {
        var sale = await PublishAsync(2);
        for (var round = 0; round < 20; round++)
        {
            // Each time the tickets are free when they are asked for, and were taken when this lane last looked.
            var (seller, canceler) = round % 2 == 0 ? (here, elsewhere) : (elsewhere, here);
            var sold = await seller.TryAsync(bench.Place(sale, null, 2));
            Assert.That(Text(sold), Is.EqualTo("1,2"));
            await canceler.RunAsync(Cancel(sold.Value.Id), CancellationToken.None);
        }
    }

    private async Task<EventOnSale> PublishAsync(params int[] tickets) => await bench.OnSaleAsync(bench.Events.Publish(tickets));

    private PurchaseLane NewLane() => new(store, bench.Catalog, bench.Options, bench.Clock, NullLogger.Instance);
}

[TestFixture]
internal sealed class FreedElsewhereInSqliteTests : FreedElsewhereTests
{
    protected override Task<IOrderStore> OpenStoreAsync(BookingBench bench) => Task.FromResult<IOrderStore>(SqliteStores.Open(bench.Get<EmbeddedStorage>(), shard: 99));
}

[TestFixture]
internal sealed class FreedElsewhereInMongoTests : FreedElsewhereTests
{
    private MongoFolder folder = null!;

    [TearDown]
    public ValueTask DropFolderAsync() => folder.DisposeAsync();

    protected override async Task<IOrderStore> OpenStoreAsync(BookingBench bench) => await (folder = new MongoFolder()).OpenAsync("booking_0001");
}
