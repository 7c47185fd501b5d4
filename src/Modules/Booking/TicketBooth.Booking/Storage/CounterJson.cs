using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBooth.Booking.Domain;

namespace TicketBooth.Booking.Storage;

/// <summary>Counter sales and shifts as both stores keep them: JSON that a person can read there.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(CounterSale))]
[JsonSerializable(typeof(Shift))]
internal sealed partial class CounterJson : JsonSerializerContext
{
    public static string? Write(CounterSale? sale) => sale is null ? null : JsonSerializer.Serialize(sale, Default.CounterSale);

    public static CounterSale? ReadSale(string? json) => json is null ? null : JsonSerializer.Deserialize(json, Default.CounterSale);

    public static string Write(Shift shift) => JsonSerializer.Serialize(shift, Default.Shift);

    public static Shift ReadShift(string json) => JsonSerializer.Deserialize(json, Default.Shift)!;
}
