using MongoDB.Bson;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>The disputes in an order's document, both ways.</summary>
internal static class DisputeDocument
{
    /// <summary>Absent while the order has none.</summary>
    public const string Field = "disputes";

    public static BsonArray Of(IReadOnlyList<OrderDispute> disputes) =>
        new(
            disputes.Select(dispute => new BsonDocument
            {
                { "id", dispute.Id },
                { "payment", dispute.PaymentId.Bson() },
                { "amount", dispute.Amount },
                { "state", (int)dispute.State },
                { "at", dispute.At.Bson() },
                { "revision", dispute.Revision },
            })
        );

    public static IReadOnlyList<OrderDispute> Read(BsonArray disputes) =>
        [
            .. disputes.Select(dispute => new OrderDispute(
                dispute["id"].AsString,
                dispute["payment"].ToId(),
                dispute["amount"].AsInt64,
                (OrderDisputeState)dispute["state"].AsInt32,
                dispute["at"].ToTime(),
                dispute["revision"].AsInt32
            )),
        ];
}
