using Microsoft.Extensions.Time.Testing;
using MongoDB.Driver;
using TicketBooth.Admissions.Storage;
using TicketBooth.Admissions.Storage.Mongo;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Testing;

namespace TicketBooth.Admissions.Tests.Storage;

[TestFixture]
internal sealed class MongoStoreTests : StoreContract
{
    private readonly FakeTimeProvider clock = new();
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;
    private MongoAdmissionsDatabase database = null!;

    protected override (ITicketStore Tickets, IDoorStore Door) Stores => (new MongoTicketStore(database), new MongoDoorStore(database));

    [SetUp]
    public async Task OpenAsync()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
        database = NewDatabase();
        await database.EnsureIndexesAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }

    [Test]
    public async Task Without_the_unique_index_all_twenty_are_let_in()
    {
        // Shows that the index decides, and that the race above can be lost.
        await database.Scans.Indexes.DropOneAsync("turn");

        Assert.That(await AdmittedOfTwentyAsync(), Is.EqualTo(20));
    }

    protected override (ITicketStore Tickets, IDoorStore Door) OpenAnother()
    {
        var other = NewDatabase();
        return (new MongoTicketStore(other), new MongoDoorStore(other));
    }

    protected override async Task<IReadOnlyList<string>> SaidAsync()
    {
        var pending = await database.Scans.Find(MongoOutbox.IsPending).ToListAsync();
        pending.AddRange(await database.Tickets.Find(MongoOutbox.IsPending).ToListAsync());
        return
        [
            .. pending
                .SelectMany(scan => scan[MongoOutbox.Field].AsBsonArray)
                .OrderBy(entry => entry["at"].AsInt64)
                .ThenBy(entry => entry["id"].ToId())
                .Select(entry => entry["type"].AsString.Split(':')[^1]),
        ];
    }

    private MongoAdmissionsDatabase NewDatabase() => new(storage, new SingleHost(), clock);
}
