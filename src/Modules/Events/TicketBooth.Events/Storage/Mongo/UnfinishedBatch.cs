using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>
/// What a batch of ticket updates writes outside its event's document. That document carries it from the write that counts it until all of
/// it is written, and no other batch of the event is counted before. So a batch is one conditional write, and any host can finish it, any
/// number of times: each write compares a revision or the number of the batch.
/// </summary>
internal static class UnfinishedBatch
{
    public const string Field = "batch";

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    /// <param name="round">The number of the batch among those of its event; ascending.</param>
    /// <param name="batch">What it writes.</param>
    public static BsonDocument Of(long round, TicketUpdateBatch batch) =>
        new()
        {
            { "round", round },
            { "orders", new BsonArray(batch.Written.Select(OrderDocuments.Of)) },
            {
                "minutes",
                new BsonArray(
                    batch
                        .Minutes.GroupBy(change => change.Minute)
                        .Select(minute => new BsonDocument { { "minute", minute.Key }, { "tiers", new BsonArray(minute.Select(Of)) } })
                )
            },
        };

    /// <summary>The batch that an event's document carries; null when it carries none.</summary>
    public static BsonDocument? In(BsonDocument found) => found.TryGetValue(Field, out var batch) ? batch.AsBsonDocument : null;

    /// <summary>Its orders as they are to be stored.</summary>
    public static IEnumerable<BsonDocument> OrdersOf(BsonDocument batch) =>
        batch["orders"].AsBsonArray.Select(order => order.AsBsonDocument);

    /// <summary>Writes what is not written yet, and takes the batch out of the event's document.</summary>
    /// <param name="isNew">Whether nothing was stored of an order when the batch was decided; null when that is not known.</param>
    public static async Task FinishAsync(
        MongoEventsDatabase database,
        Guid eventId,
        BsonDocument batch,
        Func<BsonDocument, bool>? isNew = null
    )
    {
        var (round, unordered) = (batch["round"].AsInt64, new BulkWriteOptions { IsOrdered = false });
        var orders = OrdersOf(batch).ToLookup(order => isNew is not null && isNew(order));
        var conditional = orders[false].Concat(await InsertAsync(database, eventId, [.. orders[true]])).ToList();
        if (conditional.Count > 0)
        {
            await database.Orders.BulkWriteAsync(conditional.ConvertAll(order => OrderDocuments.Write(eventId, order)), unordered);
        }

        var minutes = batch["minutes"].AsBsonArray.Select(minute => Count(eventId, round, minute.AsBsonDocument)).ToList();
        if (minutes.Count > 0)
        {
            await database.Demand.BulkWriteAsync(minutes, unordered);
        }

        await database.Events.UpdateOneAsync(
            Where.Eq("_id", eventId.Bson()) & Where.Eq(Field + ".round", round),
            Builders<BsonDocument>.Update.Unset(Field)
        );
    }

    /// <summary>Inserts orders, which costs a store a fraction of a conditional write.</summary>
    /// <returns>Those that are stored meanwhile, by a host that finished this batch or by a later one.</returns>
    private static async Task<IEnumerable<BsonDocument>> InsertAsync(MongoEventsDatabase database, Guid eventId, List<BsonDocument> orders)
    {
        if (orders.Count == 0)
        {
            return [];
        }

        try
        {
            await database.Orders.InsertManyAsync(
                orders.Select(order => OrderDocuments.Stored(eventId, order)),
                new InsertManyOptions { IsOrdered = false }
            );
            return [];
        }
        catch (MongoBulkWriteException<BsonDocument> refused)
            when (refused.WriteConcernError is null && refused.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            return refused.WriteErrors.Select(error => orders[error.Index]);
        }
    }

    private static BsonDocument Of(DemandMinute change) =>
        new()
        {
            { "tier", change.TierId.ToString("N") },
            { "held", change.Held },
            { "sold", change.Sold },
        };

    /// <summary>Adds to the counters of a minute, unless this batch or a later one has.</summary>
    private static UpdateOneModel<BsonDocument> Count(Guid eventId, long round, BsonDocument minute)
    {
        var counters = minute["tiers"]
            .AsBsonArray.Select(tier => tier.AsBsonDocument)
            .SelectMany(tier => new[] { Sum(tier, "held"), Sum(tier, "sold") });
        return new UpdateOneModel<BsonDocument>(
            Where.Eq("event", eventId.Bson()) & Where.Eq("minute", minute["minute"].AsInt64),
            UnlessAtLeast("round", round, counters)
        )
        {
            IsUpsert = true,
        };
    }

    private static (string Field, BsonValue Value) Sum(BsonDocument tier, string counter)
    {
        var field = $"tiers.{tier["tier"].AsString}.{counter}";
        return (field, new BsonDocument("$add", new BsonArray { IfMissing(field), tier[counter] }));
    }

    /// <summary>Sets fields, and the number that guards them; changes nothing when the document has that number or a higher one.</summary>
    /// <param name="guard">The field of the number.</param>
    /// <param name="number">The number, 1 or more.</param>
    /// <param name="fields">Each with the expression of its value.</param>
    public static UpdateDefinition<BsonDocument> UnlessAtLeast(
        string guard,
        BsonValue number,
        IEnumerable<(string Field, BsonValue Value)> fields
    )
    {
        var isKnown = new BsonDocument("$gte", new BsonArray { IfMissing(guard), number });
        var set = fields
            .Append((guard, number))
            .Select(pair => new BsonElement(
                pair.Item1,
                new BsonDocument("$cond", new BsonArray { isKnown, "$" + pair.Item1, pair.Item2 })
            ));
        return Builders<BsonDocument>.Update.Pipeline(
            new BsonDocumentStagePipelineDefinition<BsonDocument, BsonDocument>([new BsonDocument("$set", new BsonDocument(set))])
        );
    }

    private static BsonDocument IfMissing(string field) => new("$ifNull", new BsonArray { "$" + field, 0 });
}
