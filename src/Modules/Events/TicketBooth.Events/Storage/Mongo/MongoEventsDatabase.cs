using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>The MongoDB database that the module's stores share, with its outbox.</summary>
/// <remarks>
/// An event is one document with its tiers, its messages and its counters, so it is read at one moment and changed by one conditional
/// write. What is known of an order is one document too: it lists the order's tickets while the order holds them, and its revision says
/// which messages have been applied. Only a ticket update touches both; <see cref="MongoTicketUpdateQueue"/> counts it in the event first.
/// The rows of the histories are first written with the event's document too (<see cref="MongoPriceHistoryStore"/>). So nothing is written
/// in a transaction.
/// </remarks>
internal sealed class MongoEventsDatabase
{
    public const string EventCollection = "events";
    public const string OrderCollection = "sales";

    private const string DemandCollection = "demand";
    private const string PriceCollection = "price_changes";
    private const string PolicyCollection = "policy_changes";

    private static readonly TransactionOptions AtOneMoment = new(ReadConcern.Snapshot, ReadPreference.Primary, WriteConcern.WMajority);

    private readonly MongoStorage storage;

    public MongoEventsDatabase(MongoStorage storage, ILeases leases, TimeProvider clock)
    {
        this.storage = storage;
        var database = storage.Database("events");
        Events = database.GetCollection<BsonDocument>(EventCollection);
        Orders = database.GetCollection<BsonDocument>(OrderCollection);
        Demand = database.GetCollection<BsonDocument>(DemandCollection);
        Prices = database.GetCollection<BsonDocument>(PriceCollection);
        Policies = database.GetCollection<BsonDocument>(PolicyCollection);
        Outbox = new MongoOutbox("events", Events, leases, clock);
    }

    public MongoOutbox Outbox { get; }

    public IMongoCollection<BsonDocument> Events { get; init; }

    public IMongoCollection<BsonDocument> Orders { get; }

    /// <summary>For an event and a minute: by how much its tiers' counters changed in it.</summary>
    public IMongoCollection<BsonDocument> Demand { get; }

    public IMongoCollection<BsonDocument> Prices { get; }

    public IMongoCollection<BsonDocument> Policies { get; }

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    /// <summary>Reads over one moment of the store. Only reads: a write of a host that died would hold up others for a minute.</summary>
    public async Task<T> AtOneMomentAsync<T>(Func<IClientSessionHandle, Task<T>> read)
    {
        using var session = await storage.StartSessionAsync(CancellationToken.None);
        return await session.WithTransactionAsync((open, _) => read(open), AtOneMoment);
    }

    /// <summary>Makes the indexes. Any number of hosts may do so at once.</summary>
    public async Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        await Events.MakeIndexesAsync(
            [
                new(keys.Ascending("starts").Ascending("_id"), new CreateIndexOptions { Name = "by_start" }),
                new(keys.Ascending("_id").Ascending("version"), new CreateIndexOptions { Name = "versions" }),
                new(
                    keys.Ascending("ends_selling"),
                    new CreateIndexOptions<BsonDocument> { Name = "by_demand", PartialFilterExpression = Where.Eq("by_demand", true) }
                ),
            ],
            cancellationToken
        );
        await Demand.MakeIndexesAsync(
            [
                new(keys.Ascending("event").Ascending("minute"), new CreateIndexOptions { Name = "once_a_minute", Unique = true }),
                new(keys.Ascending("minute"), new CreateIndexOptions { Name = "minute" }),
            ],
            cancellationToken
        );
        await Prices.MakeIndexesAsync(
            [
                new(
                    keys.Ascending("event").Descending("version").Ascending("tier"),
                    new CreateIndexOptions { Name = "history", Unique = true }
                ),
            ],
            cancellationToken
        );
        await Policies.MakeIndexesAsync(
            [
                new(
                    keys.Ascending("event").Descending("version"),
                    new CreateIndexOptions { Name = "history", Unique = true }
                ),
            ],
            cancellationToken
        );
        await Orders.MakeIndexesAsync(
            [
                new(
                    keys.Ascending("event").Ascending(OrderDocuments.Standing),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = OrderDocuments.Standing,
                        PartialFilterExpression = Where.Exists(OrderDocuments.Standing),
                    }
                ),
            ],
            cancellationToken
        );
        await Outbox.EnsureIndexesAsync(cancellationToken);
    }
}
