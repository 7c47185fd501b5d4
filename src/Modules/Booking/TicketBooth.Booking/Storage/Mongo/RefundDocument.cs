using MongoDB.Bson;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>The refunds in an order's document, both ways.</summary>
internal static class RefundDocument
{
    /// <summary>Absent while the order has none.</summary>
    public const string Field = "refunds";

    public static BsonArray Of(IReadOnlyList<OrderRefund> refunds) => new(refunds.Select(Of));

    public static IReadOnlyList<OrderRefund> Read(BsonArray refunds, Guid eventId) =>
        [.. refunds.Select(refund => Read(refund.AsBsonDocument, eventId))];

    private static BsonDocument Of(OrderRefund refund)
    {
        var document = new BsonDocument
        {
            { "id", refund.Id.Bson() },
            { "revision", refund.Revision },
            { "amount", refund.Amount },
            { "tickets", new BsonArray(refund.ToFacts().Tickets) },
            { "released", refund.Released },
            { "reason", refund.Reason },
            { "at", refund.At.Bson() },
            { "status", (int)refund.Status },
            { "whole", refund.IsWhole },
            { "by_gateway", refund.ByGateway },
        };
        if (refund.By is { } by)
        {
            document.Add("by", new BsonDocument { { "id", by.Id.Bson() }, { "name", by.Name } });
        }

        if (refund.Failure is { } failure)
        {
            document.Add("failure", failure);
        }

        if (refund.FailedAt is { } failedAt)
        {
            document.Add("failed_at", failedAt.Bson());
        }

        return refund.ChangedIn is { } changedIn ? document.Add("changed_in", changedIn) : document;
    }

    private static OrderRefund Read(BsonDocument refund, Guid eventId) =>
        new(
            refund["id"].ToId(),
            refund["revision"].AsInt32,
            refund["amount"].AsInt64,
            [.. refund["tickets"].AsBsonArray.Select(number => TaggedId.Of(eventId, (ushort)number.AsInt32))],
            refund["released"].AsBoolean,
            refund["reason"].AsString,
            refund["at"].ToTime(),
            (OrderRefundStatus)refund["status"].AsInt32
        )
        {
            By = refund.TryGetValue("by", out var by) ? new Actor(by["id"].ToId(), by["name"].AsString) : null,
            IsWhole = refund["whole"].AsBoolean,
            ByGateway = refund["by_gateway"].AsBoolean,
            Failure = refund.TryGetValue("failure", out var failure) ? failure.AsString : null,
            FailedAt = refund.GetValue("failed_at", null).ToTimeOrNull(),
            ChangedIn = refund.TryGetValue("changed_in", out var changedIn) ? changedIn.AsInt32 : null,
        };
}
