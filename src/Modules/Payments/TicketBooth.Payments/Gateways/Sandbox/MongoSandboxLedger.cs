using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>The sandbox's store in a MongoDB database of its own: a charge and its unsent webhooks are one document.</summary>
internal sealed class MongoSandboxLedger(MongoStorage storage) : ISandboxLedger
{
    private const string Owed = "owed";

    // A charge is refunded once, so its webhook needs only a number that the others do not have.
    private const int RefundNumber = 0;

    private readonly IMongoCollection<BsonDocument> charges = storage.Database("sandbox_gateway").GetCollection<BsonDocument>("charges");

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    private static FilterDefinition<BsonDocument> OwesSomething => Where.Exists(Owed + ".due");

    /// <summary>Creates the index. Several hosts may do so at once.</summary>
    public Task EnsureIndexesAsync(CancellationToken cancellationToken) =>
        charges.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(
                Builders<BsonDocument>.IndexKeys.Ascending(Owed + ".due"),
                new CreateIndexOptions<BsonDocument> { Name = "owed_due", PartialFilterExpression = OwesSomething }
            ),
            cancellationToken: cancellationToken
        );

    public async Task<SandboxCharge?> FindAsync(Guid paymentId) =>
        await charges.Find(Of(paymentId)).FirstOrDefaultAsync() is { } found ? Read(found) : null;

    public async Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)> AddAsync(
        SandboxCharge charge,
        IReadOnlyList<(string WebhookId, string Type)> webhooks
    )
    {
        List<SandboxCallback> callbacks =
        [
            .. webhooks.Select((webhook, i) => CallbackOf(charge, i + 1, webhook.WebhookId, webhook.Type, charge.SettlesAt)),
        ];
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

    public async Task<(SandboxCharge? Charge, SandboxCallback? Callback)> RefundAsync(
        Guid paymentId,
        string webhookId,
        string type,
        DateTimeOffset now
    )
    {
        var charge = await FindAsync(paymentId);
        switch (charge?.StateAt(now))
        {
            case SandboxState.Refunded:
                return (charge, null);
            case SandboxState.Captured:
                // A captured charge stays captured, so a concurrent caller can only have refunded it.
                var callback = CallbackOf(charge!, RefundNumber, webhookId, type, now);
                var given = await charges.UpdateOneAsync(
                    Of(paymentId) & Where.Exists("refunded", exists: false),
                    Set.Set("refunded", now.Bson()).Push(Owed, Write(callback))
                );
                return (charge, given.MatchedCount == 1 ? callback : null);
            default:
                return (null, null);
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

    private static SandboxCallback CallbackOf(SandboxCharge charge, long number, string webhookId, string type, DateTimeOffset dueAt) =>
        new(number, webhookId, type, dueAt, charge.PaymentId, charge.ExternalId, charge.Amount, charge.Currency);

    private static BsonDocument Write(SandboxCallback callback) =>
        new()
        {
            { "number", callback.Number },
            { "webhook", callback.WebhookId },
            { "type", callback.Type },
            { "due", callback.DueAt.Bson() },
        };

    private static IEnumerable<SandboxCallback> ReadOwed(BsonDocument document)
    {
        var charge = Read(document);
        return document[Owed]
            .AsBsonArray.Select(owed =>
                CallbackOf(charge, owed["number"].AsInt64, owed["webhook"].AsString, owed["type"].AsString, owed["due"].ToTime())
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
            document.TryGetValue("refunded", out var refunded) ? refunded.ToTime() : null
        );
}
