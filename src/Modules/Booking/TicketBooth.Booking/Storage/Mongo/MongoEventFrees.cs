using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>How often tickets of each event of a shard became free, counted on from the last time.</summary>
/// <remarks>
/// A number in a document of its own could not be written with the order without a transaction, and a host that dies in between would
/// leave the others unaware of free tickets. So orders and blocks carry how often they freed tickets, and when they last did by the
/// server's clock. A host adds up an event's once; after that it reads those that are newer than a mark, and moves the mark when they
/// have become many.
/// <para>
/// A document that frees tickets again passes the mark and is then counted by all it has, so the number may grow by more than one. It
/// never goes down, and it grows with every freeing, which is what its readers need.
/// </para>
/// </remarks>
internal sealed class MongoEventFrees(IMongoCollection<BsonDocument> orders)
{
    private const int MostBehindMark = 1_000;
    private const string Sum = "frees";

    // More than the clocks of two servers of a replica set differ, of which the later one may become the primary.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private static readonly DateTime Always = DateTime.UnixEpoch;

    private readonly ConcurrentDictionary<Guid, Counted> known = new();

    /// <summary>Holds all that <see cref="CountAsync"/> reads.</summary>
    public static CreateIndexModel<BsonDocument> Index =>
        new(
            Builders<BsonDocument>.IndexKeys.Ascending("event").Ascending(OrderDocument.FreedAt).Ascending(OrderDocument.Freed),
            new CreateIndexOptions<BsonDocument> { Name = "freed_since", PartialFilterExpression = Where.Exists(OrderDocument.FreedAt) }
        );

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    public async Task<long> CountAsync(Guid eventId)
    {
        if (!known.TryGetValue(eventId, out var counted))
        {
            counted = known.GetOrAdd(eventId, await SumAsync(eventId));
        }

        var newer = await SinceAsync(eventId, counted.Mark);
        var all = counted.Frees + newer.Sum(each => (long)each.Times);
        if (newer.Count > MostBehindMark)
        {
            var mark = newer.Max(each => each.At) - Margin;
            if (mark > counted.Mark)
            {
                var passed = newer.Where(each => each.At <= mark).Sum(each => (long)each.Times);
                known.TryUpdate(eventId, new Counted(mark, counted.Frees + passed), counted);
            }
        }

        return all;
    }

    /// <summary>Where a host begins: at a mark before all that may still change, with what there is up to it.</summary>
    private async Task<Counted> SumAsync(Guid eventId)
    {
        var newest = await orders
            .Find(Where.Eq("event", eventId.Bson()) & Where.Gt(OrderDocument.FreedAt, Always))
            .Sort(Builders<BsonDocument>.Sort.Descending("event").Descending(OrderDocument.FreedAt))
            .Project(Fields)
            .FirstOrDefaultAsync();
        var mark = newest is null ? Always : Read(newest).At - Margin;
        var former = await orders
            .Aggregate()
            .Match(Where.Eq("event", eventId.Bson()) & Where.Gte(OrderDocument.Freed, 1) & !Where.Gt(OrderDocument.FreedAt, mark))
            .Group(new BsonDocument { { "_id", BsonNull.Value }, { Sum, new BsonDocument("$sum", "$" + OrderDocument.Freed) } })
            .FirstOrDefaultAsync();
        return new Counted(mark, former is null ? 0 : former[Sum].ToInt64());
    }

    private async Task<List<(DateTime At, int Times)>> SinceAsync(Guid eventId, DateTime mark)
    {
        var found = await orders
            .Find(Where.Eq("event", eventId.Bson()) & Where.Gt(OrderDocument.FreedAt, mark))
            .Project(Fields)
            .ToListAsync();
        return found.ConvertAll(Read);
    }

    private static ProjectionDefinition<BsonDocument> Fields =>
        Builders<BsonDocument>.Projection.Include(OrderDocument.FreedAt).Include(OrderDocument.Freed).Exclude("_id");

    private static (DateTime At, int Times) Read(BsonDocument document) =>
        (document[OrderDocument.FreedAt].ToUniversalTime(), document[OrderDocument.Freed].ToInt32());

    /// <param name="Mark">Up to when it is counted; what is newer is read each time.</param>
    /// <param name="Frees">How often tickets became free by then.</param>
    private sealed record Counted(DateTime Mark, long Frees);
}
