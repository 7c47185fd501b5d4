using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>The entries in the documents of a collection: those that a document was inserted with, and those of its changes.</summary>
internal sealed class EntriesInDocuments(IMongoCollection<BsonDocument> documents, MongoInsertSeries series)
{
    /// <summary>The documents, each with its entries that are not delivered, oldest first.</summary>
    public async Task<List<PendingDocument>> LoadAsync(
        FilterDefinition<BsonDocument> filter,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = await documents
            .Find(filter)
            .Project(Builders<BsonDocument>.Projection.Include(MongoOutbox.Field).Include(InsertBatch.Field))
            .Limit(limit)
            .ToListAsync(cancellationToken);
        var delivered = found.Exists(document => document.Contains(InsertBatch.Field))
            ? await series.DeliveredAsync(cancellationToken)
            : new Dictionary<BsonValue, long>();
        return found.ConvertAll(document => new PendingDocument(document["_id"], [.. First(document), .. Changes(document)]));

        IEnumerable<OutboxEntry> First(BsonDocument document) =>
            document.TryGetValue(InsertBatch.Field, out var first) && MongoInsertSeries.IsPending(first.AsBsonDocument, delivered)
                ? InsertBatch.Decode(first.AsBsonDocument)
                : [];

        static IEnumerable<OutboxEntry> Changes(BsonDocument document) =>
            document.TryGetValue(MongoOutbox.Field, out var entries)
                ? entries.AsBsonArray.Select(entry => MongoOutbox.Decode(entry.AsBsonDocument))
                : [];
    }

    /// <summary>Since when the oldest entry waits, in a document or in the backlog of a destination; null when none does.</summary>
    public async Task<DateTimeOffset?> OldestAsync(MongoBacklog backlog, CancellationToken cancellationToken)
    {
        var sorted = Builders<BsonDocument>.Sort;
        var times = new List<DateTimeOffset>();
        var oldest = documents.Find(MongoOutbox.IsPending).Sort(sorted.Ascending(MongoOutbox.Field + ".at"));
        if (await oldest.FirstOrDefaultAsync(cancellationToken) is { } changed)
        {
            times.AddRange(changed[MongoOutbox.Field].AsBsonArray.Select(entry => entry["at"].ToTime()));
        }

        foreach (var inserted in MongoInsertSeries.Pending(await series.DeliveredAsync(cancellationToken)))
        {
            var batches = documents.Find(inserted).Sort(sorted.Ascending(InsertBatch.SeriesField).Ascending(InsertBatch.NumberField));
            if (await batches.FirstOrDefaultAsync(cancellationToken) is { } first)
            {
                times.Add(first[InsertBatch.Field]["at"].ToTime());
            }
        }

        foreach (var destination in await backlog.DestinationsAsync(cancellationToken))
        {
            times.AddRange((await backlog.ReadAsync(destination, 1, cancellationToken)).Select(entry => entry.At));
        }

        return times.Count == 0 ? null : times.Min();
    }

    /// <summary>Takes delivered entries out of their documents.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<PendingDocument> changed)
    {
        if (changed.Count > 0)
        {
            // What a document was inserted with is delivered before its changes.
            var entries = changed.SelectMany(document => document.Entries).Select(entry => entry.MessageId.Bson());
            await documents.UpdateManyAsync(
                Builders<BsonDocument>.Filter.In("_id", changed.Select(document => (BsonValue)document.Id)),
                Builders<BsonDocument>
                    .Update.PullFilter<BsonDocument>(MongoOutbox.Field, Builders<BsonDocument>.Filter.In("id", entries))
                    .Unset(InsertBatch.Field)
            );
        }
    }
}
