using System.Text.Json;
using System.Text.Json.Serialization;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Storage;

/// <summary>Outcomes of reconciliations as both stores keep them.</summary>
internal static class ReconciliationJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Write(ReconciliationSummary summary) => JsonSerializer.Serialize(summary, Options);

    public static string Write(IReadOnlyList<ReconciliationDifference> lines) => JsonSerializer.Serialize(lines, Options);

    public static ReconciliationSummary ReadSummary(string json) => JsonSerializer.Deserialize<ReconciliationSummary>(json, Options)!;

    public static ReconciliationReport Read(string summary, string lines) =>
        new(ReadSummary(summary), JsonSerializer.Deserialize<ReconciliationDifference[]>(lines, Options)!);
}
