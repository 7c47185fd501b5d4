using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>The histories of prices and policies in the module's MongoDB database.</summary>
internal sealed class MongoPriceHistoryStore(MongoEventsDatabase database) : IPriceHistoryStore
{
    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static SortDefinitionBuilder<BsonDocument> Sorted => Builders<BsonDocument>.Sort;

    public async Task<IReadOnlyList<PriceChange>> PriceChangesAsync(
        Guid eventId,
        Guid? tierId,
        (long Version, Guid TierId)? after,
        int limit
    )
    {
        var wanted = Where.Eq("event", eventId.Bson());
        if (tierId is { } tier)
        {
            wanted &= Where.Eq("tier", tier.Bson());
        }

        if (after is var (version, last))
        {
            wanted &= Where.Lt("version", version) | (Where.Eq("version", version) & Where.Gt("tier", last.Bson()));
        }

        var found = await database.Prices.Find(wanted).Sort(Sorted.Descending("version").Ascending("tier")).Limit(limit).ToListAsync();
        return found.ConvertAll(change => new PriceChange(
            eventId,
            change["version"].AsInt64,
            change["tier"].ToId(),
            change["at"].ToTime(),
            EventDocuments.NumberOrNull(change["from"]),
            change["to"].AsInt64,
            PricingJson.Read<PriceCause>(change["cause"].AsString)
        ));
    }

    public async Task<IReadOnlyList<PolicyChange>> PolicyChangesAsync(Guid eventId, int limit)
    {
        var found = await database
            .Policies.Find(Where.Eq("event", eventId.Bson()))
            .Sort(Sorted.Descending("version"))
            .Limit(limit)
            .ToListAsync();
        return found.ConvertAll(change => PricingJson.Read<PolicyChange>(change["change"].AsString));
    }

    /// <summary>Writes the rows of one change, in the transaction that changes the event.</summary>
    public static async Task WriteAsync(MongoEventsDatabase database, IClientSessionHandle session, EventRecords records)
    {
        if (records.Prices.Count > 0)
        {
            await database.Prices.InsertManyAsync(
                session,
                records.Prices.Select(change => new BsonDocument
                {
                    { "event", change.EventId.Bson() },
                    { "version", change.Version },
                    { "tier", change.TierId.Bson() },
                    { "at", change.At.Bson() },
                    { "from", change.From is { } from ? from : BsonNull.Value },
                    { "to", change.To },
                    { "cause", PricingJson.Write(change.Cause) },
                })
            );
        }

        if (records.Policy is { } policy)
        {
            await database.Policies.InsertOneAsync(
                session,
                new BsonDocument
                {
                    { "event", policy.EventId.Bson() },
                    { "version", policy.Version },
                    { "change", PricingJson.Write(policy) },
                }
            );
        }
    }
}
