using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Pricing;

namespace TicketBooth.Events.Storage;

/// <summary>
/// Events in a MongoDB database. An event is one document with its tiers, its messages and the counters of its sales, so it is read at one moment and changed by one
/// conditional write. What is known of an order is one document too: it stands on its tickets while it holds them, and its revision says which messages it has
/// seen. Only a sale touches two documents; <see cref="MongoSaleIntake"/> writes them together.
/// </summary>
internal sealed class MongoEventStore : IEventStore
{
    public const string EventCollection = "events";
    public const string SaleCollection = "sales";

    /// <summary>Of an event: its tiers' counters by the tier's id. Sales write it and nothing else does.</summary>
    public const string Counts = "counts";

    /// <summary>Of a sale: the numbers of its tickets, while it holds them.</summary>
    public const string Standing = "standing";

    /// <summary>Of an event and a minute: by how much its tiers' counters changed in it.</summary>
    public const string DemandCollection = "demand";

    // An $elemMatch over the index would ask for a range exactly; it ends DocumentDB's server process.
    private const int MostNumbers = 1024;

    private const string PriceCollection = "price_changes";
    private const string PolicyCollection = "policy_changes";

    private readonly MongoStorage storage;
    private readonly IMongoCollection<BsonDocument> events;
    private readonly IMongoCollection<BsonDocument> sales;
    private readonly IMongoCollection<BsonDocument> demand;
    private readonly IMongoCollection<BsonDocument> prices;
    private readonly IMongoCollection<BsonDocument> policies;
    private readonly MongoSaleIntake intake;
    private readonly MongoOutbox outbox;

    public MongoEventStore(MongoStorage storage, ILeases leases, TimeProvider clock)
    {
        this.storage = storage;
        var database = storage.Database("events");
        events = database.GetCollection<BsonDocument>(EventCollection);
        sales = database.GetCollection<BsonDocument>(SaleCollection);
        demand = database.GetCollection<BsonDocument>(DemandCollection);
        prices = database.GetCollection<BsonDocument>(PriceCollection);
        policies = database.GetCollection<BsonDocument>(PolicyCollection);
        intake = new MongoSaleIntake(storage, events, sales, demand);
        outbox = new MongoOutbox("events", events, leases, clock);
    }

    public IOutbox Outbox => outbox;

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    private static ProjectionDefinitionBuilder<BsonDocument> Only => Builders<BsonDocument>.Projection;

    private static SortDefinitionBuilder<BsonDocument> Sorted => Builders<BsonDocument>.Sort;

