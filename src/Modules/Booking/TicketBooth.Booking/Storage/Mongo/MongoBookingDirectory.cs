using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>
/// The directory in MongoDB. Every step is a conditional write of one document, so hosts agree without a transaction.
/// </summary>
internal sealed class MongoBookingDirectory(IMongoDatabase database) : IBookingDirectory
{
    private const int EventsPerShard = 50;
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(25);

    private readonly IMongoCollection<BsonDocument> shards = database.GetCollection<BsonDocument>("shards");
    private readonly IMongoCollection<BsonDocument> places = database.GetCollection<BsonDocument>("event_shards");
    private readonly IMongoCollection<BsonDocument> keys = database.GetCollection<BsonDocument>("idempotency_keys");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    /// <summary>The server deletes a key by itself an hour after its reservation has expired.</summary>
    public Task EnsureIndexesAsync(CancellationToken cancellationToken) =>
        keys.MakeIndexesAsync(
            [
                new(
                    Builders<BsonDocument>.IndexKeys.Ascending("forget"),
                    new CreateIndexOptions { Name = "forget", ExpireAfter = TimeSpan.Zero }
                ),
            ],
            cancellationToken
        );

    public async Task<IReadOnlyList<ushort>> ShardsAsync() =>
        (await shards.Find(Where.Empty).Sort(Builders<BsonDocument>.Sort.Ascending("_id")).ToListAsync()).ConvertAll(shard =>
            (ushort)shard["_id"].AsInt32
        );

    public async Task<ushort> AssignAsync(Guid eventId, bool large)
    {
        if (await PlaceAsync(eventId) is { } known)
        {
            return known;
        }

        var shard = large ? await NewShardAsync(dedicated: true) : await OpenShardAsync() ?? await NewShardAsync(dedicated: false);
        try
        {
            await places.InsertOneAsync(new BsonDocument { { "_id", eventId.Bson() }, { "shard", shard } });
            return (ushort)shard;
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // Another host was faster: its assignment counts, and ours is taken back.
            await shards.UpdateOneAsync(Where.Eq("_id", shard), Set.Inc("events", -1));
            await shards.DeleteOneAsync(Where.Eq("_id", shard) & Where.Eq("events", 0));
            return (await PlaceAsync(eventId))!.Value;
        }
    }

    public async Task<KeyReservation> ReserveAsync(Guid buyerId, string key, KeyReservation reservation, DateTimeOffset validFrom)
    {
        var id = IdOf(buyerId, key);
        var update = Set.Set("order", reservation.OrderId.Bson())
            .Set("body_hash", reservation.BodyHash)
            .Set("at", reservation.At.Bson())
            .Set("forget", (reservation.At + KeyLife).UtcDateTime)
            .Unset("refused_with");
        try
        {
            // Matches only a reservation that no longer counts; inserts where there is none.
            await keys.UpdateOneAsync(
                Where.Eq("_id", id) & Where.Lt("at", validFrom.Bson()),
                update,
                new UpdateOptions { IsUpsert = true }
            );
            return reservation;
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return Read(await keys.Find(Where.Eq("_id", id)).SingleAsync());
        }
    }

    public async Task<KeyReservation?> FindReservationAsync(Guid buyerId, string key, DateTimeOffset validFrom) =>
        await keys.Find(Where.Eq("_id", IdOf(buyerId, key)) & Where.Gte("at", validFrom.Bson())).FirstOrDefaultAsync() is { } found
            ? Read(found)
            : null;

    public Task RefuseAsync(Guid buyerId, string key, string errorCode) =>
        keys.UpdateOneAsync(Where.Eq("_id", IdOf(buyerId, key)), Set.Set("refused_with", errorCode));

    public Task ForgetKeysAsync(DateTimeOffset before) =>
        keys.PatientlyAsync(all => all.DeleteManyAsync(Where.Lt("at", before.Bson())));

    private async Task<ushort?> PlaceAsync(Guid eventId) =>
        await places.Find(Where.Eq("_id", eventId.Bson())).FirstOrDefaultAsync() is { } place ? (ushort)place["shard"].AsInt32 : null;

    /// <summary>Takes a place on the newest shard that has one left; null when none has.</summary>
    private async Task<int?> OpenShardAsync()
    {
        var shard = await shards.FindOneAndUpdateAsync(
            Where.Eq("dedicated", false) & Where.Lt("events", EventsPerShard),
            Set.Inc("events", 1),
            new FindOneAndUpdateOptions<BsonDocument> { Sort = Builders<BsonDocument>.Sort.Descending("_id") }
        );
        return shard?["_id"].AsInt32;
    }

    private async Task<int> NewShardAsync(bool dedicated)
    {
        while (true)
        {
            var last = await shards.Find(Where.Empty).Sort(Builders<BsonDocument>.Sort.Descending("_id")).Limit(1).FirstOrDefaultAsync();
            var number = (last?["_id"].AsInt32 ?? 0) + 1;
            try
            {
                await shards.InsertOneAsync(
                    new BsonDocument
                    {
                        { "_id", number },
                        { "dedicated", dedicated },
                        { "events", 1 },
                    }
                );
                return number;
            }
            catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
            {
                // Another host has just created this one, perhaps with room for our event.
                if (!dedicated && await OpenShardAsync() is { } open)
                {
                    return open;
                }
            }
        }
    }

    private static BsonDocument IdOf(Guid buyerId, string key) => new() { { "buyer", buyerId.Bson() }, { "key", key } };

    private static KeyReservation Read(BsonDocument document) =>
        new(
            document["order"].ToId(),
            document["body_hash"].AsString,
            document["at"].ToTime(),
            document.TryGetValue("refused_with", out var code) ? code.AsString : null
        );
}
