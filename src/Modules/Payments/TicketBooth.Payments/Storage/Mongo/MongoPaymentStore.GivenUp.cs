using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using Payment = TicketBooth.Payments.Domain.Payment;

namespace TicketBooth.Payments.Storage.Mongo;

/// <content>Payments that their gateway is to be told to end.</content>
internal sealed partial class MongoPaymentStore
{
    private const string GivenUp = PaymentDocuments.Money + ".givenUp";

    private static CreateIndexModel<BsonDocument> OfGivenUp =>
        new(
            Builders<BsonDocument>.IndexKeys.Ascending(GivenUp),
            new CreateIndexOptions<BsonDocument> { Name = "given_up", PartialFilterExpression = Where.Exists(GivenUp) }
        );

    public async Task<IReadOnlyList<Payment>> ListGivenUpAsync(DateTimeOffset due, int limit)
    {
        var page = await payments
            .Find(Where.Exists(GivenUp) & Where.Lte(GivenUp, due.Bson()))
            .Sort(Builders<BsonDocument>.Sort.Ascending(GivenUp))
            .Limit(limit)
            .Project(PaymentOnly)
            .ToListAsync();
        return page.ConvertAll(PaymentDocuments.Read);
    }
}
