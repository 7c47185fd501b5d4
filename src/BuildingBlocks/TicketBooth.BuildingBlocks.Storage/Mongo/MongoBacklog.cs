using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>
/// Entries of an outbox that wait for one destination while the others have them already: a document for each destination and entry, in a
/// collection beside the outbox's own.
/// </summary>
internal sealed class MongoBacklog(IMongoDatabase database)
{
    private readonly IMongoCollection<BsonDocument> waiting = database.GetCollection<BsonDocument>("outbox_backlog");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    /// <summary>Several hosts may do so at once.</summary>
    public Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        return waiting.MakeIndexesAsync(
            [
                new(keys.Ascending("to").Ascending("at").Ascending("place"), new CreateIndexOptions { Name = "oldest_first" }),
                new(keys.Ascending("entry.key"), new CreateIndexOptions { Name = "key" }),
            ],
            cancellationToken
        );
    }

    /// <summary>Entries of one time keep the order in which they are given.</summary>
    public async Task AddAsync(string destination, IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken) =>
        await waiting.BulkWriteAsync(
            entries.Select(
                (entry, place) =>
                    new UpdateOneModel<BsonDocument>(
                        Where.Eq("_id", IdOf(destination, entry)),
                        Builders<BsonDocument>
                            .Update.SetOnInsert("to", destination)
                            .SetOnInsert("at", entry.At.Bson())
                            .SetOnInsert("place", place)
                            .SetOnInsert("entry", MongoOutbox.Encode(entry))
                    )
                    {
                        IsUpsert = true,
                    }
            ),
            new BulkWriteOptions { IsOrdered = false },
            cancellationToken
        );

    public async Task<IReadOnlyCollection<string>> DestinationsAsync(CancellationToken cancellationToken)
    {
        using var found = await waiting.DistinctAsync<string>("to", Where.Empty, cancellationToken: cancellationToken);
        return await found.ToListAsync(cancellationToken);
    }

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<OutboxEntry>> ReadAsync(string destination, int limit, CancellationToken cancellationToken)
    {
        var page = await waiting
            .Find(Where.Eq("to", destination))
            .Sort(Builders<BsonDocument>.Sort.Ascending("to").Ascending("at").Ascending("place"))
            .Limit(limit)
            .ToListAsync(cancellationToken);
        return page.ConvertAll(document => MongoOutbox.Decode(document["entry"].AsBsonDocument));
    }

    public Task RemoveAsync(string destination, IReadOnlyList<OutboxEntry> delivered) =>
        waiting.DeleteManyAsync(Where.In("_id", delivered.Select(entry => IdOf(destination, entry))));

    public Task<long> CountAsync(int most, CancellationToken cancellationToken) =>
        waiting.CountDocumentsAsync(Where.Empty, new CountOptions { Limit = most }, cancellationToken);

    /// <summary>Those of the keys that have an entry here.</summary>
    public async Task<IEnumerable<Guid>> PendingKeysAsync(IReadOnlyCollection<Guid> keys, CancellationToken cancellationToken)
    {
        var found = await waiting
            .Find(Where.In("entry.key", keys.Select(key => key.Bson())))
            .Project(Builders<BsonDocument>.Projection.Include("entry.key"))
            .ToListAsync(cancellationToken);
        return found.ConvertAll(document => document["entry"]["key"].ToId());
    }

    private static BsonValue IdOf(string destination, OutboxEntry entry) =>
        new BsonDocument { { "to", destination }, { "message", entry.MessageId.Bson() } };
}
