using TicketBooth.Testing;

namespace TicketBooth.LoadTests.Reports;

/// <summary>The page whose tables this program writes, between <c>&lt;!-- bench:NAME --&gt;</c> and <c>&lt;!-- /bench:NAME --&gt;</c>.</summary>
internal static class PerformancePage
{
    private static readonly string file = Path.Combine(SourceTree.Root, "docs", "performance.md");

    public static async Task WriteAsync(string name, string text) =>
        await File.WriteAllTextAsync(file, Replace(await File.ReadAllTextAsync(file), name, text));

    internal static string Replace(string page, string name, string text)
    {
        var (opening, closing) = ($"<!-- bench:{name} -->", $"<!-- /bench:{name} -->");
        var from = page.IndexOf(opening, StringComparison.Ordinal);
        var to = page.IndexOf(closing, StringComparison.Ordinal);
        return from >= 0 && to > from
            ? $"{page[..(from + opening.Length)]}\n\n{text.Trim()}\n\n{page[to..]}"
            : throw new InvalidOperationException($"docs/performance.md has no place for {name}.");
    }
}
