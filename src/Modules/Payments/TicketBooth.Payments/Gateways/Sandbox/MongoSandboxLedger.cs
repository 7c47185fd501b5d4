using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>The sandbox's store in a MongoDB database of its own: a charge and its unsent webhooks are one document.</summary>
internal sealed class MongoSandboxLedger(MongoStorage storage) : ISandboxLedger
{
    private const string Owed = "owed";
    private const string More = "more";

    private readonly IMongoCollection<BsonDocument> charges = storage.Database("sandbox_gateway").GetCollection<BsonDocument>("charges");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    private static FilterDefinition<BsonDocument> OwesSomething => Where.Exists(Owed + ".due");

    /// <summary>Creates the index. Several hosts may do so at once.</summary>
    public Task EnsureIndexesAsync(CancellationToken cancellationToken) =>
        charges.MakeIndexesAsync(
            [
                new(
                    Builders<BsonDocument>.IndexKeys.Ascending(Owed + ".due"),
                    new CreateIndexOptions<BsonDocument> { Name = "owed_due", PartialFilterExpression = OwesSomething }
                ),
            ],
            cancellationToken
        );

    public async Task<SandboxCharge?> FindAsync(Guid paymentId) =>
        await charges.Find(Of(paymentId)).FirstOrDefaultAsync() is { } found ? Read(found) : null;

    public async Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)> AddAsync(
        SandboxCharge charge,
        IReadOnlyList<SandboxWebhook> webhooks
    )
    {
        List<SandboxCallback> callbacks = [.. webhooks.Select((webhook, i) => CallbackOf(charge, i + 1, webhook))];
        try
        {
            await charges.InsertOneAsync(
                new BsonDocument
                {
                    { "_id", charge.PaymentId.Bson() },
                    { "external", charge.ExternalId },
                    { "amount", charge.Amount },
                    { "currency", charge.Currency },
                    { "outcome", charge.Outcome is { } outcome ? (int)outcome : BsonNull.Value },
                    { "settles", charge.SettlesAt.Bson() },
                    { "pix", (BsonValue?)charge.PixCode ?? BsonNull.Value },
                    { More, (BsonValue?)SandboxMore.Write(charge.More) ?? BsonNull.Value },
                    { Owed, new BsonArray(callbacks.Select(Write)) },
                }
            );
            return (charge, callbacks);
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return ((await FindAsync(charge.PaymentId))!, []);
        }
    }

    public async Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)?> ChangeAsync(
        Guid paymentId,
        Func<SandboxCharge, (SandboxCharge After, IReadOnlyList<SandboxWebhook> Webhooks)> decide
    )
    {
        // Retries only when another change was written in between.
        while (await charges.Find(Of(paymentId)).FirstOrDefaultAsync() is { } stored)
        {
            var before = Read(stored);
            var (after, webhooks) = decide(before);
            var version = stored.GetValue("version", 0).ToInt32();
            List<SandboxCallback> callbacks = [.. webhooks.Select((webhook, i) => CallbackOf(after, FirstOfChange(version) + i, webhook))];
            if (after == before && callbacks.Count == 0)
            {
                return (after, callbacks);
            }

            var given = await charges.UpdateOneAsync(
                Of(paymentId) & (version == 0 ? Where.Exists("version", exists: false) : Where.Eq("version", version)),
                Set.Set("version", version + 1)
                    .Set("outcome", after.Outcome is { } outcome ? (BsonValue)(int)outcome : BsonNull.Value)
                    .Set("settles", after.SettlesAt.Bson())
                    .Set("refunded", after.RefundedAt.Bson())
                    .Set(More, (BsonValue?)SandboxMore.Write(after.More) ?? BsonNull.Value)
                    .PushEach(Owed, callbacks.Select(Write))
            );
            if (given.MatchedCount == 1)
            {
                return (after, callbacks);
            }
        }

        return null;
    }

    /// <remarks>Reads all charges: only tests and developers have a sandbox.</remarks>
    public async IAsyncEnumerable<SandboxCharge> ListAsync(
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var found in await charges.Find(Where.Lt("settles", to.Bson())).ToListAsync(cancellationToken))
        {
            yield return Read(found);
        }
    }

    public async Task<IReadOnlyList<SandboxCallback>> UndeliveredAsync(DateTimeOffset? dueBefore = null)
    {
        var limit = dueBefore ?? DateTimeOffset.MaxValue;
        var found = await charges.Find(OwesSomething & Where.Lt(Owed + ".due", limit.Bson())).ToListAsync();
        return [.. found.SelectMany(ReadOwed).Where(callback => callback.DueAt < limit).OrderBy(callback => callback.DueAt)];
    }

    public Task DeliveredAsync(IReadOnlyCollection<SandboxCallback> callbacks) =>
        charges.BulkWriteAsync(
            callbacks.Select(callback => new UpdateOneModel<BsonDocument>(
                Of(callback.PaymentId),
                Set.PullFilter<BsonDocument>(Owed, Where.Eq("number", callback.Number))
            ))
        );

    private static FilterDefinition<BsonDocument> Of(Guid paymentId) => Where.Eq("_id", paymentId.Bson());

    /// <summary>Numbers that the callbacks of no other change of the charge have.</summary>
    private static long FirstOfChange(int version) => (version + 1) * 100L;

    private static SandboxCallback CallbackOf(SandboxCharge charge, long number, SandboxWebhook webhook) =>
        new(
            number,
            webhook.WebhookId,
            webhook.Type,
            webhook.DueAt,
            charge.PaymentId,
            charge.ExternalId,
            charge.Amount,
            charge.Currency,
            webhook.Detail
        );

    private static BsonDocument Write(SandboxCallback callback) =>
        new()
        {
            { "number", callback.Number },
            { "webhook", callback.WebhookId },
            { "type", callback.Type },
            { "due", callback.DueAt.Bson() },
            { "detail", (BsonValue?)SandboxDetail.Write(callback.Detail) ?? BsonNull.Value },
        };

    private static IEnumerable<SandboxCallback> ReadOwed(BsonDocument document)
    {
        var charge = Read(document);
        return document[Owed]
            .AsBsonArray.Select(owed =>
                CallbackOf(
                    charge,
                    owed["number"].AsInt64,
                    new SandboxWebhook(
                        owed["webhook"].AsString,
                        owed["type"].AsString,
                        owed["due"].ToTime(),
                        SandboxDetail.Read(TextOf(owed.AsBsonDocument, "detail"))
                    )
                )
            );
    }

    private static SandboxCharge Read(BsonDocument document) =>
        new(
            document["_id"].ToId(),
            document["external"].AsString,
            document["amount"].AsInt64,
            document["currency"].AsString,
            document["outcome"] is { IsBsonNull: false } outcome ? (SandboxState)outcome.AsInt32 : null,
            document["settles"].ToTime(),
            document["pix"] is { IsBsonNull: false } pix ? pix.AsString : null,
            document.GetValue("refunded", null).ToTimeOrNull()
        )
        {
            More = SandboxMore.Read(TextOf(document, More)),
        };

    private static string? TextOf(BsonDocument document, string field) =>
        document.TryGetValue(field, out var text) && !text.IsBsonNull ? text.AsString : null;
}
