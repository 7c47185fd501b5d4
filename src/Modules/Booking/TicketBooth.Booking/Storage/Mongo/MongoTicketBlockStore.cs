using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>The blocks of a shard: documents of the same collection as its orders, under the same unique index.</summary>
internal sealed class MongoTicketBlockStore(IMongoCollection<BsonDocument> documents, MongoOutbox outbox) : ITicketBlockStore
{
    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static SortDefinitionBuilder<BsonDocument> Sorted => Builders<BsonDocument>.Sort;

    private static FilterDefinition<BsonDocument> IsBlock => Where.Exists(TicketBlockDocument.Field);

    public async Task<WriteOutcome> AddAsync(TicketBlock block)
    {
        try
        {
            await documents.InsertOneAsync(TicketBlockDocument.Of(block));
        }
        catch (MongoWriteException refused) when (refused.WriteError?.Category == ServerErrorCategory.DuplicateKey)
        {
            // The id, or a ticket.
            return await FindAsync(block.Id) is null ? WriteOutcome.TicketTaken : WriteOutcome.Stale;
        }

        outbox.Signal(block.Id.Bson());
        return WriteOutcome.Written;
    }

    public async Task<bool> ReleaseAsync(TicketBlock released)
    {
        var result = await documents.UpdateOneAsync(
            Where.Eq("_id", released.Id.Bson()) & Where.Exists(TicketBlockDocument.ReleasedAt, exists: false),
            TicketBlockDocument.Release(released)
        );
        if (result.MatchedCount == 0)
        {
            return false;
        }

        outbox.Signal(released.Id.Bson());
        return true;
    }

    public async Task<TicketBlock?> FindAsync(Guid id) =>
        await documents.Find(Where.Eq("_id", id.Bson()) & IsBlock).FirstOrDefaultAsync() is { } found
            ? TicketBlockDocument.Read(found)
            : null;

    public async Task<IReadOnlySet<Guid>> BlockedAsync(IReadOnlyCollection<Guid> ticketIds)
    {
        var blocks = await documents.Find(Where.In(OrderDocument.Held, ticketIds.Select(id => id.Bson())) & IsBlock).ToListAsync();
        return blocks.SelectMany(block => block[OrderDocument.Held].AsBsonArray).Select(id => id.ToId()).Intersect(ticketIds).ToHashSet();
    }

    public async Task<IReadOnlyList<TicketBlock>> OfEventAsync(Guid eventId, Guid? before, int limit)
    {
        var blocks = Where.Eq("event", eventId.Bson()) & IsBlock;
        return await BlocksAsync(before is { } id ? blocks & Where.Lt("_id", id.Bson()) : blocks, Sorted.Descending("_id"), limit);
    }

    public async Task<IReadOnlyList<TicketBlock>> PageAsync(Guid? after, int limit) =>
        await BlocksAsync(after is { } id ? IsBlock & Where.Gt("_id", id.Bson()) : IsBlock, Sorted.Ascending("_id"), limit);

    private async Task<List<TicketBlock>> BlocksAsync(
        FilterDefinition<BsonDocument> filter,
        SortDefinition<BsonDocument> order,
        int limit
    ) => (await documents.Find(filter).Sort(order).Limit(limit).ToListAsync()).ConvertAll(TicketBlockDocument.Read);
}
