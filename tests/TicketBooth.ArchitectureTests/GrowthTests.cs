using System.Text.RegularExpressions;

namespace TicketBooth.ArchitectureTests;

/// <summary>Every table and collection has a rule in <c>docs/operations.md</c>: how long its rows are kept, and who removes them.</summary>
public sealed partial class GrowthTests
{
    private const string Heading = "What grows, and what is removed";

    private static readonly string Page = Path.Combine(Repository.Root, "docs", "operations.md");

    [Test]
    public void Each_table_and_collection_has_a_rule_and_no_rule_is_about_another_one() =>
        Assert.That(Ruled().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), Is.EqualTo(Stored().Order(StringComparer.Ordinal)));

    [Test]
    public void Each_worker_that_is_said_to_remove_something_exists()
    {
        var workers = Repository.Projects.SelectMany(project => System.Reflection.Assembly.Load(project.Name).GetTypes()).Select(type => type.Name);
        var named = Rows().SelectMany(row => Names().Matches(row[^1]).Select(name => name.Groups["name"].Value)).Where(name => name.EndsWith("Worker", StringComparison.Ordinal));

        Assert.That(named.Except(workers, StringComparer.Ordinal), Is.Empty);
        Assert.That(workers.Where(name => name.StartsWith("Forget", StringComparison.Ordinal) && name.EndsWith("Worker", StringComparison.Ordinal)).Except(named, StringComparer.Ordinal), Is.Empty, "these remove something, and the page does not say what");
    }

    [TestCase("CREATE TABLE things(id INTEGER)", "things")]
    [TestCase("CREATE TABLE IF NOT EXISTS \"Things\" (", "Things")]
    [TestCase("database.GetCollection<BsonDocument>(\"things\")", "things")]
    [TestCase("public const string ThingCollection = \"things\";", "things")]
    [TestCase("public const string Collection = \"things\";", "things")]
    [TestCase("CREATE INDEX things_at ON things(at)", null)]
    public void Names_are_found(string text, string? name) => Assert.That(Tables().Matches(text).Select(NameOf), Is.EqualTo(name is null ? [] : new[] { name }));

    private static HashSet<string> Stored()
    {
        var texts = SourceFiles.Under(Repository.Root, "src")
            .Where(file => Path.GetExtension(file) is ".cs" or ".sql")
            .Select(file => File.ReadAllText(Path.Combine(Repository.Root, file)))
            .ToList();
        var names = texts.SelectMany(text => Tables().Matches(text)).Select(NameOf).ToHashSet(StringComparer.Ordinal);
        names.ExceptWith(texts.SelectMany(text => Dropped().Matches(text)).Select(NameOf));
        return names;
    }

    private static IEnumerable<string> Ruled() => Rows().Where(row => row.Length == 4).SelectMany(row => Names().Matches(row[1])).Select(name => name.Groups["name"].Value);

    /// <summary>The cells of the tables under the heading.</summary>
    private static List<string[]> Rows()
    {
        var rows = File.ReadLines(Page)
            .SkipWhile(line => line != "## " + Heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .ToList();
        Assert.That(rows, Is.Not.Empty, Heading);
        return rows;
    }

    private static string NameOf(Match match) => match.Groups["name"].Value;

    [GeneratedRegex(@"CREATE TABLE (?:IF NOT EXISTS )?[""`]?(?<name>\w+)|GetCollection<BsonDocument>\(""(?<name>\w+)""|const string \w*Collection = ""(?<name>\w+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Tables();

    [GeneratedRegex(@"DROP TABLE (?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Dropped();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Names();
}
