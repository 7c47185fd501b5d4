using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>
/// The series of inserted batches of one collection: those of this process in memory, and of every process how far its messages are
/// delivered, in a collection beside it. Only the process that began a series moves it on.
/// </summary>
internal sealed class MongoInsertSeries(IMongoDatabase database, TimeProvider clock)
{
    // A series is used for less time than others keep it, so no batch is written into one that is forgotten.
    private static readonly TimeSpan UsedFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private readonly IMongoCollection<BsonDocument> stored = database.GetCollection<BsonDocument>("outbox_series");
    private readonly ConcurrentDictionary<BsonValue, InsertSeries> own = [];
    private InsertSeries? current;

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    public async Task<InsertBatch> BeginAsync() => new(Usable(Volatile.Read(ref current)) ?? await BeginSeriesAsync());

    /// <summary>
    /// Nobody in this process will deliver the batch, so its series cannot be acknowledged further: the sweep delivers what is left of it,
    /// and the next batch begins another one.
    /// </summary>
    public void Abandon(InsertBatch batch)
    {
        own.TryRemove(batch.Series.Id, out _);
        Interlocked.CompareExchange(ref current, null, batch.Series);
    }

    /// <summary>Stores that batches are delivered.</summary>
    public async Task EndAsync(IEnumerable<InsertBatch> delivered)
    {
        foreach (var batches in delivered.GroupBy(batch => batch.Series))
        {
            foreach (var batch in batches)
            {
                batches.Key.End(batch.Number);
            }

            await stored.UpdateOneAsync(
                Where.Eq("_id", batches.Key.Id),
                Builders<BsonDocument>.Update.Max("delivered", batches.Key.Delivered)
            );
        }
    }

    /// <summary>By series: all its batches up to which number are delivered. Of a series that is missing, everything is.</summary>
    public async Task<IReadOnlyDictionary<BsonValue, long>> DeliveredAsync(CancellationToken cancellationToken) =>
        (await stored.Find(Where.Empty).ToListAsync(cancellationToken)).ToDictionary(
            series => series["_id"],
            series => own.TryGetValue(series["_id"], out var mine) ? mine.Delivered : series["delivered"].AsInt64
        );

    /// <summary>The documents whose first messages are not delivered, a filter for each series.</summary>
    /// <remarks>One query each: DocumentDB answers an <c>$or</c> of them by reading every document.</remarks>
    public static IEnumerable<FilterDefinition<BsonDocument>> Pending(IReadOnlyDictionary<BsonValue, long> delivered) =>
        delivered.Select(series => Where.Eq(InsertBatch.SeriesField, series.Key) & Where.Gt(InsertBatch.NumberField, series.Value));

    /// <summary>The same without the series that this process delivers from memory.</summary>
    public IEnumerable<FilterDefinition<BsonDocument>> LeftBehind(IReadOnlyDictionary<BsonValue, long> delivered) =>
        Pending(delivered.Where(series => !own.ContainsKey(series.Key)).ToDictionary(series => series.Key, series => series.Value));

    /// <summary>Whether the first messages of a document may not be delivered yet.</summary>
    public static bool IsPending(BsonDocument first, IReadOnlyDictionary<BsonValue, long> delivered) =>
        delivered.TryGetValue(first["series"], out var number) && first["number"].AsInt64 > number;

    /// <summary>Forgets old series, after nothing was left behind.</summary>
    public Task ForgetAsync(CancellationToken cancellationToken) =>
        stored.DeleteManyAsync(Where.Lt("begun", (clock.GetUtcNow() - KeptFor).Bson()) & Where.Nin("_id", own.Keys), cancellationToken);

    private InsertSeries? Usable(InsertSeries? series) =>
        series is not null && clock.GetElapsedTime(series.BegunAt) < UsedFor ? series : null;

    /// <remarks>Two callers at once get a series each, and both are delivered.</remarks>
    private async Task<InsertSeries> BeginSeriesAsync()
    {
        var series = new InsertSeries(ObjectId.GenerateNewId(), clock.GetTimestamp());
        await stored.InsertOneAsync(
            new BsonDocument
            {
                { "_id", series.Id },
                { "delivered", 0L },
                { "begun", clock.GetUtcNow().Bson() },
            }
        );
        own[series.Id] = series;
        Volatile.Write(ref current, series);
        return series;
    }
}
