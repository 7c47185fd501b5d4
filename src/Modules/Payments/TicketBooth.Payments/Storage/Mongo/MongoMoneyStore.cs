using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage.Mongo;

/// <summary>Unmatched money and unread webhooks, a document each. A version decides which of two changes was first.</summary>
internal sealed class MongoMoneyStore(MongoStorage storage) : IMoneyStore
{
    private static readonly JsonWriterSettings Relaxed = new() { OutputMode = JsonOutputMode.RelaxedExtendedJson };

    private readonly IMongoCollection<BsonDocument> unmatched = storage.Database("payments").GetCollection<BsonDocument>("unmatched");
    private readonly IMongoCollection<BsonDocument> unread = storage.Database("payments").GetCollection<BsonDocument>("webhooks_unread");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    public async Task<Result<UnmatchedMoney>> ChangeAsync(Guid id, Func<UnmatchedMoney?, Result<UnmatchedMoney>> decide)
    {
        // Retries only when another change was written in between, so the system as a whole advances.
        while (true)
        {
            var stored = await unmatched.Find(Where.Eq("_id", id.Bson())).FirstOrDefaultAsync();
            var before = stored is null ? null : Read(stored);
            var decided = decide(before);
            if (!decided.IsSuccess || decided.Value == before || await TryWriteAsync(id, decided.Value, stored))
            {
                return decided;
            }
        }
    }

    public async Task<UnmatchedMoney?> FindAsync(Guid id) =>
        await unmatched.Find(Where.Eq("_id", id.Bson())).FirstOrDefaultAsync() is { } found ? Read(found) : null;

    public async Task<IReadOnlyList<UnmatchedMoney>> ListAsync(bool openOnly, Guid after, int limit)
    {
        var behind = Where.Gt("_id", after.Bson());
        var found = await unmatched
            .Find(openOnly ? behind & Where.Eq("open", true) : behind)
            .Sort(Builders<BsonDocument>.Sort.Ascending("_id"))
            .Limit(limit)
            .ToListAsync();
        return found.ConvertAll(Read);
    }

    public Task AddUnreadAsync(UnreadWebhook webhook) =>
        unread.UpdateOneAsync(
            Where.Eq("_id", $"{webhook.Gateway}/{webhook.Id}"),
            Builders<BsonDocument>
                .Update.SetOnInsert("gateway", webhook.Gateway)
                .SetOnInsert("id", webhook.Id)
                .SetOnInsert("type", webhook.Type)
                .SetOnInsert("body", webhook.Body)
                .SetOnInsert("at", webhook.At.Bson()),
            new UpdateOptions { IsUpsert = true }
        );

    public async Task<IReadOnlyList<UnreadWebhook>> ListUnreadAsync(int limit)
    {
        var found = await unread.Find(Where.Empty).Sort(Builders<BsonDocument>.Sort.Descending("at")).Limit(limit).ToListAsync();
        return found.ConvertAll(one => new UnreadWebhook(
            one["gateway"].AsString,
            one["id"].AsString,
            one["type"].AsString,
            one["body"].AsString,
            one["at"].ToTime()
        ));
    }

    public Task ForgetUnreadAsync(DateTimeOffset before) =>
        unread.PatientlyAsync(all => all.DeleteManyAsync(Where.Lt("at", before.Bson())));

    private async Task<bool> TryWriteAsync(Guid id, UnmatchedMoney money, BsonDocument? stored)
    {
        var version = stored?["version"].AsInt64 ?? 0;
        BsonDocument document = new()
        {
            { "_id", id.Bson() },
            { "version", version + 1 },
            { "open", MoneyCases.IsOpen(money) },
            { "money", BsonDocument.Parse(MoneyJson.Write(money)) },
        };
        if (stored is not null)
        {
            var written = await unmatched.ReplaceOneAsync(Where.Eq("_id", id.Bson()) & Where.Eq("version", version), document);
            return written.MatchedCount == 1;
        }

        try
        {
            await unmatched.InsertOneAsync(document);
            return true;
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }

    private static UnmatchedMoney Read(BsonDocument document) => MoneyJson.ReadUnmatched(document["money"].AsBsonDocument.ToJson(Relaxed));
}
