using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.KafkaMock;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests;

/// <summary>The four servers of the distributed profile, with databases of this run's own.</summary>
internal sealed class Servers : IAsyncDisposable
{
    public const int BatchSize = 256;

    // Its topics hold no earlier run's messages.
    private readonly MockKafkaCluster kafka = new();
    private readonly MongoDbSpace mongo = new();
    private readonly MySqlSpace mySql;
    private readonly RedisSpace redis;

    private Servers(MySqlSpace mySql, RedisSpace redis) => (this.mySql, this.redis) = (mySql, redis);

    public IEnumerable<(string Key, string Value)> Settings =>
    [
        ("ConnectionStrings:MongoDb", mongo.ConnectionString),
        ("ConnectionStrings:Redis", redis.ConnectionString),
        ("ConnectionStrings:Kafka", kafka.Bootstrap),
        ("ConnectionStrings:MySql", mySql.ConnectionString),
    ];

    public static async Task<Servers> TakeAsync() => new(await MySqlSpace.NewAsync(), await RedisSpace.NewAsync());

    /// <summary>
    /// What the driver does without us: copies of an order that the host has written, without its messages, into a collection with the same
    /// indexes.
    /// </summary>
    /// <returns>Documents per second.</returns>
    public async Task<double> InsertBareAsync(TimeSpan duration)
    {
        using var client = new MongoClient(mongo.ConnectionString);
        var written = client.GetDatabase(mongo.Prefix + "_booking_0001").GetCollection<BsonDocument>("orders");
        var sample = await written.Find(Builders<BsonDocument>.Filter.Exists("held")).FirstAsync();
        var copies = client.GetDatabase(mongo.Prefix + "_bare").WithWriteConcern(WriteConcern.WMajority).GetCollection<BsonDocument>("orders");
        foreach (var index in (await (await written.Indexes.ListAsync()).ToListAsync()).Where(index => index["name"] != "_id_"))
        {
            await copies.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(index["key"].AsBsonDocument, new CreateIndexOptions<BsonDocument>
            {
                Name = index["name"].AsString,
                Unique = index.GetValue("unique", false).ToBoolean(),
                PartialFilterExpression = index.TryGetValue("partialFilterExpression", out var filter) ? filter.AsBsonDocument : null,
            }));
        }

        var watch = Stopwatch.StartNew();
        long count = 0;
        for (; watch.Elapsed < duration; count += BatchSize)
        {
            await copies.InsertManyAsync(Enumerable.Range(0, BatchSize).Select(_ => Copy(sample)), new InsertManyOptions { IsOrdered = false });
        }

        return count / watch.Elapsed.TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await mongo.DisposeAsync();
        await redis.DisposeAsync();
        await mySql.DisposeAsync();
        kafka.Dispose();
    }

    private static BsonDocument Copy(BsonDocument order)
    {
        var copy = (BsonDocument)order.DeepClone();
        copy.Remove("outbox");
        copy.Remove("first");
        copy["_id"] = NewId();
        copy["held"] = new BsonArray(copy["held"].AsBsonArray.Select(_ => NewId()));
        return copy;
    }

    private static BsonBinaryData NewId() => new(Guid.CreateVersion7(), GuidRepresentation.Standard);
}
