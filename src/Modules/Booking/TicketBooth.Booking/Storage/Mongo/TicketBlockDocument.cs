using MongoDB.Bson;
using MongoDB.Driver;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Booking.Storage.Mongo;

/// <summary>A block as a document, both ways.</summary>
internal static class TicketBlockDocument
{
    /// <summary>What makes a document a block and not an order.</summary>
    public const string Field = "block";

    public const string At = Field + ".at";
    public const string ReleasedAt = Field + ".released_at";

    private const string ReleasedBy = Field + ".released_by";

    /// <summary>A new block, with its claims and its message.</summary>
    public static BsonDocument Of(TicketBlock block) =>
        new()
        {
            { "_id", block.Id.Bson() },
            { "event", block.EventId.Bson() },
            {
                Field,
                new BsonDocument
                {
                    { "kind", (int)block.Kind },
                    {
                        "tickets",
                        new BsonArray(block.Tickets.Select(range => new BsonDocument { { "first", range.First }, { "last", range.Last } }))
                    },
                    { "reason", block.Reason },
                    { "by", Bson(block.By) },
                    { "at", block.At.Bson() },
                }
            },
            { OrderDocument.Held, new BsonArray(block.TicketIds.Select(id => id.Bson())) },
            {
                MongoOutbox.Field,
                new BsonArray { MongoOutbox.Encode(OrderMessages.Encode(block)) }
            },
        };

    public static UpdateDefinition<BsonDocument> Release(TicketBlock released) =>
        Builders<BsonDocument>
            .Update.Set(ReleasedBy, Bson(released.ReleasedBy!))
            .Set(ReleasedAt, released.ReleasedAt.Bson())
            .Unset(OrderDocument.Held)
            .Inc(OrderDocument.Freed, 1)
            .CurrentDate(OrderDocument.FreedAt)
            .Push(MongoOutbox.Field, MongoOutbox.Encode(OrderMessages.Encode(released)));

    public static TicketBlock Read(BsonDocument document)
    {
        var block = document[Field].AsBsonDocument;
        return new TicketBlock
        {
            Id = document["_id"].ToId(),
            EventId = document["event"].ToId(),
            Kind = (TicketBlockKind)block["kind"].AsInt32,
            Tickets = [.. block["tickets"].AsBsonArray.Select(range => new NumberRange(range["first"].AsInt32, range["last"].AsInt32))],
            Reason = block["reason"].AsString,
            By = ReadActor(block["by"]),
            At = block["at"].ToTime(),
            ReleasedBy = block.TryGetValue("released_by", out var by) ? ReadActor(by) : null,
            ReleasedAt = block.GetValue("released_at", null).ToTimeOrNull(),
        };
    }

    private static BsonDocument Bson(Actor actor) => new() { { "id", actor.Id.Bson() }, { "name", actor.Name } };

    private static Actor ReadActor(BsonValue actor) => new(actor["id"].ToId(), actor["name"].AsString);
}
