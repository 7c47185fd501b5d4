using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;
using TicketBooth.Payments.Storage.Mongo;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Storage;

[TestFixture]
internal sealed class MongoPaymentStoreTests : PaymentStoreContract
{
    private readonly FakeTimeProvider clock = new();
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;
    private MongoPaymentStore store = null!;

    protected override IPaymentStore Store => store;

    private IMongoCollection<BsonDocument> Documents => storage.Database("payments").GetCollection<BsonDocument>(MongoPaymentStore.Collection);

    [SetUp]
    public async Task OpenAsync()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
        store = NewStore();
        await store.EnsureIndexesAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }

    [Test]
    public async Task Hosts_that_start_at_once_make_the_indexes_once()
    {
        await Documents.Indexes.DropAllAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => NewStore().EnsureIndexesAsync(CancellationToken.None))));

        var indexes = await (await Documents.Indexes.ListAsync()).ToListAsync();
        Assert.That(indexes.Select(index => index["name"].AsString), Is.EquivalentTo(new[] { "_id_", "awaits_refund", "cases", "declined_of_buyer", "declined_of_order", "given_up", "marks_at", "moved", "outbox_at", "refunded" }));
    }

    [Test]
    public async Task Without_its_mark_a_delivery_has_its_effect_again()
    {
        // Shows that the mark decides, and that the tests of it can fail.
        Assert.That(await EffectsOfFiftyAsync(), Is.EqualTo(1));
        var id = (await store.ListAsync(Guid.Empty, 1))[0].Payment.Id;
        var again = new Delivery.Webhook("msg_1", clock.GetUtcNow());
        Assert.That((await store.ChangeAsync(id, payment => new Step(payment), again)).Value.Repeated, Is.True);

        await Documents.UpdateManyAsync(Builders<BsonDocument>.Filter.Empty, Builders<BsonDocument>.Update.Unset("marks"));

        Assert.That((await store.ChangeAsync(id, payment => new Step(payment), again)).Value.Repeated, Is.False);
    }

    protected override async Task ReopenAsync()
    {
        storage.Dispose();
        storage = space.OpenStorage();
        store = NewStore();
        await store.EnsureIndexesAsync(CancellationToken.None);
    }

    protected override IPaymentStore OpenAnother() => NewStore();

    protected override Task ListenAsync() => Task.CompletedTask;

    protected override Task<IReadOnlyList<OutboxEntry>> SaidAsync() => new MongoMessages(Documents).ReadAsync();

    protected override Task DeliverAsync() => new MongoMessages(Documents).DeliverAllAsync();

    // Time stands still, so it is the signal that wakes and not the next sweep.
    protected override Task WaitForMessageAsync() => ((IDocumentOutbox)store.Outbox).TakeAsync(10, CancellationToken.None);

    private MongoPaymentStore NewStore() => new(storage, new SingleHost(), clock);
}
