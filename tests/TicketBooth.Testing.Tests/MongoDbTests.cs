using MongoDB.Bson;
using MongoDB.Driver;

namespace TicketBooth.Testing.Tests;

/// <summary>What the stores expect of MongoDB, asked of whatever <see cref="TestServers"/> has found.</summary>
public sealed class MongoDbTests
{
    private static readonly FilterDefinition<BsonDocument> Everything = FilterDefinition<BsonDocument>.Empty;

    private MongoDbSpace space;
    private MongoClient client;
    private IMongoCollection<BsonDocument> orders;

    [SetUp]
    public void Connect()
    {
        space = new MongoDbSpace();
        client = new MongoClient(space.ConnectionString);
        orders = client.GetDatabase(space.Prefix + "_booking").WithWriteConcern(WriteConcern.WMajority).GetCollection<BsonDocument>("orders");
    }

    [TearDown]
    public async Task Drop()
    {
        await space.DisposeAsync();
        client.Dispose();
    }

    [Test]
    public async Task A_space_drops_its_databases_and_no_others()
    {
        await using var other = new MongoDbSpace();
        await client.GetDatabase(other.Prefix + "_events").GetCollection<BsonDocument>("events").InsertOneAsync([]);
        await orders.InsertOneAsync([]);

        await space.DisposeAsync();

        var names = await (await client.ListDatabaseNamesAsync()).ToListAsync();
        Assert.That(names, Has.None.StartsWith(space.Prefix));
        Assert.That(names, Has.Member(other.Prefix + "_events"));
    }

    [Test]
    public async Task A_batch_loses_only_the_orders_whose_tickets_are_taken()
    {
        await UniqueHeldAsync();
        await orders.InsertOneAsync(Order(1, 10, 11));

        var failure = Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(
            () => orders.InsertManyAsync([Order(2, 12), Order(3, 11, 13), Order(4, 13), Order(5, 12)], new InsertManyOptions { IsOrdered = false }));

        Assert.That(failure.WriteErrors.Select(error => (error.Index, error.Category)), Is.EquivalentTo(new[] { (1, ServerErrorCategory.DuplicateKey), (3, ServerErrorCategory.DuplicateKey) }));
        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 1, 2, 4 }));
    }

    [Test]
    public async Task Tickets_are_free_again_when_an_order_holds_them_no_longer()
    {
        await UniqueHeldAsync();
        await orders.InsertOneAsync(Order(1, 10));

        await orders.UpdateOneAsync(new BsonDocument("_id", 1), new BsonDocument("$unset", new BsonDocument("held", 1)));
        await orders.InsertOneAsync(Order(2, 10));

        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task One_of_many_writers_wins_a_ticket()
    {
        await UniqueHeldAsync();

        var won = await Task.WhenAll(Enumerable.Range(0, 40).Select(async id =>
        {
            try
            {
                await orders.InsertOneAsync(Order(id, 10));
                return true;
            }
            catch (MongoWriteException exception) when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
            {
                return false;
            }
        }));

        Assert.That(won.Count(one => one), Is.EqualTo(1));
    }

    [Test]
    public async Task Indexes_are_made_by_many_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => UniqueHeldAsync()));

        var names = (await (await orders.Indexes.ListAsync()).ToListAsync()).Select(index => (string)index["name"]);
        Assert.That(names, Is.EquivalentTo(new[] { "_id_", "held" }));
    }

    [Test]
    public async Task A_transaction_is_whole_or_nothing()
    {
        var events = client.GetDatabase(space.Prefix + "_events").GetCollection<BsonDocument>("events");
        using var session = await client.StartSessionAsync();

        session.StartTransaction();
        await orders.InsertOneAsync(session, Order(1));
        await events.InsertOneAsync(session, Order(1));
        await session.AbortTransactionAsync();
        session.StartTransaction();
        await orders.InsertOneAsync(session, Order(2));
        await events.InsertOneAsync(session, Order(2));
        await session.CommitTransactionAsync();

        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 2 }));
        Assert.That(await events.CountDocumentsAsync(Everything), Is.EqualTo(1));
    }

    [Test]
    public async Task Old_documents_go_by_themselves()
    {
        await orders.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(new BsonDocument("at", 1), new CreateIndexOptions { ExpireAfter = TimeSpan.FromMinutes(1) }));
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await orders.InsertManyAsync([new BsonDocument { ["_id"] = 1, ["at"] = now.AddHours(-1) }, new BsonDocument { ["_id"] = 2, ["at"] = now }]);

        await Eventually.Async(IdsAsync, ids => ids.SequenceEqual([2]), "the old document to go");
    }

    [Test]
    public async Task Data_outlives_an_outage()
    {
        await orders.InsertOneAsync(Order(1));
        using var impatient = new MongoClient(new MongoUrlBuilder(space.ConnectionString) { ServerSelectionTimeout = TimeSpan.FromMilliseconds(200), SocketTimeout = TimeSpan.FromSeconds(1) }.ToString());
        var seen = impatient.GetDatabase(space.Prefix + "_booking").GetCollection<BsonDocument>("orders");

        await using (await TestServers.StopAsync(TestServer.MongoDb))
        {
            Assert.That(() => seen.CountDocumentsAsync(Everything), Throws.InstanceOf<TimeoutException>().Or.InstanceOf<MongoException>());
        }

        Assert.That(await IdsAsync(), Is.EqualTo(new[] { 1 }));
    }

    private static BsonDocument Order(int id, params int[] held) =>
        held.Length == 0 ? new BsonDocument("_id", id) : new BsonDocument { ["_id"] = id, ["held"] = new BsonArray(held) };

    private Task<string> UniqueHeldAsync() => orders.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(
        new BsonDocument("held", 1), new CreateIndexOptions<BsonDocument> { Name = "held", Unique = true, PartialFilterExpression = new BsonDocument("held", new BsonDocument("$exists", true)) }));

    private async Task<int[]> IdsAsync() => [.. (await orders.Find(Everything).Sort(new BsonDocument("_id", 1)).ToListAsync()).Select(order => (int)order["_id"])];
}
