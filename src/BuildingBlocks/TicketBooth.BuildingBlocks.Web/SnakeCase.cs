using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// Values of an enum in JSON are words such as <c>on_payment</c>, never numbers; for JSON whose code is generated at compile time.
/// </summary>
public sealed class SnakeCase<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
