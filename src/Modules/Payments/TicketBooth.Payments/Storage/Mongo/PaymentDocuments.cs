using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Storage.Mongo;

/// <summary>A payment to and from its document.</summary>
internal static class PaymentDocuments
{
    public const string Money = "money";

    private static readonly JsonWriterSettings Relaxed = new() { OutputMode = JsonOutputMode.RelaxedExtendedJson };

    public static ProjectionDefinition<BsonDocument> DeclineOnly =>
        Builders<BsonDocument>.Projection.Include("order").Include("decline_reason").Include("declined").Include("hold_expires");

    /// <summary>A new payment, without its messages.</summary>
    public static BsonDocument Of(Payment payment)
    {
        var document = new BsonDocument
        {
            { "_id", payment.Id.Bson() },
            { "order", payment.OrderId.Bson() },
            { "method", StoredNames.TextOf(payment.Method) },
            { "amount", payment.Amount },
            { "currency", payment.Currency },
            { "hold_expires", payment.HoldExpiresAt.Bson() },
            { "created", payment.CreatedAt.Bson() },
            { "version", 1L },
        };
        document.AddRange(Changeable(payment));
        if (StoredNames.TextOfGateway(payment.Gateway) is { } gateway)
        {
            document.Add("gateway", gateway);
        }

        if (payment.BuyerId is { } buyer)
        {
            document.Add("buyer", buyer.Bson());
        }

        if (MoneyOf(payment) is { } money)
        {
            document.Add(Money, money);
        }

        return document;
    }

    /// <summary>Null for a plain payment, whose document has no such field.</summary>
    public static BsonDocument? MoneyOf(Payment payment) => MoneyJson.Write(payment) is { } json ? BsonDocument.Parse(json) : null;

    /// <summary>The fields that a change may write; all others stay as they were created.</summary>
    public static BsonDocument Changeable(Payment payment) =>
        new()
        {
            { "status", StoredNames.TextOf(payment.Status) },
            { "external", Text(payment.ExternalId) },
            { "decline_reason", Text(payment.DeclineReason) },
            { "refund_reason", Text(payment.RefundReason) },
            { "changed", payment.ChangedAt.Bson() },
            { "declined", payment.DeclinedAt.Bson() },
            { "captured", payment.CapturedAt.Bson() },
        };

    public static Payment Read(BsonDocument document) =>
        new(
            document["_id"].ToId(),
            document["order"].ToId(),
            StoredNames.MethodOf(document["method"].AsString),
            document["amount"].AsInt64,
            document["currency"].AsString,
            document["hold_expires"].ToTime(),
            document["created"].ToTime()
        )
        {
            Status = StoredNames.StatusOf(document["status"].AsString),
            ExternalId = Text(document["external"]),
            DeclineReason = Text(document["decline_reason"]),
            RefundReason = Text(document["refund_reason"]),
            ChangedAt = document["changed"].ToTime(),
            DeclinedAt = document.GetValue("declined", null).ToTimeOrNull(),
            CapturedAt = document.GetValue("captured", null).ToTimeOrNull(),
            Gateway = StoredNames.GatewayOf(document.GetValue("gateway", null)?.AsString),
            BuyerId = document.TryGetValue("buyer", out var buyer) ? buyer.ToId() : null,
            Recorded = MoneyJson.Read(document.TryGetValue(Money, out var money) ? money.AsBsonDocument.ToJson(Relaxed) : null),
        };

    public static Decline ReadDecline(BsonDocument document) =>
        new(
            document["order"].ToId(),
            document["decline_reason"].AsString,
            document["declined"].ToTime(),
            document["hold_expires"].ToTime()
        );

    private static BsonValue Text(string? text) => (BsonValue?)text ?? BsonNull.Value;

    private static string? Text(BsonValue value) => value.IsBsonNull ? null : value.AsString;
}
