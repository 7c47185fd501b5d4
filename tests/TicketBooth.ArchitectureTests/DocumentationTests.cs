using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MassTransit;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.ArchitectureTests;

/// <summary>What the documents say about the code, compared with the code.</summary>
public sealed partial class DocumentationTests
{
    [Test]
    public void Who_tells_whom_is_true() => Assert.That(
        Table("docs/architecture.md", "Who tells whom").Select(row => $"{row[0]}: {row[1]} -> {row[2]}").Order(StringComparer.Ordinal),
        Is.EqualTo(Told().Order(StringComparer.Ordinal)));

    [Test]
    public void Who_asks_whom_is_true() => Assert.That(
        Table("docs/architecture.md", "Who asks whom").Select(row => $"{row[0]}: {row[1]} <- {row[2]}").Order(StringComparer.Ordinal),
        Is.EqualTo(Asked().Order(StringComparer.Ordinal)));

    [Test]
    public void Every_log_message_is_listed() => Assert.That(
        LogRows().Order(StringComparer.Ordinal),
        Is.EqualTo(CodeRules.LogMessages(Repository.Projects.Select(project => Assembly.Load(project.Name)))
            .Select(message => $"{message.Id} {message.Level} {message.Text}").Order(StringComparer.Ordinal)));

    [Test]
    public void Every_package_is_listed_with_its_licence() => Assert.That(
        Table("docs/third-party-licences.md", heading: null).Select(row => $"{row[0]} {row[1]} {row[2]}"),
        Is.EqualTo(Packages().Order(StringComparer.Ordinal)));

    [TestCase("| a | b |\n|---|---|\n| `x` | y, z |\n\ntext", new[] { "x/y, z" })]
    [TestCase("text", new string[0])]
    public void Tables_are_read(string text, string[] rows) => Assert.That(Rows(text.Split('\n')).Select(row => string.Join('/', row)), Is.EqualTo(rows));

    /// <summary>Who consumes what; a message that nobody consumes is told to nobody.</summary>
    private static IEnumerable<string> Told()
    {
        var consumed = Repository.Modules
            .SelectMany(module => module.Types.SelectMany(type => type.Implementations(typeof(IConsumer<>))).Select(contract => (Message: contract.GetGenericArguments()[0], module.Name)))
            .ToLookup(consumer => consumer.Message, consumer => consumer.Name);
        return Repository.Modules.SelectMany(module => module.Contracts
            .Where(type => type is { IsClass: true } && type.IsAssignableTo(typeof(IIntegrationEvent)))
            .Select(type => $"{type.Name}: {module.Name} -> {Names(consumed[type])}"));
    }

    /// <summary>Who makes a request that another module answers.</summary>
    private static IEnumerable<string> Asked()
    {
        var requests = Repository.Modules.SelectMany(module => module.Contracts.Where(type => type.IsRequest()).Select(type => (Type: type, module.Name))).ToList();
        foreach (var (request, owner) in requests)
        {
            var askers = Repository.Projects
                .Where(project => !project.Name.EndsWith(".Contracts", StringComparison.Ordinal) && project.Name != "TicketBooth." + owner)
                .Where(project => project.Uses.Any(type => type.Used.Contains((request.Namespace!, request.Name))))
                .Select(project => project.Name["TicketBooth.".Length..])
                .ToList();
            if (askers.Count > 0)
            {
                yield return $"{request.Name}: {owner} <- {Names(askers)}";
            }
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static IEnumerable<string> LogRows() =>
        Rows(File.ReadAllLines(Path.Combine(Repository.Root, "docs/log-events.md"))).Where(row => row.Count == 4 && char.IsAsciiDigit(row[0][0])).Select(row => $"{row[0]} {row[1]} {row[2]}");

    /// <summary>Name, version and licence as their own package says them.</summary>
    private static IEnumerable<string> Packages()
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var package in XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion"))
        {
            var id = (string)package.Attribute("Include")!;
            var version = LowerBound().Match((string)package.Attribute("Version")!).Value;
#pragma warning disable CA1308 // how NuGet names its folders
            var folder = id.ToLowerInvariant();
#pragma warning restore CA1308
            var nuspec = XDocument.Load(Path.Combine(cache, folder, version, folder + ".nuspec")).Root!;
            var metadata = nuspec.Elements().Single(element => element.Name.LocalName == "metadata");
            var licence = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license") is { } element && (string?)element.Attribute("type") == "expression"
                ? element.Value
                : LicencesReadByHand.GetValueOrDefault(id, "unknown");
            yield return $"{id} {version} {licence}";
        }
    }

    private static IReadOnlyList<IReadOnlyList<string>> Table(string file, string? heading)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, file));
        var section = heading is null
            ? lines
            : [.. lines.SkipWhile(line => line != "## " + heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))];
        var rows = Rows(section).ToList();
        Assert.That(rows, Is.Not.Empty, $"{file} has no table {heading}.");
        return rows;
    }

    /// <summary>The cells of each row behind a table's line of dashes.</summary>
    private static IEnumerable<IReadOnlyList<string>> Rows(IEnumerable<string> lines)
    {
        var isInside = false;
        foreach (var line in lines)
        {
            if (!line.StartsWith('|'))
            {
                isInside = false;
            }
            else if (line.All(letter => letter is '|' or '-' or ' ' or ':'))
            {
                isInside = true;
            }
            else if (isInside)
            {
                yield return [.. Cell().Split(line.Trim().Trim('|')).Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal).Replace("\\|", "|", StringComparison.Ordinal))];
            }
        }
    }

    // Packages that ship a text instead of naming a licence.
    private static readonly Dictionary<string, string> LicencesReadByHand = new(StringComparer.Ordinal) { ["MediatR"] = "Apache-2.0", ["SmtpServer"] = "MIT", ["Stripe.net"] = "Apache-2.0" };

    [GeneratedRegex(@"\d[\w.\-]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex LowerBound();

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Cell();
}
