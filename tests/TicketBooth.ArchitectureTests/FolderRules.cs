using System.Text.RegularExpressions;

namespace TicketBooth.ArchitectureTests;

/// <summary>What holds for the folders of a project, which are its namespaces.</summary>
internal static partial class FolderRules
{
    // The kernel is small enough to be one namespace.
    private const string OneNamespace = "TicketBooth.BuildingBlocks.Kernel";

    /// <summary>
    /// No two folders of a project use each other, directly or around. A type at the project's root counts as a folder of its own: a module's
    /// options are below its folders, its module class is above them.
    /// </summary>
    public static Verdict No_circles(IEnumerable<ProjectCode> projects) => Verdict.On(
        projects,
        project => project.Name,
        project => Circles(project, folder => folder).Concat(Circles(project, TopFolder)).Distinct(StringComparer.Ordinal));

    public static Verdict Namespaces_are_folders(string root) => Verdict.On(
        SourceFiles.Under(root, "src").Where(file => Path.GetExtension(file) == ".cs"),
        file => file,
        file => Namespace().Match(File.ReadAllText(Path.Combine(root, file))) is { Success: true } found && found.Groups["name"].Value != Wanted(root, file)
            ? [$"has the namespace {found.Groups["name"].Value}, not {Wanted(root, file)}"]
            : []);

    private static IEnumerable<string> Circles(ProjectCode project, Func<string, string> merge)
    {
        var edges = project.Uses
            .SelectMany(type => type.Used
                .Where(used => project.Owns(used.Namespace))
                .Select(used => (From: merge(Node(project, type.Namespace, type.Name)), To: merge(Node(project, used.Namespace, used.Name)), Type: type.FullName)))
            .Where(edge => edge.From != edge.To)
            .ToLookup(edge => edge.From, StringComparer.Ordinal);
        var reached = edges.ToDictionary(from => from.Key, from => Reach(from.Key, edges), StringComparer.Ordinal);
        foreach (var (node, others) in reached)
        {
            var circle = others.Where(other => reached.TryGetValue(other, out var back) && back.Contains(node)).Append(node).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            if (circle.Count > 1 && circle[0] == node)
            {
                var links = circle.SelectMany(member => edges[member]).Where(edge => circle.Contains(edge.To, StringComparer.Ordinal))
                    .Select(edge => $"{edge.Type} -> {edge.To}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
                yield return $"has a circle of {string.Join(", ", circle)} ({string.Join("; ", links)})";
            }
        }
    }

    private static HashSet<string> Reach(string start, ILookup<string, (string From, string To, string Type)> edges)
    {
        var (seen, open) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([start]));
        while (open.TryPop(out var node))
        {
            foreach (var edge in edges[node].Where(edge => seen.Add(edge.To)))
            {
                open.Push(edge.To);
            }
        }

        return seen;
    }

    private static string Node(ProjectCode project, string space, string name) =>
        space == project.Namespace ? name : space[(project.Namespace.Length + 1)..] + "/";

    /// <summary>The first folder of a path; a type at the root stays itself.</summary>
    private static string TopFolder(string node) => node.EndsWith('/') ? node.TrimEnd('/').Split('.')[0] + "/" : node;

    private static string Wanted(string root, string file)
    {
        var folder = Path.GetDirectoryName(file)!.Replace('\\', '/');
        var project = folder;
        while (!Directory.EnumerateFiles(Path.Combine(root, project), "*.csproj").Any())
        {
            project = Path.GetDirectoryName(project)!.Replace('\\', '/');
        }

        var name = Path.GetFileName(project);
        return name == OneNamespace || project == folder ? name : name + "." + folder[(project.Length + 1)..].Replace('/', '.');
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Namespace();
}
