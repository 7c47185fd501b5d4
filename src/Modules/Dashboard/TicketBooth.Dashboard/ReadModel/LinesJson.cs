using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>How the lists of a row are stored: as JSON, by code that is generated. A list of another type is an error.</summary>
[JsonSerializable(typeof(IReadOnlyList<DisputeLine>))]
[JsonSerializable(typeof(IReadOnlyList<OrderLine>))]
[JsonSerializable(typeof(IReadOnlyList<RefundLine>))]
[JsonSerializable(typeof(IReadOnlyList<TierLine>))]
internal sealed partial class LinesJson : JsonSerializerContext
{
    public static string Write<T>(IReadOnlyList<T> lines) => JsonSerializer.Serialize(lines, Of<T>());

    public static IReadOnlyList<T> Read<T>(string json) => JsonSerializer.Deserialize(json, Of<T>())!;

    private static JsonTypeInfo<IReadOnlyList<T>> Of<T>() =>
        (JsonTypeInfo<IReadOnlyList<T>>)Default.Options.GetTypeInfo(typeof(IReadOnlyList<T>));
}
