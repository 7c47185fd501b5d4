using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Payments.Contracts;
using Payment = TicketBooth.Payments.Domain.Payment;

namespace TicketBooth.Payments.Storage.Mongo;

/// <content>Payments by the time when their money moved.</content>
internal sealed partial class MongoPaymentStore
{
    private const string Moved = PaymentDocuments.Money + ".moved";

    private static readonly string Refunded = StoredNames.TextOf(PaymentStatus.Refunded);

    /// <summary>A plain payment enters the first when all of it goes back, and no other.</summary>
    private static CreateIndexModel<BsonDocument>[] OfMovedMoney =>
        [
            new(
                Builders<BsonDocument>.IndexKeys.Ascending("changed"),
                new CreateIndexOptions<BsonDocument> { Name = "refunded", PartialFilterExpression = Where.Eq("status", Refunded) }
            ),
            new(
                Builders<BsonDocument>.IndexKeys.Ascending(Moved),
                new CreateIndexOptions<BsonDocument> { Name = "moved", PartialFilterExpression = Where.Exists(Moved) }
            ),
        ];

    public async Task<IReadOnlyList<Payment>> ListMovedAsync(DateTimeOffset from, DateTimeOffset to, Guid after, int limit)
    {
        // The captured by their ids, which begin with their time; all others by the indexes.
        var first = TaggedId.Earliest(from - IPaymentStore.LongestPayment);
        var captured = Where.Gte("_id", first.Bson()) & Where.Lt("_id", TaggedId.Earliest(to).Bson()) & Within("captured", from, to);
        var refunded = Where.Eq("status", Refunded) & Within("changed", from, to);
        var page = await payments
            .Find(Where.Gt("_id", after.Bson()) & (captured | refunded | Where.Gte(Moved, from.Bson())))
            .Sort(ById)
            .Limit(limit)
            .Project(PaymentOnly)
            .ToListAsync();
        return page.ConvertAll(PaymentDocuments.Read);
    }

    private static FilterDefinition<BsonDocument> Within(string field, DateTimeOffset from, DateTimeOffset to) =>
        Where.Gte(field, from.Bson()) & Where.Lt(field, to.Bson());
}
