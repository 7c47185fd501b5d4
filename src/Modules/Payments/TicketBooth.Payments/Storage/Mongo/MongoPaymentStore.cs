using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage.Mongo;

/// <summary>
/// Payments in a MongoDB database. A payment is one document that carries its messages (<c>outbox</c>) and the marks of the deliveries
/// that changed it (<c>marks</c>). So a change is one conditional write of one document: atomic without a transaction, and of two hosts
/// that decide at once, one decides again.
/// </summary>
internal sealed partial class MongoPaymentStore : IPaymentStore
{
    public const string Collection = "payments";

    private const string Marks = DeliveryMarks.Field;
    private const string Case = PaymentDocuments.Money + ".case";

    // Present only while the payment awaits its refund, so that the partial index holds nothing else.
    private const string AwaitsRefund = "awaits_refund";

    // A gateway sends a handful of webhooks about a payment; a mark that is pushed out is older than any delivery that is repeated.
    private const int MarksKept = 64;

    private readonly IMongoCollection<BsonDocument> payments;
    private readonly MongoOutbox outbox;

    public MongoPaymentStore(MongoStorage storage, ILeases leases, TimeProvider clock)
    {
        payments = storage.Database("payments").GetCollection<BsonDocument>(Collection);
        outbox = new MongoOutbox("payments", payments, leases, clock);
    }

    public IOutbox Outbox => outbox;

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    // Every payment has the field, mostly null.
    private static FilterDefinition<BsonDocument> IsDeclined => Where.Type("declined", BsonType.Int64);

    private static SortDefinition<BsonDocument> ById => Builders<BsonDocument>.Sort.Ascending("_id");

    private static ProjectionDefinition<BsonDocument> PaymentOnly =>
        Builders<BsonDocument>.Projection.Exclude(MongoOutbox.Field).Exclude(Marks);

