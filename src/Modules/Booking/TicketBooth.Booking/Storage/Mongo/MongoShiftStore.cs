using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>The shifts, in the database of the directory: a document each.</summary>
internal sealed class MongoShiftStore(IMongoDatabase database) : IShiftStore
{
    /// <summary>There only while the shift is open, so that the unique index is about open shifts.</summary>
    private const string Open = "open";

    private readonly IMongoCollection<BsonDocument> shifts = database.GetCollection<BsonDocument>("shifts");
    private readonly IMongoCollection<BsonDocument> allowances = database.GetCollection<BsonDocument>("complimentary_allowances");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    public Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        return shifts.MakeIndexesAsync(
            [
                new(
                    keys.Ascending("clerk"),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = "one_open",
                        Unique = true,
                        PartialFilterExpression = Where.Exists(Open),
                    }
                ),
                new(keys.Descending("opened").Descending("_id"), new CreateIndexOptions<BsonDocument> { Name = "opened" }),
            ],
            cancellationToken
        );
    }

    public async Task<bool> AddAsync(Shift shift)
    {
        try
        {
            await shifts.InsertOneAsync(Document(shift));
            return true;
        }
        catch (MongoWriteException refused) when (refused.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }

    public async Task<bool> ReplaceAsync(Shift shift) =>
        (
            await shifts.ReplaceOneAsync(Where.Eq("_id", shift.Id.Bson()) & Where.Eq("version", shift.Version - 1), Document(shift))
        ).MatchedCount == 1;

    public async Task<Shift?> FindAsync(Guid id) => Read(await shifts.Find(Where.Eq("_id", id.Bson())).FirstOrDefaultAsync());

    public async Task<Shift?> FindOpenAsync(Guid clerkId) =>
        Read(await shifts.Find(Where.Eq("clerk", clerkId.Bson()) & Where.Exists(Open)).FirstOrDefaultAsync());

    public async Task<IReadOnlyList<Shift>> ListAsync(ShiftFilter filter, int limit)
    {
        var wanted = Where.Empty;
        wanted &= filter.ClerkId is { } clerk ? Where.Eq("clerk", clerk.Bson()) : Where.Empty;
        wanted &= filter.From is { } from ? Where.Gte("opened", from.Bson()) : Where.Empty;
        wanted &= filter.To is { } to ? Where.Lt("opened", to.Bson()) : Where.Empty;
        wanted &= filter.IsOpen is { } isOpen ? Where.Exists(Open, isOpen) : Where.Empty;
        wanted &= filter.Before is { } before
            ? Where.Lt("opened", before.OpenedAt.Bson()) | (Where.Eq("opened", before.OpenedAt.Bson()) & Where.Lt("_id", before.Id.Bson()))
            : Where.Empty;
        var sorted = Builders<BsonDocument>.Sort.Descending("opened").Descending("_id");
        return (await shifts.Find(wanted).Sort(sorted).Limit(limit).ToListAsync()).ConvertAll(found => Read(found)!);
    }

    public async Task<int> AllowanceAsync(Guid eventId) =>
        await allowances.Find(Where.Eq("_id", eventId.Bson())).FirstOrDefaultAsync() is { } found ? found["allowance"].AsInt32 : 0;

    public Task AllowAsync(Guid eventId, int allowance) =>
        allowances.UpdateOneAsync(
            Where.Eq("_id", eventId.Bson()),
            Builders<BsonDocument>.Update.Set("allowance", allowance),
            new UpdateOptions { IsUpsert = true }
        );

    private static BsonDocument Document(Shift shift)
    {
        var document = new BsonDocument
        {
            { "_id", shift.Id.Bson() },
            { "clerk", shift.Clerk.Id.Bson() },
            { "opened", shift.OpenedAt.Bson() },
            { "version", shift.Version },
            { "body", CounterJson.Write(shift) },
        };
        return shift.IsOpen ? document.Add(Open, true) : document;
    }

    private static Shift? Read(BsonDocument? found) => found is null ? null : CounterJson.ReadShift(found["body"].AsString);
}
