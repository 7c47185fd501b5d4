using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage.Mongo;

/// <content>Payments that were declined.</content>
internal sealed partial class MongoPaymentStore
{
    /// <remarks>One query over two partial indexes, which hold declined payments and nothing else.</remarks>
    public async Task<IReadOnlyList<Decline>> ListDeclinesAsync(Guid orderId, Guid buyerId, DateTimeOffset after)
    {
        var isStillDeclined = IsDeclined & Where.Eq("status", StoredNames.TextOf(PaymentStatus.Declined));
        var ofOrder = Where.Eq("order", orderId.Bson()) & isStillDeclined;
        var ofBuyer = Where.Eq("buyer", buyerId.Bson()) & isStillDeclined & Where.Gt("declined", after.Bson());
        var found = await payments.Find(ofOrder | ofBuyer).Project(PaymentDocuments.DeclineOnly).ToListAsync();
        return found.ConvertAll(PaymentDocuments.ReadDecline);
    }

    public async Task<IReadOnlyList<Payment>> ListDeclinedOfAsync(IReadOnlyCollection<Guid> orderIds)
    {
        var found = Where.In("order", orderIds.Select(id => id.Bson())) & IsDeclined;
        return (await payments.Find(found).Project(PaymentOnly).ToListAsync()).ConvertAll(PaymentDocuments.Read);
    }
}
