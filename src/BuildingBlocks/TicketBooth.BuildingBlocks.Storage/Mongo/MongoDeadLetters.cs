using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

internal sealed class MongoDeadLetters(MongoStorage storage, TimeProvider clock) : IDeadLetters
{
    private readonly IMongoCollection<BsonDocument> letters = storage.Database("messaging").GetCollection<BsonDocument>("dead_letters");
    private readonly IMongoCollection<BsonDocument> counters = storage.Database("messaging").GetCollection<BsonDocument>("counters");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    /// <remarks>A message that is delivered and fails again stays one dead letter: its id is the module and the message's id.</remarks>
    public async Task AddAsync(string module, string source, OutboxEntry entry, string reason)
    {
        var counted = await counters.FindOneAndUpdateAsync(
            Where.Eq("_id", "dead_letters"),
            Builders<BsonDocument>.Update.Inc("last", 1L),
            new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After }
        );
        var update = Builders<BsonDocument>
            .Update.SetOnInsert("number", counted["last"])
            .SetOnInsert("source", source)
            .SetOnInsert("entry", MongoOutbox.Encode(entry))
            .Set("reason", reason)
            .Set("failed_at", clock.GetUtcNow().Bson());
        var id = new BsonDocument { { "module", module }, { "message", entry.MessageId.Bson() } };
        await letters.UpdateOneAsync(Where.Eq("_id", id), update, new UpdateOptions { IsUpsert = true });
    }

    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int limit) =>
        (await letters.Find(Where.Empty).Sort(Builders<BsonDocument>.Sort.Ascending("number")).Limit(limit).ToListAsync()).ConvertAll(Read);

    public Task<long> CountAsync() => letters.CountDocumentsAsync(Where.Empty);

    public async Task<DeadLetter?> FindAsync(long number) =>
        await letters.Find(Where.Eq("number", number)).FirstOrDefaultAsync() is { } letter ? Read(letter) : null;

    public Task RemoveAsync(long number) => letters.DeleteOneAsync(Where.Eq("number", number));

    private static DeadLetter Read(BsonDocument letter) =>
        new(
            letter["number"].ToInt64(),
            letter["_id"]["module"].AsString,
            letter["source"].AsString,
            MongoOutbox.Decode(letter["entry"].AsBsonDocument),
            letter["reason"].AsString,
            letter["failed_at"].ToTime()
        );
}
