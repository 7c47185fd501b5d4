using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Storage.Mongo;

/// <summary>What is known of an order, to and from its document.</summary>
internal static class OrderDocuments
{
    /// <summary>The field with the numbers of the order's tickets; there only while the order holds them.</summary>
    public const string Standing = "standing";

    // How many of its tickets refunds have released; there only when there are any.
    private const string Released = "released";

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    /// <summary>The orders that hold tickets of the event.</summary>
    public static FilterDefinition<BsonDocument> HoldingTicketsOf(Guid eventId) =>
        Where.Eq("event", eventId.Bson()) & Where.Exists(Standing);

    /// <summary>An order as it is to be stored, without the event that it is of.</summary>
    public static BsonDocument Of(StoredOrder order)
    {
        var document = new BsonDocument
        {
            { "_id", order.OrderId.Bson() },
            { "revision", order.Revision },
            { "state", (int)order.State },
            { "tickets", order.Numbers.Count + order.Released },
        };
        if (order.Released > 0)
        {
            document.Add(Released, order.Released);
        }

        return order.State == TicketState.Available ? document : document.Add(Standing, new BsonArray(order.Numbers));
    }

    /// <summary>An order as it is stored.</summary>
    public static BsonDocument Stored(Guid eventId, BsonDocument order) => new BsonDocument("event", eventId.Bson()).Merge(order);

    /// <summary>Stores an order, unless its revision or a newer one is stored.</summary>
    public static UpdateOneModel<BsonDocument> Write(Guid eventId, BsonDocument order) =>
        new(
            Where.Eq("_id", order["_id"]),
            UnfinishedBatch.UnlessAtLeast(
                "revision",
                order["revision"],
                [
                    ("event", eventId.Bson()),
                    ("state", order["state"]),
                    ("tickets", order["tickets"]),
                    (Standing, order.GetValue(Standing, "$$REMOVE")),
                    (Released, order.GetValue(Released, "$$REMOVE")),
                ]
            )
        )
        {
            IsUpsert = true,
        };

    public static StoredOrder Read(BsonDocument order) =>
        new(
            order["_id"].ToId(),
            order["revision"].AsInt32,
            (TicketState)order["state"].AsInt32,
            order.TryGetValue(Standing, out var numbers) ? [.. numbers.AsBsonArray.Select(number => number.AsInt32)] : []
        );

    public static KnownOrder ReadKnown(BsonDocument order) =>
        new(
            order["_id"].ToId(),
            order["event"].ToId(),
            order["revision"].AsInt32,
            (TicketState)order["state"].AsInt32,
            order["tickets"].AsInt32,
            order.GetValue(Released, 0).AsInt32
        );
}

/// <summary>What is stored of an order.</summary>
/// <param name="Numbers">The tickets that it holds.</param>
/// <param name="Released">How many it held before refunds released them.</param>
internal sealed record StoredOrder(Guid OrderId, int Revision, TicketState State, IReadOnlyList<int> Numbers, int Released = 0);
