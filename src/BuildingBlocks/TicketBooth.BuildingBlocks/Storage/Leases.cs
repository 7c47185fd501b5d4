using MongoDB.Bson;
using MongoDB.Driver;

namespace TicketBooth.BuildingBlocks.Storage;

/// <summary>Lets one host at a time do work that all of them could do. It only spares double work: what must not happen twice is decided by the stores.</summary>
public interface ILeases
{
    /// <summary>Whether there may be other hosts on the same stores.</summary>
    bool Several { get; }

    /// <summary>
    /// Whether this host does the work until <paramref name="duration"/> is over; asking again prolongs it. A host that dies stops asking, and another one
    /// carries on after that time.
    /// </summary>
    Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken);
}

/// <summary>The embedded profile has one host.</summary>
public sealed class SoleHost : ILeases
{
    public bool Several => false;

    public Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken) => Task.FromResult(true);
}

/// <summary>A document per work, taken over by a conditional write.</summary>
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
            // The filter did not match a lease that is there: another host holds it.
            return false;
        }
    }
}
