using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>The histories of prices and policies in the module's MongoDB database.</summary>
/// <remarks>
/// A change of an event writes its rows into the event's document, in the same write as the change itself, and then moves them to their
/// collections. Rows that a host did not move before it died are moved by the next change; until then readers find them in the document.
/// </remarks>
internal sealed class MongoPriceHistoryStore(MongoEventsDatabase database) : IPriceHistoryStore
{
    public const string NewPrices = "new_prices";
    public const string NewPolicies = "new_policies";

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    private static SortDefinitionBuilder<BsonDocument> Sorted => Builders<BsonDocument>.Sort;

    /// <summary>The fields of an event's document with the rows that are not moved yet.</summary>
    public static ProjectionDefinition<BsonDocument> Carried => Builders<BsonDocument>.Projection.Include(NewPrices).Include(NewPolicies);

    public async Task<IReadOnlyList<PriceChange>> PriceChangesAsync(
        Guid eventId,
        Guid? tierId,
        (long Version, Guid TierId)? after,
        int limit
    )
    {
        // Before the collection: a row is there before it leaves the document.
        var carried = (await CarriedByAsync(eventId, NewPrices))
            .Select(Read)
            .Where(change => tierId is null || change.TierId == tierId)
            .Where(change =>
                after is not var (version, last)
                || change.Version < version
                || (change.Version == version && InOrder(change.TierId, last) > 0)
            );
        var wanted = Where.Eq("event", eventId.Bson());
        if (tierId is { } tier)
        {
            wanted &= Where.Eq("tier", tier.Bson());
        }

        if (after is var (afterVersion, afterTier))
        {
            wanted &= Where.Lt("version", afterVersion) | (Where.Eq("version", afterVersion) & Where.Gt("tier", afterTier.Bson()));
        }

        var found = await database.Prices.Find(wanted).Sort(Sorted.Descending("version").Ascending("tier")).Limit(limit).ToListAsync();
        return
        [
            .. found
                .Select(Read)
                .Concat(carried)
                .DistinctBy(change => (change.Version, change.TierId))
                .OrderByDescending(change => change.Version)
                .ThenBy(change => change.TierId, Comparer<Guid>.Create(InOrder))
                .Take(limit),
        ];
    }

    public async Task<IReadOnlyList<PolicyChange>> PolicyChangesAsync(Guid eventId, int limit)
    {
        var carried = await CarriedByAsync(eventId, NewPolicies);
        var found = await database
            .Policies.Find(Where.Eq("event", eventId.Bson()))
            .Sort(Sorted.Descending("version"))
            .Limit(limit)
            .ToListAsync();
        return
        [
            .. found
                .Concat(carried)
                .DistinctBy(change => change["version"])
                .OrderByDescending(change => change["version"].AsInt64)
                .Take(limit)
                .Select(change => PricingJson.Read<PolicyChange>(change["change"].AsString)),
        ];
    }

    /// <summary>Adds the rows of one change to the write that changes the event's document.</summary>
    public static UpdateDefinition<BsonDocument> Carry(UpdateDefinition<BsonDocument> update, EventRecords records)
    {
        if (records.Prices.Count > 0)
        {
            update = update.PushEach(NewPrices, records.Prices.Select(Of));
        }

        return records.Policy is { } policy ? update.Push(NewPolicies, Of(policy)) : update;
    }

    /// <summary>Moves the rows that an event's document carries to their collections.</summary>
    public static async Task MoveAsync(MongoEventsDatabase database, BsonDocument changed)
    {
        var (prices, policies) = (RowsOf(changed, NewPrices), RowsOf(changed, NewPolicies));
        if (prices.Count == 0 && policies.Count == 0)
        {
            return;
        }

        await AddAsync(database.Prices, prices);
        await AddAsync(database.Policies, policies);
        var versions = prices.Concat(policies).Select(row => row["version"]).Distinct().ToList();
        await database.Events.UpdateOneAsync(
            Where.Eq("_id", changed["_id"]),
            Set.Combine(
                Set.PullFilter<BsonDocument>(NewPrices, Where.In("version", versions)),
                Set.PullFilter<BsonDocument>(NewPolicies, Where.In("version", versions))
            )
        );
    }

    private static async Task AddAsync(IMongoCollection<BsonDocument> rows, List<BsonDocument> moved)
    {
        if (moved.Count == 0)
        {
            return;
        }

        try
        {
            await rows.InsertManyAsync(moved, new InsertManyOptions { IsOrdered = false });
        }
        catch (MongoBulkWriteException failure) when (failure.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // Another change has moved them too; rows never change.
        }
    }

    private async Task<List<BsonDocument>> CarriedByAsync(Guid eventId, string field) =>
        await database
            .Events.Find(Where.Eq("_id", eventId.Bson()))
            .Project(Builders<BsonDocument>.Projection.Include(field))
            .FirstOrDefaultAsync()
            is { } found
            ? RowsOf(found, field)
            : [];

    private static List<BsonDocument> RowsOf(BsonDocument found, string field) =>
        found.TryGetValue(field, out var rows) ? [.. rows.AsBsonArray.Select(row => row.AsBsonDocument)] : [];

    /// <summary>Ids as the store orders them: by their bytes.</summary>
    private static int InOrder(Guid one, Guid other) =>
        one.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(other.ToByteArray(bigEndian: true));

    private static BsonDocument Of(PriceChange change) =>
        new()
        {
            { "event", change.EventId.Bson() },
            { "version", change.Version },
            { "tier", change.TierId.Bson() },
            { "at", change.At.Bson() },
            { "from", change.From is { } from ? from : BsonNull.Value },
            { "to", change.To },
            { "cause", PricingJson.Write(change.Cause) },
        };

    private static BsonDocument Of(PolicyChange policy) =>
        new()
        {
            { "event", policy.EventId.Bson() },
            { "version", policy.Version },
            { "change", PricingJson.Write(policy) },
        };

    private static PriceChange Read(BsonDocument change) =>
        new(
            change["event"].ToId(),
            change["version"].AsInt64,
            change["tier"].ToId(),
            change["at"].ToTime(),
            EventDocuments.NumberOrNull(change["from"]),
            change["to"].AsInt64,
            PricingJson.Read<PriceCause>(change["cause"].AsString)
        );
}
