using System.Text.Json.Nodes;
using TicketBooth.Testing;

namespace TicketBooth.LoadTests.Reports;

/// <summary>All lines of JSON that were printed in this repository, oldest first.</summary>
internal static class ResultsFile
{
    private static readonly string file = Path.Combine(SourceTree.Root, "artifacts", "bench", "results.jsonl");

    public static async Task AppendAsync(string line)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.AppendAllTextAsync(file, line + "\n");
    }

    /// <summary>The latest medians that were measured of a commit, by scenario and figure.</summary>
    public static async Task<IReadOnlyDictionary<(string Scenario, string Figure), Figure>> MediansAsync(string commit) =>
        Medians(await File.ReadAllLinesAsync(file), commit);

    internal static Dictionary<(string Scenario, string Figure), Figure> Medians(IEnumerable<string> lines, string commit)
    {
        var medians = new Dictionary<(string, string), Figure>();
        foreach (var result in lines.Select(line => JsonNode.Parse(line)!).Where(result => (string?)result["commit"] == commit))
        {
            foreach (var measured in result["figures"]!.AsArray())
            {
                var figure = new Figure((string)measured!["name"]!, (string)measured["unit"]!);
                figure.Add((double)measured["median"]!);
                medians[((string)result["scenario"]!, figure.Name)] = figure;
            }
        }

        return medians;
    }
}
