using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// Times in JSON are ISO 8601 in UTC, written with a <c>Z</c>. A time without an offset is read as UTC, never in the server's time zone.
/// </summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    /// <summary>Reads a time outside of JSON by the same rules.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new Utf8JsonReader(JsonSerializer.SerializeToUtf8Bytes(text));
        reader.Read();
        return TryRead(ref reader, out time);
    }

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryRead(ref reader, out var time)
            ? time
            : throw new JsonException("Not an ISO 8601 time.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.UtcDateTime);
    }

    // Only ISO 8601: TryParse alone would also accept 01/02/2026.
    private static bool TryRead(ref Utf8JsonReader reader, out DateTimeOffset time) =>
        reader.TryGetDateTimeOffset(out time)
        && DateTimeOffset.TryParse(
            reader.GetString(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time
        );
}
