using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Storage.Mongo;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.Storage;

[TestFixture]
internal sealed class MongoEventStoreTests : EventStoreContract
{
    private readonly FakeTimeProvider clock = new();
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;

    private IMongoCollection<BsonDocument> Events => storage.Database("events").GetCollection<BsonDocument>(MongoEventsDatabase.EventCollection);

    private IMongoCollection<BsonDocument> Sales => storage.Database("events").GetCollection<BsonDocument>(MongoEventsDatabase.OrderCollection);

    [TearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }

    [Test]
    public async Task Hosts_that_start_at_once_make_the_indexes_once()
    {
        await Task.WhenAll(Events.Indexes.DropAllAsync(), Sales.Indexes.DropAllAsync());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Database().EnsureIndexesAsync(CancellationToken.None))));

        Assert.That(await NamesAsync(Events), Is.EquivalentTo(new[] { "_id_", "by_start", "versions", "by_demand", "outbox_at" }));
        Assert.That(await NamesAsync(Sales), Is.EquivalentTo(new[] { "_id_", "standing" }));

        static async Task<IEnumerable<string>> NamesAsync(IMongoCollection<BsonDocument> documents) =>
            (await (await documents.Indexes.ListAsync()).ToListAsync()).Select(index => index["name"].AsString);
    }

    [Test]
    public async Task Is_audited_by_a_process_that_only_looks()
    {
        var shown = Sample.Published();
        await Store.Events.AddAsync(shown);
        await Store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, 7), Sample.NewKey(), Sample.Now);
        using var looking = space.OpenStorage(readOnly: true);
        var auditor = TestStores.In(new MongoEventsDatabase(looking, new SingleHost(), clock));

        Assert.That((await auditor.Tickets.LedgerAsync(shown.Id))!.Claims, Has.Count.EqualTo(1));
        Assert.That(await auditor.Events.PageOfIdsAsync(Guid.Empty, 10), Is.EqualTo(new[] { shown.Id }));
    }

    [Test]
    public async Task An_edit_in_the_midst_of_sales_loses_nothing_of_either()
    {
        var shown = Sample.Published(Sample.Tier(tickets: 200));
        await Store.Events.AddAsync(shown);
        var other = OpenAnother();

        var selling = Task.WhenAll(Enumerable.Range(1, 200).Select(number => Store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.Sold, number), Sample.NewKey(), Sample.Now)));
        var edited = shown;
        while (!selling.IsCompleted || edited == shown)
        {
            var next = edited.Edit(Sample.FormOf(edited) with { Description = $"Revision {edited.Revision + 1}" }, Sample.Now).Value;
            Assert.That(await other.Events.ReplaceAsync(next, message: null), Is.True);
            edited = next;
        }

        await selling;
        var found = (await Store.Events.FindAsync(shown.Id))!;
        Assert.That((found.Revision, found.Description, found.Tiers.Single().Sold), Is.EqualTo((edited.Revision, edited.Description, 200)));
    }

    private protected override async Task<TestStores> OpenAsync()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
        var database = Database();
        await database.EnsureIndexesAsync(CancellationToken.None);
        return TestStores.In(database);
    }

    private protected override TestStores OpenAnother() => TestStores.In(Database());

    private protected override Task<IReadOnlyList<OutboxEntry>> SaidAsync() => new MongoMessages(Events).ReadAsync();

    // Time stands still, so it is the signal that wakes and not the next sweep.
    private protected override Task WaitForMessageAsync() => ((IDocumentOutbox)Store.Events.Outbox).TakeAsync(10, CancellationToken.None);

    private MongoEventsDatabase Database() => new(storage, new SingleHost(), clock);
}
