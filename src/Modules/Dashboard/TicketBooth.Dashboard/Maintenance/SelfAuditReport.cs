using System.Globalization;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// What a pass of the self-audit found, as its run stores it: how many violations of each promise, then the first of them.
/// </summary>
/// <param name="Counts">By promise; those that hold are missing.</param>
internal sealed record SelfAuditReport(IReadOnlyDictionary<string, long> Counts, IReadOnlyList<string> Lines)
{
    /// <summary>The promises that the checks know.</summary>
    public static readonly IReadOnlyList<string> Promises = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"];

    private const int MostLines = 50;
    private const string Counted = ": ";

    public long Total => Counts.Values.Sum();

    public static SelfAuditReport Of(IReadOnlyList<Violation> violations) =>
        new(
            violations
                .GroupBy(violation => violation.Promise, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => (long)same.Count(), StringComparer.Ordinal),
            [.. violations.Take(MostLines).Select(violation => $"{violation.Promise}  {violation.Text}")]
        );

    public static SelfAuditReport Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (
                Promises.FirstOrDefault(promise => line.StartsWith(promise + Counted, StringComparison.Ordinal)) is { } counted
                && long.TryParse(line[(counted + Counted).Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            )
            {
                counts[counted] = count;
            }
        }

        return new SelfAuditReport(counts, lines[counts.Count..]);
    }

    public override string ToString() =>
        string.Join(
            '\n',
            Counts
                .OrderBy(promise => promise.Key, StringComparer.Ordinal)
                .Select(promise => string.Create(CultureInfo.InvariantCulture, $"{promise.Key}{Counted}{promise.Value}"))
                .Concat(Lines)
        );
}
