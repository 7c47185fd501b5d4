using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Storage.Sqlite;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Booking.Tests.Storage;

public sealed class SqliteBuyerOrdersTests
{
    private const int Batches = 20;
    private const int OrdersOfABatch = 500;

    private StorageFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new StorageFolder();

    [TearDown]
    public async Task RemoveFolderAsync()
    {
        await folder.CloseAsync();
        folder.Dispose();
    }

    [Test]
    public async Task A_buyer_has_all_orders_whether_they_are_sorted_or_not_and_after_a_restart()
    {
        Guid[] buyers = [.. Enumerable.Range(0, 7).Select(_ => SampleOrder.NewId())];
        var placed = new List<Order>();
        var store = Open();
        for (var batch = 0; batch < Batches; batch++)
        {
            var before = Counts().Sorted;
            await PlaceAsync(store, batch);
            await MustHaveAllAsync(store);
            Assert.That(Counts().Sorted - before, Is.LessThanOrEqualTo(512), "no batch sorts in more than a part");
        }

        Assert.That(Counts(), Is.EqualTo((4500 + (3 * 512), 11)), "the first nine batches and three parts of the next ones; their notes stay until all parts are in");
        await folder.CloseAsync();
        store = Open();
        await MustHaveAllAsync(store);
        for (var batch = Batches; Counts().Sorted < Batches * OrdersOfABatch; batch++)
        {
            await PlaceAsync(store, batch);
        }

        await MustHaveAllAsync(store);

        async Task PlaceAsync(IOrderStore opened, int batch)
        {
            OrderChange[] changes = [.. Enumerable.Range(batch * OrdersOfABatch, OrdersOfABatch).Select(i => SampleOrder.Place([i + 1], buyers[i % buyers.Length]))];
            await opened.WriteAsync([.. changes.Select(change => new OrderWrite(change, Inbox: null))]);
            placed.AddRange(changes.Select(change => change.After));
        }

        async Task MustHaveAllAsync(IOrderStore opened)
        {
            foreach (var buyer in buyers)
            {
                var expected = placed.Where(order => order.BuyerId == buyer).Select(order => order.Id).OrderDescending().ToList();
                Assert.That((await opened.OfBuyerAsync(buyer, before: null, placed.Count)).Select(order => order.Id), Is.EqualTo(expected));
                var middle = expected[expected.Count / 2];
                Assert.That((await opened.OfBuyerAsync(buyer, middle, 3)).Select(order => order.Id), Is.EqualTo(expected.Where(id => id < middle).Take(3)));
            }
        }
    }

    [Test]
    public async Task An_order_that_was_refused_is_not_its_buyers()
    {
        var (first, second) = (SampleOrder.Place(1), SampleOrder.Place(1));
        var store = Open();

        await store.WriteAsync([new OrderWrite(first, Inbox: null), new OrderWrite(second, Inbox: null)]);

        Assert.That(await store.OfBuyerAsync(second.After.BuyerId, before: null, 10), Is.Empty);
        Assert.That(await store.OfBuyerAsync(first.After.BuyerId, before: null, 10), Has.Count.EqualTo(1));
        await folder.CloseAsync();
        Open();
        Assert.That(Database.Read(session => session.Number("SELECT length(ids) FROM unsorted_orders")), Is.EqualTo(32));
    }

    [Test]
    public async Task A_file_of_an_older_release_keeps_its_orders_and_the_messages_that_wait()
    {
        var change = SampleOrder.Place(1);
        var former = folder.Open().Open(SqliteStores.NameOf(1), SqliteOrderStore.Schema[..7]);
        await former.WriteAsync(session =>
        {
            FormerFiles.Insert(session, change.After);
            var entry = OrderMessages.Encode(new OrderWrite(change, Inbox: null), change.Events.Single());
            session.Execute(
                "INSERT INTO outbox(message_id, type, key, body, correlation_id, trace_parent, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                entry.MessageId, entry.MessageType, entry.Key, entry.Body, entry.CorrelationId, entry.TraceParent, entry.At);
        });
        await folder.CloseAsync();

        var store = Open();

        Assert.That((await store.OfBuyerAsync(change.After.BuyerId, before: null, 10)).Select(order => order.Id), Is.EqualTo([change.After.Id]));
        Assert.That(await store.WithPendingMessagesAsync([change.After.Id]), Is.EqualTo([change.After.Id]));
        Assert.That(new SqliteOutbox("booking", Database).Read(0, 10).Select(entry => entry.Key), Is.EqualTo([change.After.Id]));
    }

    private SqliteDatabase Database => folder.Open().Open(SqliteStores.NameOf(1), SqliteOrderStore.Schema);

    private SqliteOrderStore Open() => SqliteStores.Open(folder.Open(), shard: 1);

    private (long Sorted, long Unsorted) Counts() => Database.Read(session =>
        (session.Number("SELECT COUNT(*) FROM buyer_orders"), session.Number("SELECT COUNT(*) FROM unsorted_orders")));
}
