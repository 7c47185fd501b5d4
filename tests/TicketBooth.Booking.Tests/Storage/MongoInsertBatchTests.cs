using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Mongo;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Testing;

namespace TicketBooth.Booking.Tests.Storage;

/// <summary>The messages of new orders in MongoDB: relayed from memory, acknowledged by the batch, and never lost.</summary>
[TestFixture]
internal sealed class MongoInsertBatchTests
{
    private const string Shard = "booking_0001";
    private const int Page = 512;

    // Later than what a sweep takes as left behind.
    private readonly FakeTimeProvider clock = new(SampleOrder.Now.AddMinutes(1));
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;

    [SetUp]
    public void Open()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
    }

    [TearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }

    [Test]
    public async Task One_write_acknowledges_all_orders_of_a_page()
    {
        var (store, outbox) = await HostAsync();
        await WriteAsync(store, SampleOrder.Place(1), SampleOrder.Place(2));
        await WriteAsync(store, SampleOrder.Place(3));

        var page = await TakeAsync(outbox);
        Assert.That(page.Sum(document => document.Entries.Count), Is.EqualTo(3));
        Assert.That(await outbox.DepthAsync(CancellationToken.None), Is.EqualTo(3));
        await outbox.RemoveAsync(page);

        Assert.That(await outbox.DepthAsync(CancellationToken.None), Is.Zero);
        Assert.That(await LeftBehindAsync(), Is.Empty, "another host does not deliver them again");
    }

    [Test]
    public async Task What_a_host_did_not_deliver_before_it_died_is_found()
    {
        var (store, outbox) = await HostAsync();
        await WriteAsync(store, SampleOrder.Place(1));
        await outbox.RemoveAsync(await TakeAsync(outbox));
        var lost = SampleOrder.Place(2);
        await WriteAsync(store, lost);

        Assert.That(await LeftBehindAsync(), Is.EqualTo(new[] { lost.After.Id }));
    }

    [Test]
    public async Task A_batch_that_is_delivered_before_an_earlier_one_does_not_acknowledge_that()
    {
        var (_, outbox) = await HostAsync();
        var orders = storage.Database(Shard).GetCollection<BsonDocument>(MongoOrderStore.Collection);
        var writer = new MongoOrderWriter(orders);
        var (slow, fast) = ((await outbox.BeginInsertsAsync())!, (await outbox.BeginInsertsAsync())!);
        await writer.WriteAsync([new OrderWrite(SampleOrder.Place(2), Inbox: null)], fast);
        outbox.Signal(fast);
        await outbox.RemoveAsync(await TakeAsync(outbox));

        var late = SampleOrder.Place(1);
        await writer.WriteAsync([new OrderWrite(late, Inbox: null)], slow);

        Assert.That(await LeftBehindAsync(), Does.Contain(late.After.Id));
    }

    [Test]
    public async Task A_batch_of_which_it_is_not_known_what_was_written_is_found_though_later_ones_are_delivered()
    {
        var (store, outbox) = await HostAsync();
        var orders = storage.Database(Shard).GetCollection<BsonDocument>(MongoOrderStore.Collection);
        var (unknown, unknownBatch) = (SampleOrder.Place(1), (await outbox.BeginInsertsAsync())!);
        await new MongoOrderWriter(orders).WriteAsync([new OrderWrite(unknown, Inbox: null)], unknownBatch);
        outbox.Abandon(unknownBatch);

        await WriteAsync(store, SampleOrder.Place(2));
        var page = await TakeAsync(outbox);
        Assert.That(KeysOf(page), Does.Contain(unknown.After.Id), "this host finds it, too");
        await outbox.RemoveAsync(page);
        await outbox.RemoveAsync(await TakeAsync(outbox));

        Assert.That(await outbox.DepthAsync(CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task A_change_on_another_host_comes_after_the_order_that_was_not_delivered_yet()
    {
        var (store, outbox) = await HostAsync();
        var placed = SampleOrder.Place(1);
        await WriteAsync(store, placed);
        var (otherStore, other) = await HostAsync();
        var canceled = OrderRules.Cancel(placed.After, buyerId: null, default, "order-canceled", clock.GetUtcNow());
        await WriteAsync(otherStore, canceled.Value);

        Assert.That(TypesOf(await TakeAsync(other)), Is.EqualTo(new[] { "OrderPlaced", "OrderCanceled" }));

        await outbox.RemoveAsync(await TakeAsync(outbox));
        clock.Advance(TimeSpan.FromMinutes(1));
        var (_, third) = await HostAsync();
        var rest = await TakeAsync(third);
        Assert.That(TypesOf(rest), Is.EqualTo(new[] { "OrderCanceled" }), "the order is delivered now");
        await third.RemoveAsync(rest);
        var stored = await storage.Database(Shard).GetCollection<BsonDocument>(MongoOrderStore.Collection).Find(Builders<BsonDocument>.Filter.Empty).SingleAsync();
        Assert.That(stored.Contains(InsertBatch.Field), Is.False, "its first message goes with the first change");
    }

    [Test]
    public async Task While_many_messages_wait_orders_keep_their_own()
    {
        var (store, outbox) = await HostAsync();
        var orders = storage.Database(Shard).GetCollection<BsonDocument>(MongoOrderStore.Collection);
        var many = (await outbox.BeginInsertsAsync())!;
        many.Add(Enumerable.Repeat(OrderMessages.Encode(new OrderWrite(SampleOrder.Place(1), Inbox: null), SampleOrder.Place(1).Events[0]), 20_000));
        outbox.Signal(many);

        await WriteAsync(store, SampleOrder.Place(2));

        var stored = await orders.Find(Builders<BsonDocument>.Filter.Empty).SingleAsync();
        Assert.That((stored.Contains(MongoOutbox.Field), stored.Contains(InsertBatch.Field)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task An_order_of_before_there_were_batches_is_delivered()
    {
        var (store, _) = await HostAsync();
        var old = SampleOrder.Place(1);
        await new MongoOrderWriter(storage.Database(Shard).GetCollection<BsonDocument>(MongoOrderStore.Collection)).WriteAsync(
            [new OrderWrite(old, Inbox: null)],
            batch: null
        );

        Assert.That(await store.WithPendingMessagesAsync([old.After.Id]), Is.EqualTo(new[] { old.After.Id }));
        Assert.That(await LeftBehindAsync(), Is.EqualTo(new[] { old.After.Id }));
    }

    private static async Task WriteAsync(MongoOrderStore store, params OrderChange[] changes) =>
        Assert.That(
            await store.WriteAsync([.. changes.Select(change => new OrderWrite(change, Inbox: null))]),
            Is.All.EqualTo(WriteOutcome.Written)
        );

    private static IEnumerable<Guid> KeysOf(IEnumerable<PendingDocument> page) =>
        page.SelectMany(document => document.Entries).Select(entry => entry.Key);

    private static IEnumerable<string> TypesOf(IEnumerable<PendingDocument> page) =>
        page.SelectMany(document => document.Entries).Select(entry => entry.MessageType.Split(':')[^1]);

    private static Task<IReadOnlyList<PendingDocument>> TakeAsync(MongoOutbox outbox) => outbox.TakeAsync(Page, CancellationToken.None);

    /// <summary>The orders whose messages a host finds that wrote none of them.</summary>
    private async Task<IReadOnlyList<Guid>> LeftBehindAsync()
    {
        var (_, outbox) = await HostAsync();
        return await outbox.DepthAsync(CancellationToken.None) == 0 ? [] : [.. KeysOf(await TakeAsync(outbox))];
    }

    private async Task<(MongoOrderStore Store, MongoOutbox Outbox)> HostAsync()
    {
        var orders = storage.Database(Shard).GetCollection<BsonDocument>(MongoOrderStore.Collection);
        var outbox = new MongoOutbox(Shard, orders, new SingleHost(), clock);
        var store = new MongoOrderStore(orders, outbox);
        await store.EnsureIndexesAsync(CancellationToken.None);
        return (store, outbox);
    }
}
