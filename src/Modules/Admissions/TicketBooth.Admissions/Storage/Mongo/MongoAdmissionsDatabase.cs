using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Admissions.Storage.Mongo;

/// <summary>The collections that the module's stores share, with their outbox: the messages are in the scans that they report.</summary>
internal sealed class MongoAdmissionsDatabase
{
    public MongoAdmissionsDatabase(MongoStorage storage, ILeases leases, TimeProvider clock)
    {
        var database = storage.Database("admissions");
        Events = database.GetCollection<BsonDocument>("events");
        Tickets = database.GetCollection<BsonDocument>("tickets");
        Scans = database.GetCollection<BsonDocument>("scans");
        Moments = database.GetCollection<BsonDocument>("moments");
        Outbox = new MongoOutbox("admissions", Scans, leases, clock);
        TicketOutbox = new MongoOutbox("admissions-tickets", Tickets, leases, clock);
    }

    public static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    public static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    public static SortDefinitionBuilder<BsonDocument> Sorted => Builders<BsonDocument>.Sort;

    public IMongoCollection<BsonDocument> Events { get; }

    public IMongoCollection<BsonDocument> Tickets { get; }

    public IMongoCollection<BsonDocument> Scans { get; }

    public IMongoCollection<BsonDocument> Moments { get; }

    public MongoOutbox Outbox { get; }

    /// <summary>Messages about transfers are in the tickets that they report.</summary>
    public MongoOutbox TicketOutbox { get; }

    /// <summary>Creates the indexes; two of them decide races. Several hosts may do so at once.</summary>
    public async Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        await Tickets.MakeIndexesAsync(
            [
                new(
                    keys.Ascending("event").Ascending("number").Ascending("generation"),
                    new CreateIndexOptions { Name = "generation", Unique = true }
                ),
                new(
                    keys.Ascending("transfer"),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = "transfer",
                        PartialFilterExpression = Where.Type("transfer", BsonType.Binary),
                    }
                ),
                new(
                    keys.Ascending("owner"),
                    new CreateIndexOptions<BsonDocument> { Name = "owner", PartialFilterExpression = Where.Type("owner", BsonType.Binary) }
                ),
                new(
                    keys.Ascending("transfer_email"),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = "offered",
                        PartialFilterExpression = Where.Type("transfer_email", BsonType.String),
                    }
                ),
                new(keys.Ascending("order"), new CreateIndexOptions { Name = "order" }),
                new(
                    keys.Ascending("event").Ascending("number").Ascending("order"),
                    new CreateIndexOptions { Name = "event_number_order", Unique = true }
                ),
            ],
            cancellationToken
        );
        await Scans.MakeIndexesAsync(
            [
                new(
                    keys.Ascending("event").Ascending("number").Ascending("generation").Ascending("turn"),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = "turn",
                        Unique = true,
                        PartialFilterExpression = Where.Exists("turn"),
                    }
                ),
                new(
                    keys.Ascending("event").Descending("at"),
                    new CreateIndexOptions<BsonDocument> { Name = "conflicts", PartialFilterExpression = Where.Exists("conflict") }
                ),
            ],
            cancellationToken
        );
        await Outbox.EnsureIndexesAsync(cancellationToken);
        await TicketOutbox.EnsureIndexesAsync(cancellationToken);
    }
}
