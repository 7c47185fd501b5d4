using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>An event to and from its document.</summary>
internal static class EventDocuments
{
    /// <summary>The field with the tiers' counters by tier id. Ticket updates write it, and nothing else does.</summary>
    public const string Counts = "counts";

    /// <summary>The field with the time of the latest ticket update, which writes it.</summary>
    public const string OrderedAt = "ordered";

    /// <summary>The fields that a change of the event writes: all but its id, counters and messages.</summary>
    public static BsonDocument Of(Event written) =>
        new()
        {
            { "version", written.Version },
            { "revision", written.Revision },
            { "published", written.IsPublished },
            { "canceled", written.IsCanceled },
            { "name", written.Name },
            { "venue", written.Venue },
            { "search", SearchText.Of(written) },
            { "description", written.Description },
            { "starts", written.StartsAt.Bson() },
            { "published_at", written.PublishedAt is { } at ? at.Bson() : BsonNull.Value },
            { "ends_selling", written.EndsSellingAt.Bson() },
            { "capacity", written.Capacity },
            { "currency", written.Currency },
            { "large", written.Large },
            { "policy", PricingJson.Write(written.Policy) },
            { "by_demand", written.Policy is { Mode: PricingMode.Demand, Paused: false } },
            { "undo", written.Undo is { } undo ? PricingJson.Write(undo) : BsonNull.Value },
            { "operations", new BsonArray(written.Operations.Select(id => id.Bson())) },
            { "changed", written.ChangedAt.Bson() },
            { "tiers", new BsonArray(written.Tiers.Select(Of)) },
            { "blocks", PricingJson.Write(written.Blocks) },
            { "refunds", written.Refunds == RefundRule.Default ? BsonNull.Value : PricingJson.Write(written.Refunds) },
        };

    private static BsonDocument Of(Tier tier) =>
        new()
        {
            { "id", tier.Id.Bson() },
            { "name", tier.Name },
            { "price", tier.Price },
            { "base", tier.Pricing.Base },
            { "floor", tier.Pricing.Floor is { } floor ? floor : BsonNull.Value },
            { "ceiling", tier.Pricing.Ceiling is { } ceiling ? ceiling : BsonNull.Value },
            { "demand", tier.Pricing.Demand },
            { "adjustment", tier.Pricing.Adjustment },
            { "moved_at", tier.Pricing.MovedAt is { } moved ? moved.Bson() : BsonNull.Value },
            {
                "tickets",
                new BsonArray(tier.Tickets.Select(range => new BsonDocument { { "first", range.First }, { "count", range.Count } }))
            },
            { "off_sale", tier.OffSale },
            { "withdrawn", tier.Withdrawn },
        };

    public static Event Read(BsonDocument document) =>
        new(
            document["_id"].ToId(),
            document["version"].AsInt64,
            document["revision"].AsInt64,
            document["published"].AsBoolean,
            document["canceled"].AsBoolean,
            document["name"].AsString,
            document["venue"].AsString,
            document["description"].AsString,
            document["starts"].ToTime(),
            TimeOrNull(document["published_at"]),
            document["ends_selling"].ToTime(),
            document["capacity"].AsInt32,
            document["currency"].AsString,
            document["large"].AsBoolean,
            PricingJson.Read<PricingPolicy>(document["policy"].AsString),
            ReadTiers(document),
            document.GetValue("undo", BsonNull.Value) is BsonString undo ? PricingJson.Read<PriceUndo>(undo.Value) : null
        )
        {
            Operations = [.. document.GetValue("operations", new BsonArray()).AsBsonArray.Select(id => id.ToId())],
            ChangedAt = document.GetValue("changed", BsonNull.Value).ToTimeOrNull() ?? default,
            OrderedAt = document.GetValue(OrderedAt, BsonNull.Value).ToTimeOrNull() ?? default,
            Refunds = document.GetValue("refunds", BsonNull.Value) is BsonString refunds
                ? PricingJson.Read<RefundRule>(refunds.Value)
                : RefundRule.Default,
            Blocks = document.TryGetValue("blocks", out var blocks) ? PricingJson.Read<KnownBlock[]>(blocks.AsString) : [],
        };

    public static EventListing ReadListing(BsonDocument document)
    {
        var tiers = ReadTiers(document);
        var withTickets = tiers.Where(tier => tier.Available > 0).ToList();
        return new EventListing(
            document["_id"].ToId(),
            document["name"].AsString,
            document["venue"].AsString,
            new EventPhase(
                document["published"].AsBoolean,
                document["canceled"].AsBoolean,
                document["starts"].ToTime(),
                document["ends_selling"].ToTime()
            ),
            TimeOrNull(document["published_at"]),
            document["currency"].AsString,
            document["capacity"].AsInt32,
            tiers.Sum(tier => tier.Available),
            (withTickets.Count > 0 ? withTickets : tiers).Min(tier => tier.Price)
        );
    }

    /// <summary>The fields of <see cref="ReadPriced"/>.</summary>
    public static ProjectionDefinition<BsonDocument> PricedFields =>
        Builders<BsonDocument>.Projection.Include("version").Include(Counts);

    public static PricedEvent ReadPriced(BsonDocument document)
    {
        var counts = document.TryGetValue(Counts, out var stored) ? stored.AsBsonDocument : [];
        var tiers = counts.Values.Select(tier => tier.AsBsonDocument);
        return new PricedEvent(
            document["_id"].ToId(),
            document["version"].AsInt64,
            tiers.Sum(tier => tier.GetValue("held", 0).AsInt32 + tier.GetValue("sold", 0).AsInt32)
        );
    }

    private static List<Tier> ReadTiers(BsonDocument document)
    {
        var counts = document.TryGetValue(Counts, out var stored) ? stored.AsBsonDocument : [];
        return [.. document["tiers"].AsBsonArray.Select(tier => ReadTier(tier.AsBsonDocument, counts))];
    }

    private static Tier ReadTier(BsonDocument tier, BsonDocument counts)
    {
        var id = tier["id"].ToId();
        var counted = counts.TryGetValue(id.ToString("N"), out var found) ? found.AsBsonDocument : [];
        return new Tier(
            id,
            tier["name"].AsString,
            new TierPricing(
                tier["price"].AsInt64,
                tier["base"].AsInt64,
                NumberOrNull(tier["floor"]),
                NumberOrNull(tier["ceiling"]),
                tier["demand"].AsInt32,
                tier["adjustment"].AsInt64,
                TimeOrNull(tier["moved_at"])
            ),
            [.. tier["tickets"].AsBsonArray.Select(range => new TicketRange(range["first"].AsInt32, range["count"].AsInt32))],
            counted.GetValue("held", 0).AsInt32,
            counted.GetValue("sold", 0).AsInt32
        )
        {
            OffSale = tier.AsBsonDocument.GetValue("off_sale", 0).AsInt32,
            Withdrawn = tier.AsBsonDocument.GetValue("withdrawn", 0).AsInt32,
        };
    }

    public static long? NumberOrNull(BsonValue value) => value.IsBsonNull ? null : value.AsInt64;

    private static DateTimeOffset? TimeOrNull(BsonValue value) => value.IsBsonNull ? null : value.ToTime();
}
