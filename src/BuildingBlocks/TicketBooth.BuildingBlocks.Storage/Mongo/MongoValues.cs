using MongoDB.Bson;

namespace TicketBooth.BuildingBlocks.Storage.Mongo;

/// <summary>Converts our values to BSON and back: ids as UUIDs, times as UTC ticks, so that nothing is rounded.</summary>
public static class MongoValues
{
    public static BsonValue Bson(this Guid id) => new BsonBinaryData(id, GuidRepresentation.Standard);

    /// <summary>BSON null for none.</summary>
    public static BsonValue Bson(this Guid? id) => id is { } value ? value.Bson() : BsonNull.Value;

    public static BsonValue Bson(this DateTimeOffset time) => new BsonInt64(time.UtcTicks);

    /// <summary>BSON null for none.</summary>
    public static BsonValue Bson(this DateTimeOffset? time) => time is { } value ? value.Bson() : BsonNull.Value;

    public static Guid ToId(this BsonValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.AsGuid;
    }

    public static Guid? ToIdOrNull(this BsonValue? value) => value is null or BsonNull ? null : value.AsGuid;

    public static DateTimeOffset? ToTimeOrNull(this BsonValue? value) => value is null or BsonNull ? null : value.ToTime();

    public static DateTimeOffset ToTime(this BsonValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new DateTimeOffset(value.AsInt64, TimeSpan.Zero);
    }
}
