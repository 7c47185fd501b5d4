using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TicketBooth.ArchitectureTests;

/// <summary>What holds for the project files under a root: who may reference whom, and where versions are kept.</summary>
internal static partial class ProjectRules
{
    private const string BuildingBlocks = "TicketBooth.BuildingBlocks";
    private const string Host = "TicketBooth.Host";
    private const string Kernel = BuildingBlocks + ".Kernel";
    private const string Messaging = BuildingBlocks + ".Messaging";
    private const string Kafka = BuildingBlocks + ".Kafka";

    private static readonly Dictionary<string, string[]> Below = new(StringComparer.Ordinal)
    {
        [Kernel] = [],
        [BuildingBlocks + ".Web"] = [Kernel],
        [Messaging] = [Kernel],
        [BuildingBlocks + ".Storage"] = [Kernel, Messaging],
        [Kafka] = [Kernel, Messaging],
    };

    public static Verdict Modules_reference_only_contracts_and_building_blocks(string root)
    {
        var contracts = Modules(root).Select(module => $"TicketBooth.{module}.Contracts").ToHashSet(StringComparer.Ordinal);
        return References(
            Modules(root).SelectMany(module => Projects(root, $"src/Modules/{module}").Where(project => !contracts.Contains(project.Name))),
            (_, reference) => IsBuildingBlock(reference) || contracts.Contains(reference));
    }

    public static Verdict Contracts_reference_the_kernel_alone(string root) => Verdict.On(
        Projects(root, "src/Modules").Where(project => project.Name.EndsWith(".Contracts", StringComparison.Ordinal)),
        project => project.Name,
        project => [
            .. project.References.Where(reference => reference != Kernel).Select(reference => "references " + reference),
            .. project.Xml.Descendants("PackageReference").Select(package => "references the package " + (string?)package.Attribute("Include"))]);

    /// <summary>A block stands on the floors below it: Kernel, then Web and Messaging, then Storage, then Kafka.</summary>
    public static Verdict Building_blocks_reference_only_lower_floors(string root) =>
        References(Projects(root, "src/BuildingBlocks"), (project, reference) => Below.TryGetValue(project.Name, out var below) && below.Contains(reference, StringComparer.Ordinal));

    public static Verdict Only_the_host_references_kafka(string root) =>
        References(Projects(root, "src"), (project, reference) => project.Name == Host || reference != Kafka);

    public static Verdict Only_the_host_references_module_implementations(string root)
    {
        var implementations = Modules(root).Select(module => "TicketBooth." + module).ToHashSet(StringComparer.Ordinal);
        return References(Projects(root, "src"), (project, reference) => project.Name == Host || !implementations.Contains(reference));
    }

    public static Verdict Nothing_is_referenced_by_file(string root) => Verdict.On(
        Projects(root, "."),
        project => project.Path,
        project => project.Xml.Descendants("Reference").Select(reference => "references the file " + (string?)reference.Attribute("Include")));

    public static Verdict Modules_have_exactly_two_projects(string root) => Verdict.On(
        Modules(root),
        module => module,
        module =>
        {
            var found = Projects(root, $"src/Modules/{module}").Select(project => project.Path).Order(StringComparer.Ordinal).ToList();
            string[] wanted = [$"src/Modules/{module}/TicketBooth.{module}.Contracts/TicketBooth.{module}.Contracts.csproj", $"src/Modules/{module}/TicketBooth.{module}/TicketBooth.{module}.csproj"];
            return found.SequenceEqual(wanted, StringComparer.Ordinal) ? [] : [$"has the projects [{string.Join(", ", found)}]"];
        });

    public static Verdict Every_project_is_in_the_solution(string root)
    {
        var solution = InSolution().Matches(File.ReadAllText(Path.Combine(root, "TicketBooth.sln"))).Select(match => match.Groups["path"].Value.Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        return Verdict.On(Projects(root, "."), project => project.Path, project => solution.Contains(project.Path) ? [] : ["is not in TicketBooth.sln"]);
    }

    public static Verdict Versions_are_central(string root) => Verdict.On(
        Projects(root, ".").Where(project => project.Xml.Descendants("PackageReference").Any()),
        project => project.Path,
        project => project.Xml.Descendants("PackageReference")
            .Where(package => package.Attributes().Select(attribute => attribute.Name.LocalName).Concat(package.Elements().Select(element => element.Name.LocalName)).Any(name => name is "Version" or "VersionOverride"))
            .Select(package => "has its own version of " + (string?)package.Attribute("Include")));

    private static Verdict References(IEnumerable<Project> projects, Func<Project, string, bool> mayReference) => Verdict.On(
        projects,
        project => project.Name,
        project => project.References.Where(reference => !mayReference(project, reference)).Select(reference => "references " + reference));

    private static bool IsBuildingBlock(string project) => project == BuildingBlocks || project.StartsWith(BuildingBlocks + ".", StringComparison.Ordinal);

    private static IEnumerable<string> Modules(string root) =>
        Folders(root, "src/Modules").Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Folders(string root, string under) =>
        Directory.Exists(Path.Combine(root, under)) ? Directory.EnumerateDirectories(Path.Combine(root, under)) : [];

    private static IEnumerable<Project> Projects(string root, string under) => SourceFiles.Under(root, under)
        .Where(file => Path.GetExtension(file) == ".csproj")
        .Select(file => new Project(file, XDocument.Load(Path.Combine(root, file))));

    [GeneratedRegex(@"""(?<path>[^""]+\.csproj)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex InSolution();

    /// <param name="Path">Relative to the root, with slashes.</param>
    private sealed record Project(string Path, XDocument Xml)
    {
        public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

        public IEnumerable<string> References => Xml.Descendants("ProjectReference")
            .Select(reference => System.IO.Path.GetFileNameWithoutExtension(((string?)reference.Attribute("Include") ?? "").Replace('\\', '/')));
    }
}