    /// <summary>Creates the indexes. Several hosts may do so at once.</summary>
    public async Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        await payments.MakeIndexesAsync(
            [
                new(
                    keys.Ascending(AwaitsRefund).Ascending("_id"),
                    new CreateIndexOptions<BsonDocument> { Name = AwaitsRefund, PartialFilterExpression = Where.Exists(AwaitsRefund) }
                ),
                new(
                    keys.Ascending(Case).Descending("_id"),
                    new CreateIndexOptions<BsonDocument> { Name = "cases", PartialFilterExpression = Where.Exists(Case) }
                ),
                new(
                    keys.Ascending("buyer").Ascending("declined"),
                    new CreateIndexOptions<BsonDocument> { Name = "declined_of_buyer", PartialFilterExpression = IsDeclined }
                ),
                new(
                    keys.Ascending("order"),
                    new CreateIndexOptions<BsonDocument> { Name = "declined_of_order", PartialFilterExpression = IsDeclined }
                ),
                .. OfMovedMoney,
                OfGivenUp,
                new(keys.Ascending(Marks + ".at"), new CreateIndexOptions { Name = "marks_at" }),
            ],
            cancellationToken
        );
        await outbox.EnsureIndexesAsync(cancellationToken);
    }

    public async Task<bool> AddAsync(Payment payment, params OutboxEntry[] messages)
    {
        var document = PaymentDocuments.Of(payment);
        if (payment.AwaitsRefund)
        {
            document.Add(AwaitsRefund, true);
        }

        if (messages.Length > 0)
        {
            document.Add(MongoOutbox.Field, new BsonArray(messages.Select(MongoOutbox.Encode)));
        }

        try
        {
            await payments.InsertOneAsync(document);
        }
        catch (MongoWriteException failure) when (failure.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }

        if (messages.Length > 0)
        {
            outbox.Signal(payment.Id.Bson());
        }

        return true;
    }

    public async Task<Payment?> FindAsync(Guid paymentId) =>
        await payments.Find(Where.Eq("_id", paymentId.Bson())).Project(PaymentOnly).FirstOrDefaultAsync() is { } found
            ? PaymentDocuments.Read(found)
            : null;

    public async Task<Result<Changed>> ChangeAsync(Guid paymentId, Func<Payment, Result<Step>> decide, Delivery? delivery = null)
    {
        // Retries on a version conflict only: another change was written in between, so the system as a whole advances.
        while (await payments.Find(Where.Eq("_id", paymentId.Bson())).FirstOrDefaultAsync() is { } stored)
        {
            var before = PaymentDocuments.Read(stored);
            var decided = decide(before);
            if (decided.Error is { } error)
            {
                return error;
            }

            var (after, messages, contradiction) = decided.Value;
            if (delivery is not null && DeliveryMarks.AreOn(stored, delivery))
            {
                return new Changed(before, Repeated: true, Contradiction: false);
            }

            var entries = PaymentMessages.EntriesOf(after, messages);
            var changesNothing = after == before && entries.Length == 0 && delivery is null;
            if (changesNothing || await TryWriteAsync(after, stored["version"].AsInt64, entries, delivery))
            {
                return new Changed(after, Repeated: false, contradiction);
            }
        }

        return PaymentsErrors.NotFound;
    }

    public async Task<IReadOnlyList<Guid>> ListAwaitingRefundAsync(Guid after, int limit)
    {
        var due = Where.Exists(AwaitsRefund) & Where.Eq(AwaitsRefund, true) & Where.Gt("_id", after.Bson());
        var found = await payments
            .Find(due)
            .Sort(ById)
            .Limit(limit)
            .Project(Builders<BsonDocument>.Projection.Include("_id"))
            .ToListAsync();
        return found.ConvertAll(payment => payment["_id"].ToId());
    }

    public async Task<IReadOnlyList<Payment>> ListCasesAsync(bool openOnly, Guid? before, int limit)
    {
        var cases = openOnly ? Where.Eq(Case, true) : Where.Exists(Case);
        var found = before is { } id ? cases & Where.Lt("_id", id.Bson()) : cases;
        var page = await payments
            .Find(found)
            .Sort(Builders<BsonDocument>.Sort.Descending("_id"))
            .Limit(limit)
            .Project(PaymentOnly)
            .ToListAsync();
        return page.ConvertAll(PaymentDocuments.Read);
    }

    public Task<IReadOnlyList<StoredPayment>> ListAsync(Guid after, int limit) =>
        StoredAsync(payments.Find(Where.Gt("_id", after.Bson())).Sort(ById).Limit(limit));

    public Task<IReadOnlyList<StoredPayment>> FindAsync(IReadOnlyCollection<Guid> paymentIds) =>
        StoredAsync(payments.Find(Where.In("_id", paymentIds.Select(id => id.Bson()))));

    public Task ForgetDeliveriesAsync(DateTimeOffset before) =>
        payments.PatientlyAsync(all =>
            all.UpdateManyAsync(
                Where.Lt(Marks + ".at", before.Bson()),
                Set.PullFilter<BsonDocument>(Marks, Where.Lt("at", before.Bson()))
            )
        );

    /// <summary>False, and nothing written, when another change came first.</summary>
    private async Task<bool> TryWriteAsync(Payment after, long version, OutboxEntry[] entries, Delivery? delivery)
    {
        var update = Set.Set("version", version + 1);
        foreach (var field in PaymentDocuments.Changeable(after))
        {
            update = update.Set(field.Name, field.Value);
        }

        update = after.AwaitsRefund ? update.Set(AwaitsRefund, true) : update.Unset(AwaitsRefund);
        update = PaymentDocuments.MoneyOf(after) is { } money
            ? update.Set(PaymentDocuments.Money, money)
            : update.Unset(PaymentDocuments.Money);
        if (entries.Length > 0)
        {
            update = update.PushEach(MongoOutbox.Field, entries.Select(MongoOutbox.Encode));
        }

        if (delivery is not null)
        {
            update = update.PushEach(
                Marks,
                [new BsonDocument { { "id", DeliveryMarks.Of(delivery) }, { "at", delivery.At.Bson() } }],
                slice: -MarksKept
            );
        }

        var written = await payments.UpdateOneAsync(Where.Eq("_id", after.Id.Bson()) & Where.Eq("version", version), update);
        if (written.MatchedCount == 0)
        {
            return false;
        }

        if (entries.Length > 0)
        {
            outbox.Signal(after.Id.Bson());
        }

        return true;
    }

    /// <remarks>
    /// The payments are read first. A message that is gone when the pending ones are queried was then delivered after its payment was read,
    /// and before the caller compares the payment with anything else.
    /// </remarks>
    private async Task<IReadOnlyList<StoredPayment>> StoredAsync(IFindFluent<BsonDocument, BsonDocument> found)
    {
        var read = (await found.Project(PaymentOnly).ToListAsync()).ConvertAll(PaymentDocuments.Read);
        var pending = await outbox.PendingKeysAsync([.. read.Select(payment => payment.OrderId).Distinct()], CancellationToken.None);
        return read.ConvertAll(payment => new StoredPayment(payment, pending.Contains(payment.OrderId)));
    }
}
