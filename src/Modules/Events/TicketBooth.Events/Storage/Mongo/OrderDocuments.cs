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

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    private static UpdateDefinitionBuilder<BsonDocument> Set => Builders<BsonDocument>.Update;

    /// <summary>The orders that hold tickets of the event.</summary>
    public static FilterDefinition<BsonDocument> HoldingTicketsOf(Guid eventId) =>
        Where.Eq("event", eventId.Bson()) & Where.Exists(Standing);

    public static UpdateOneModel<BsonDocument> Write(Guid eventId, StoredOrder order)
    {
        var update = Set.Set("revision", order.Revision).Set("state", (int)order.State).Set("tickets", order.Numbers.Count);
        update = order.State == TicketState.Available ? update.Unset(Standing) : update.Set(Standing, new BsonArray(order.Numbers));
        return new UpdateOneModel<BsonDocument>(Where.Eq("_id", order.OrderId.Bson()), update.SetOnInsert("event", eventId.Bson()))
        {
            IsUpsert = true,
        };
    }

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
            order["tickets"].AsInt32
        );
}

/// <summary>What is stored of an order.</summary>
/// <param name="Numbers">The tickets that it holds.</param>
internal sealed record StoredOrder(Guid OrderId, int Revision, TicketState State, IReadOnlyList<int> Numbers);
