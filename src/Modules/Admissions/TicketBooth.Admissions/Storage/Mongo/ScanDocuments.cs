using System.Text.Json;
using MongoDB.Bson;
using TicketBooth.Admissions.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Mongo;

namespace TicketBooth.Admissions.Storage.Mongo;

/// <summary>Scans and events to and from their documents.</summary>
internal static class ScanDocuments
{
    /// <summary>A new scan, without its messages.</summary>
    public static BsonDocument Of(Scan scan)
    {
        var document = new BsonDocument
        {
            { "_id", scan.Id.Bson() },
            { "direction", StoredNames<Direction>.Of(scan.Direction) },
            { "outcome", StoredNames<CheckInOutcome>.Of(scan.Outcome) },
            { "scanned", scan.ScannedAt.Bson() },
            { "at", scan.At.Bson() },
            { "by", scan.By.Id.Bson() },
            { "by_name", scan.By.Name },
            { "offline", scan.IsOffline },
            { "previous", scan.PreviousId.Bson() },
            { "order", scan.OrderId.Bson() },
            { "tier", scan.TierId.Bson() },
        };
        if (scan.Code is { } code)
        {
            document.Add("event", code.EventId.Bson()).Add("number", code.Number).Add("generation", code.Generation);
        }

        // Present only where they count, so that the partial indexes hold nothing else.
        if (scan.Turn is { } turn)
        {
            document.Add("turn", turn);
        }

        if (scan is { IsOffline: true, IsPassage: false })
        {
            document.Add("conflict", true);
        }

        return document;
    }

    public static Scan Read(BsonDocument document) =>
        new(
            document["_id"].ToId(),
            document.TryGetValue("event", out var eventId)
                ? new TicketCode(eventId.ToId(), document["number"].AsInt32, document["generation"].AsInt32)
                : null,
            StoredNames<Direction>.Read(document["direction"].AsString),
            StoredNames<CheckInOutcome>.Read(document["outcome"].AsString),
            document["scanned"].ToTime(),
            document["at"].ToTime(),
            new Actor(document["by"].ToId(), document["by_name"].AsString),
            document["offline"].AsBoolean
        )
        {
            Turn = document.TryGetValue("turn", out var turn) ? turn.AsInt32 : null,
            PreviousId = document["previous"].ToIdOrNull(),
            OrderId = document["order"].ToIdOrNull(),
            TierId = document["tier"].ToIdOrNull(),
            UndoneAt = document.GetValue("undone", null).ToTimeOrNull(),
        };

    public static DoorEvent ReadEvent(BsonDocument document) =>
        new(
            document["_id"].ToId(),
            document["version"].AsInt64,
            document["name"].AsString,
            document["venue"].AsString,
            document["starts"].ToTime(),
            document["currency"].AsString,
            document["canceled"].AsBoolean,
            JsonSerializer.Deserialize(document["tiers"].AsString, DoorJson.Default.IReadOnlyListDoorTier)!
        )
        {
            Rules = document.TryGetValue("rules", out var rules)
                ? JsonSerializer.Deserialize(rules.AsString, DoorJson.Default.DoorRules)
                : null,
            PublicKey = document.TryGetValue("public_key", out var publicKey) ? publicKey.AsByteArray : null,
            PrivateKey = document.TryGetValue("private_key", out var privateKey) ? privateKey.AsByteArray : null,
        };
}
