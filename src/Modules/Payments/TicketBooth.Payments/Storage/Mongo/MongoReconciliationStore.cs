using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Storage.Mongo;

/// <summary>Outcomes of reconciliations, a document each. Their ids sort by time.</summary>
internal sealed class MongoReconciliationStore(MongoStorage storage) : IReconciliationStore
{
    private const string Due = "due";

    private readonly IMongoCollection<BsonDocument> outcomes = storage.Database("payments").GetCollection<BsonDocument>("reconciliations");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static SortDefinition<BsonDocument> NewestFirst => Builders<BsonDocument>.Sort.Descending("_id");

    /// <summary>Creates the index that decides which of two hosts stores the daily outcome.</summary>
    public Task EnsureIndexesAsync(CancellationToken cancellationToken) =>
        outcomes.MakeIndexesAsync(
            [
                new(
                    Builders<BsonDocument>.IndexKeys.Ascending(Due),
                    new CreateIndexOptions<BsonDocument>
                    {
                        Name = Due,
                        Unique = true,
                        PartialFilterExpression = Where.Exists(Due),
                    }
                ),
            ],
            cancellationToken
        );

    public async Task<bool> AddAsync(ReconciliationReport report, DateTimeOffset? due)
    {
        BsonDocument document = new()
        {
            { "_id", report.Summary.Id.Bson() },
            { "summary", ReconciliationJson.Write(report.Summary) },
            { "lines", ReconciliationJson.Write(report.Lines) },
        };
        if (due is { } time)
        {
            document.Add(Due, time.Bson());
        }

        try
        {
            await outcomes.InsertOneAsync(document);
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }

        if (await outcomes.Find(Where.Empty).Sort(NewestFirst).Skip(IReconciliationStore.Kept).Limit(1).FirstOrDefaultAsync() is { } tooOld)
        {
            await outcomes.DeleteManyAsync(Where.Lte("_id", tooOld["_id"]));
        }

        return true;
    }

    public async Task<ReconciliationReport?> FindAsync(Guid id) =>
        await outcomes.Find(Where.Eq("_id", id.Bson())).FirstOrDefaultAsync() is { } found
            ? ReconciliationJson.Read(found["summary"].AsString, found["lines"].AsString)
            : null;

    public async Task<IReadOnlyList<ReconciliationSummary>> ListAsync(int limit)
    {
        var found = await outcomes
            .Find(Where.Empty)
            .Sort(NewestFirst)
            .Limit(limit)
            .Project(Builders<BsonDocument>.Projection.Include("summary"))
            .ToListAsync();
        return found.ConvertAll(outcome => ReconciliationJson.ReadSummary(outcome["summary"].AsString));
    }

    public async Task<DateTimeOffset?> LastDueAsync() =>
        (
            await outcomes
                .Find(Where.Exists(Due))
                .Sort(Builders<BsonDocument>.Sort.Descending(Due))
                .Limit(1)
                .Project(Builders<BsonDocument>.Projection.Include(Due))
                .FirstOrDefaultAsync()
        )?[Due].ToTime();
}