    /// <summary>Makes the indexes. Any number of hosts may do so at once.</summary>
    public async Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        await events.Indexes.CreateManyAsync(
            [
                new(keys.Ascending("starts").Ascending("_id"), new CreateIndexOptions { Name = "by_start" }),
                new(
                    keys.Ascending("ends_selling"),
                    new CreateIndexOptions<BsonDocument> { Name = "by_demand", PartialFilterExpression = Where.Eq("by_demand", true) }
                ),
            ],
            cancellationToken
        );
        await demand.Indexes.CreateManyAsync(
            [
                new(keys.Ascending("event").Ascending("minute"), new CreateIndexOptions { Name = "once_a_minute", Unique = true }),
                new(keys.Ascending("minute"), new CreateIndexOptions { Name = "minute" }),
            ],
            cancellationToken
        );
        await prices.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(
                keys.Ascending("event").Descending("version").Ascending("tier"),
                new CreateIndexOptions { Name = "history", Unique = true }
            ),
            cancellationToken: cancellationToken
        );
        await policies.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(
                keys.Ascending("event").Descending("version"),
                new CreateIndexOptions { Name = "history", Unique = true }
            ),
            cancellationToken: cancellationToken
        );
        await sales.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(
                keys.Ascending("event").Ascending(Standing),
                new CreateIndexOptions<BsonDocument> { Name = Standing, PartialFilterExpression = Where.Exists(Standing) }
            ),
            cancellationToken: cancellationToken
        );
        await outbox.EnsureIndexesAsync(cancellationToken);
    }

    public Task AddAsync(Event made) => events.InsertOneAsync(Written(made).Add("_id", made.Id.Bson()));

    public async Task<bool> ReplaceAsync(Event changed, EventRecords records)
    {
        // Field by field: what the sales and the relay have written meanwhile stays.
        var update = Set.Combine(Written(changed).Select(field => Set.Set(field.Name, field.Value)));
        if (records.Messages.Count > 0)
        {
            update = update.PushEach(MongoOutbox.Field, records.Messages.Select(MongoOutbox.Encode));
        }

        var before = Where.Eq("_id", changed.Id.Bson()) & Where.Eq("version", changed.Version - 1);
        var isReplaced =
            records.Prices.Count == 0 && records.Policy is null
                ? (await events.UpdateOneAsync(before, update)).MatchedCount == 1
                : await storage.InTransactionAsync(async session =>
                {
                    if ((await events.UpdateOneAsync(session, before, update)).MatchedCount == 0)
                    {
                        return false;
                    }

                    await WriteAsync(session, records);
                    return true;
                });
        if (isReplaced && records.Messages.Count > 0)
        {
            outbox.Signal(changed.Id.Bson());
        }

        return isReplaced;
    }

    public async Task<Event?> FindAsync(Guid id) =>
        await events.Find(Where.Eq("_id", id.Bson())).Project(Only.Exclude(MongoOutbox.Field).Exclude("search")).FirstOrDefaultAsync()
            is { } found
            ? ReadEvent(found)
            : null;

    public async Task<IReadOnlyList<EventListing>> ListAsync(EventFilter filter)
    {
        var wanted = Where.Empty;
        if (!filter.IncludeUnpublished)
        {
            wanted &= Where.Eq("published", true);
        }

        if (filter.StartsFrom is { } from)
        {
            wanted &= Where.Gte("starts", from.Bson());
        }

        if (filter.StartsBefore is { } before)
        {
            wanted &= Where.Lt("starts", before.Bson());
        }

        if (filter.After is var (ticks, id))
        {
            wanted &= Where.Gt("starts", ticks) | (Where.Eq("starts", ticks) & Where.Gt("_id", id.Bson()));
        }

        foreach (var word in filter.Words)
        {
            wanted &= Where.Regex("search", new BsonRegularExpression(Regex.Escape(word)));
        }

        var found = await events
            .Find(wanted)
            .Sort(Sorted.Ascending("starts").Ascending("_id"))
            .Limit(filter.Limit)
            .Project(Only.Exclude(MongoOutbox.Field).Exclude("search").Exclude("description"))
            .ToListAsync();
        return found.ConvertAll(ReadListing);
    }

    public async Task<IReadOnlyList<TakenTicket>> TakenTicketsAsync(Guid eventId, int first, int last)
    {
        // A page of numbers one by one; of more, each bound may be met by another element of an array, so a sale around the range comes along.
        var within =
            last - first < MostNumbers
                ? Where.In(Standing, Enumerable.Range(first, last - first + 1))
                : Where.Gte(Standing, first) & Where.Lte(Standing, last);
        var found = await sales
            .Find(StandingOf(eventId) & within)
            .Project(Only.Include("state").Include(Standing).Include("revision"))
            .ToListAsync();
        return
        [
            .. found
                .ConvertAll(ReadSale)
                .SelectMany(sale => sale.Numbers, (sale, number) => new TakenTicket(number, sale.State))
                .Where(ticket => ticket.Number >= first && ticket.Number <= last)
                .GroupBy(ticket => ticket.Number, (number, standing) => new TakenTicket(number, standing.Max(ticket => ticket.State)))
                .OrderBy(ticket => ticket.Number),
        ];
    }

    /// <remarks>The revision is the mark: a message says one revision of one order, and that one is taken in once. It is known for as long as the order is.</remarks>
    public Task<bool> ApplyAsync(Sale sale, InboxKey key, DateTimeOffset now) => intake.TakeInAsync(sale);

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

        var found = await prices.Find(wanted).Sort(Sorted.Descending("version").Ascending("tier")).Limit(limit).ToListAsync();
        return found.ConvertAll(change => new PriceChange(
            eventId,
            change["version"].AsInt64,
            change["tier"].ToId(),
            change["at"].ToTime(),
            NumberOrNull(change["from"]),
            change["to"].AsInt64,
            PricingJson.Read<PriceCause>(change["cause"].AsString)
        ));
    }

    public async Task<IReadOnlyList<PolicyChange>> PolicyChangesAsync(Guid eventId, int limit)
    {
        var found = await policies.Find(Where.Eq("event", eventId.Bson())).Sort(Sorted.Descending("version")).Limit(limit).ToListAsync();
        return found.ConvertAll(change => PricingJson.Read<PolicyChange>(change["change"].AsString));
    }

    public async Task<IReadOnlyList<DemandMinute>> DemandAsync(Guid eventId, long fromMinute)
    {
        var found = await demand
            .Find(Where.Eq("event", eventId.Bson()) & Where.Gte("minute", fromMinute))
            .Sort(Sorted.Ascending("minute"))
            .ToListAsync();
        return
        [
            .. found.SelectMany(minute =>
                minute["tiers"]
                    .AsBsonDocument.Select(tier => new DemandMinute(
                        minute["minute"].AsInt64,
                        Guid.ParseExact(tier.Name, "N"),
                        tier.Value.AsBsonDocument.GetValue("held", 0).AsInt32,
                        tier.Value.AsBsonDocument.GetValue("sold", 0).AsInt32
                    ))
            ),
        ];
    }

    public Task ForgetDemandAsync(long beforeMinute) => demand.DeleteManyAsync(Where.Lt("minute", beforeMinute));

    public async Task<IReadOnlyList<Guid>> PricedByDemandAsync(DateTimeOffset now)
    {
        var onSale =
            Where.Eq("by_demand", true)
            & Where.Gt("ends_selling", now.Bson())
            & Where.Lte("published_at", now.Bson())
            & Where.Eq("published", true)
            & Where.Eq("canceled", false);
        var found = await events.Find(onSale).Project(Only.Include("_id")).ToListAsync();
        return found.ConvertAll(priced => priced["_id"].ToId());
    }

    public async Task<IReadOnlyList<Guid>> PageOfIdsAsync(Guid after, int limit)
    {
        var page = await events
            .Find(Where.Gt("_id", after.Bson()))
            .Sort(Sorted.Ascending("_id"))
            .Limit(limit)
            .Project(Only.Include("_id"))
            .ToListAsync();
        return page.ConvertAll(found => found["_id"].ToId());
    }

    public Task<Ledger?> LedgerAsync(Guid eventId) =>
        storage.InTransactionAsync(async session =>
        {
            if (await events.Find(session, Where.Eq("_id", eventId.Bson())).FirstOrDefaultAsync() is not { } found)
            {
                return null;
            }

            var active = await sales.Find(session, StandingOf(eventId)).ToListAsync();
            return new Ledger(
                ReadEvent(found),
                [
                    .. active
                        .ConvertAll(ReadSale)
                        .SelectMany(sale => sale.Numbers, (sale, number) => new Claim(number, sale.OrderId, sale.State == TicketState.Sold))
                        .OrderBy(claim => claim.Number),
                ],
                active.ConvertAll(ReadKnown)
            );
        });

    public async Task<IReadOnlyDictionary<Guid, KnownSale>> SalesAsync(IReadOnlyList<(Guid EventId, Guid OrderId)> orders)
    {
        var asked = orders.ToHashSet();
        var found = await sales
            .Find(Where.In("_id", orders.Select(order => order.OrderId.Bson())))
            .Project(Only.Exclude(Standing))
            .ToListAsync();
        return found.ConvertAll(ReadKnown).Where(sale => asked.Contains((sale.EventId, sale.OrderId))).ToDictionary(sale => sale.OrderId);
    }

    public static StoredSale ReadSale(BsonDocument sale) =>
        new(
            sale["_id"].ToId(),
            sale["revision"].AsInt32,
            (TicketState)sale["state"].AsInt32,
            sale.TryGetValue(Standing, out var numbers) ? [.. numbers.AsBsonArray.Select(number => number.AsInt32)] : []
        );

    private async Task WriteAsync(IClientSessionHandle session, EventRecords records)
    {
        if (records.Prices.Count > 0)
        {
            await prices.InsertManyAsync(
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
            await policies.InsertOneAsync(
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

    /// <summary>The sales that stand on tickets of the event.</summary>
    private static FilterDefinition<BsonDocument> StandingOf(Guid eventId) => Where.Eq("event", eventId.Bson()) & Where.Exists(Standing);

    private static KnownSale ReadKnown(BsonDocument sale) =>
        new(
            sale["_id"].ToId(),
            sale["event"].ToId(),
            sale["revision"].AsInt32,
            (TicketState)sale["state"].AsInt32,
            sale["tickets"].AsInt32
        );

    /// <summary>What people change of an event; the counters are not in it.</summary>
    private static BsonDocument Written(Event written) =>
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
            { "tiers", new BsonArray(written.Tiers.Select(Written)) },
        };

    private static BsonDocument Written(Tier tier) =>
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
        };

    private static Event ReadEvent(BsonDocument document) =>
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
            ReadTiers(document)
        );

    private static EventListing ReadListing(BsonDocument document)
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
        );
    }

    private static DateTimeOffset? TimeOrNull(BsonValue value) => value.IsBsonNull ? null : value.ToTime();

    private static long? NumberOrNull(BsonValue value) => value.IsBsonNull ? null : value.AsInt64;
}
