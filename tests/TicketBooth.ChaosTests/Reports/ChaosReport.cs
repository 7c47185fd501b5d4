using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TicketBooth.LoadTests.Reports;

namespace TicketBooth.ChaosTests.Reports;

/// <summary>What came out of a run: the table, and the same as a line of JSON.</summary>
internal sealed class ChaosReport(string profile, int seed, string commit)
{
    public const string AtTheEnd = "(at the end)";

    private readonly Dictionary<string, FaultRow> rows = new(StringComparer.Ordinal);

    public Outages Outages { get; } = new();

    public DateTimeOffset At { get; } = TimeProvider.System.GetUtcNow();

    public TimeSpan Took { get; set; }

    public int Orders { get; set; }

    public IReadOnlyCollection<FaultRow> Rows => rows.Values;

    public int Violations => rows.Values.Sum(row => row.Violations.Count);

    public FaultRow Row(string fault) => rows.TryGetValue(fault, out var row) ? row : rows[fault] = new FaultRow(fault);

    public string ToTable()
    {
        List<string[]> lines = [["fault", "times", "violations", "worst outage", "longest wait", "time to catch up"]];
        foreach (var row in rows.Values.OrderByDescending(row => row.Times).ThenBy(row => row.Name, StringComparer.Ordinal))
        {
            var (outage, wait) = Outages.Worst(row.Name);
            lines.Add(
                [
                    row.Name,
                    row.Times.ToString(CultureInfo.InvariantCulture),
                    row.Violations.Count.ToString(CultureInfo.InvariantCulture),
                    row.Times == 0 ? "" : Seconds(outage),
                    row.Times == 0 ? "" : Seconds(wait),
                    row.Times == 0 ? "" : Seconds(row.WorstCatchUp),
                ]
            );
        }

        return Table.Of(lines)
            + string.Create(
                CultureInfo.InvariantCulture,
                $"\n{At:yyyy-MM-dd HH:mm} UTC, {profile}, seed {seed}, commit {commit}; {Took.TotalMinutes:F1} min, {Orders} orders told, {rows.Values.Sum(row => row.Times)} faults, {Violations} violations.\n"
            );
    }

    public string ToJson() =>
        new JsonObject
        {
            ["at"] = At.ToString("O"),
            ["profile"] = profile,
            ["seed"] = seed,
            ["commit"] = commit,
            ["minutes"] = Math.Round(Took.TotalMinutes, 1),
            ["orders"] = Orders,
            ["violations"] = Violations,
            ["faults"] = new JsonArray([
                .. rows.Values.Select(row => new JsonObject
                {
                    ["fault"] = row.Name,
                    ["times"] = row.Times,
                    ["violations"] = new JsonArray([.. row.Violations.Select(violation => (JsonNode)violation)]),
                    ["worstOutageSeconds"] = Math.Round(Outages.Worst(row.Name).Outage.TotalSeconds, 2),
                    ["longestWaitSeconds"] = Math.Round(Outages.Worst(row.Name).Wait.TotalSeconds, 2),
                    ["catchUpSeconds"] = Math.Round(row.WorstCatchUp.TotalSeconds, 2),
                }),
            ]),
        }.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");
}
