using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>Events in the module's MongoDB database.</summary>
internal sealed class MongoEventStore(MongoEventsDatabase database) : IEventStore
{
    private const int MostWaits = 5;

    // Half of the time for which a former price is honoured.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    public IOutbox Outbox => database.Outbox;

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    private static ProjectionDefinitionBuilder<BsonDocument> Only => Builders<BsonDocument>.Projection;

    private static SortDefinitionBuilder<BsonDocument> Sorted => Builders<BsonDocument>.Sort;

    /// <summary>All but what waits to be delivered, written or moved.</summary>
    private static ProjectionDefinition<BsonDocument> EventOnly =>
        Only.Exclude(MongoOutbox.Field)
            .Exclude("search")
            .Exclude(UnfinishedBatch.Field)
            .Exclude(MongoPriceHistoryStore.NewPrices)
            .Exclude(MongoPriceHistoryStore.NewPolicies);

    public async Task<bool> AddAsync(Event made)
    {
        try
        {
            await database.Events.InsertOneAsync(EventDocuments.Of(made).Add("_id", made.Id.Bson()));
            return true;
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }

    public async Task<bool> ChangeAsync(Guid id, Func<Event, EventWrite?> decide)
    {
        for (var waits = 0; await FindAsync(id) is { } current;)
        {
            if (decide(current) is not { } write)
            {
                return false;
            }

            try
            {
                if (await TryWriteAsync(write))
                {
                    return true;
                }
            }
            catch (MongoExecutionTimeoutException) when (waits < MostWaits)
            {
                // What was decided is too old to be written now: it is dated before it waited.
                waits++;
            }
        }

        return false;
    }

    public async Task<bool> DeleteDraftAsync(Guid id)
    {
        if ((await database.Events.DeleteOneAsync(Where.Eq("_id", id.Bson()) & Where.Eq("published", false))).DeletedCount == 0)
        {
            return false;
        }

        // What a host that is killed here leaves behind is the history of no event: nobody reads it.
        await database.Policies.DeleteManyAsync(Where.Eq("event", id.Bson()));
        return true;
    }

    public async Task<Event?> FindAsync(Guid id) =>
        await database.Events.Find(Where.Eq("_id", id.Bson())).Project(EventOnly).FirstOrDefaultAsync() is { } found
            ? EventDocuments.Read(found)
            : null;

    public async Task<IReadOnlyDictionary<Guid, long>> VersionsAsync(IReadOnlyCollection<Guid> ids)
    {
        // An index answers this by itself, without the documents.
        var found = await database.Events.Find(Ids(ids)).Project(Only.Include("_id").Include("version")).ToListAsync();
        return found.ToDictionary(each => each["_id"].ToId(), each => each["version"].AsInt64);
    }

    public async Task<IReadOnlySet<Guid>> WithPendingMessagesAsync(IReadOnlyCollection<Guid> ids)
    {
        var waiting = await database.Events.Find(Ids(ids) & MongoOutbox.IsPending).Project(Only.Include("_id")).ToListAsync();
        var pending = waiting.Select(each => each["_id"].ToId()).ToHashSet();

        // After the documents: a message enters a backlog before it leaves its document.
        pending.UnionWith(await database.Outbox.KeysSetAsideAsync(ids, CancellationToken.None));
        return pending;
    }

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

        if (filter.InStatus is var (status, at))
        {
            wanted &= InStatus(status, at.Bson());
        }

        if (filter.After is var (ticks, id))
        {
            wanted &= Where.Gt("starts", ticks) | (Where.Eq("starts", ticks) & Where.Gt("_id", id.Bson()));
        }

        foreach (var word in filter.Words)
        {
            wanted &= Where.Regex("search", new BsonRegularExpression(Regex.Escape(word)));
        }

        var found = await database
            .Events.Find(wanted)
            .Sort(Sorted.Ascending("starts").Ascending("_id"))
            .Limit(filter.Limit)
            .Project(EventOnly.Exclude("description"))
            .ToListAsync();
        return found.ConvertAll(EventDocuments.ReadListing);
    }

    /// <summary>As <see cref="EventPhase.StatusAt"/>.</summary>
    private static FilterDefinition<BsonDocument> InStatus(EventStatus status, BsonValue at)
    {
        var isOver = Where.Lte("starts", at) & Where.Lte("ends_selling", at);
        var isPublished = Where.Eq("published", true) & Where.Eq("canceled", false);
        return status switch
        {
            EventStatus.Draft => Where.Eq("published", false) & Where.Eq("canceled", false),
            EventStatus.Canceled => Where.Eq("canceled", true),
            EventStatus.Published => isPublished & !isOver,
            _ => isPublished & isOver,
        };
    }

    public async Task<IReadOnlyList<Guid>> PageOfIdsAsync(Guid after, int limit)
    {
        var page = await database
            .Events.Find(Where.Gt("_id", after.Bson()))
            .Sort(Sorted.Ascending("_id"))
            .Limit(limit)
            .Project(Only.Include("_id"))
            .ToListAsync();
        return page.ConvertAll(found => found["_id"].ToId());
    }

    public async Task<IReadOnlyList<PricedEvent>> PricedByDemandAsync(DateTimeOffset now)
    {
        var onSale =
            Where.Eq("by_demand", true)
            & Where.Gt("ends_selling", now.Bson())
            & Where.Lte("published_at", now.Bson())
            & Where.Eq("published", true)
            & Where.Eq("canceled", false);
        var found = await database.Events.Find(onSale).Project(EventDocuments.PricedFields).ToListAsync();
        return found.ConvertAll(EventDocuments.ReadPriced);
    }

    /// <summary>False, and nothing written, when another change was written first.</summary>
    private async Task<bool> TryWriteAsync(EventWrite write)
    {
        var (changed, records) = write;

        // Field by field, so that counters and messages which were written meanwhile stay.
        var update = Set.Combine(EventDocuments.Of(changed).Select(field => Set.Set(field.Name, field.Value)));
        if (records.Messages.Count > 0)
        {
            update = update.PushEach(MongoOutbox.Field, records.Messages.Select(MongoOutbox.Encode));
        }

        update = MongoPriceHistoryStore.Carry(update, records);
        var replaced = await database.Events.FindOneAndUpdateAsync(
            Where.Eq("_id", changed.Id.Bson()) & Where.Eq("version", changed.Version - 1),
            update,
            new FindOneAndUpdateOptions<BsonDocument>
            {
                ReturnDocument = ReturnDocument.After,
                Projection = MongoPriceHistoryStore.Carried,
                MaxTime = LongestWait,
            }
        );
        if (replaced is null)
        {
            return false;
        }

        if (records.Messages.Count > 0)
        {
            database.Outbox.Signal(changed.Id.Bson());
        }

        await MongoPriceHistoryStore.MoveAsync(database, replaced);
        return true;
    }

    private static FilterDefinition<BsonDocument> Ids(IEnumerable<Guid> ids) => Where.In("_id", ids.Select(id => id.Bson()));
}
