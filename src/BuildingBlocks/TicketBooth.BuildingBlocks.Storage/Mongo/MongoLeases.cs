using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>One document per lease; a conditional write takes it.</summary>
internal sealed class MongoLeases(MongoStorage storage, TimeProvider clock) : ILeases
{
    private readonly IMongoCollection<BsonDocument> leases = storage.Database("messaging").GetCollection<BsonDocument>("leases");
    private readonly BsonValue host = Guid.CreateVersion7(clock.GetUtcNow()).Bson();

    public bool Several => true;

    public async Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var mine = Builders<BsonDocument>.Filter;
        try
        {
            await leases.UpdateOneAsync(
                mine.Eq("_id", work) & (mine.Eq("host", host) | mine.Lt("until", now.Bson())),
                Builders<BsonDocument>.Update.Set("host", host).Set("until", (now + duration).Bson()),
                new UpdateOptions { IsUpsert = true },
                cancellationToken
            );
            return true;
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // The lease exists and did not match the filter, so another host holds it.
            return false;
        }
    }

    public Task ReleaseAsync(string work, CancellationToken cancellationToken) =>
        leases.DeleteOneAsync(
            Builders<BsonDocument>.Filter.Eq("_id", work) & Builders<BsonDocument>.Filter.Eq("host", host),
            cancellationToken
        );
}
