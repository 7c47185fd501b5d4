using System.Text.RegularExpressions;

namespace TicketBooth.ArchitectureTests;

/// <summary>What holds for how source files are cut and named.</summary>
internal static partial class ShapeRules
{
    public const int LongestLine = 140;
    public const int LongestFile = 250;

    /// <summary>Where a general catch keeps a loop alive; what must not die stands there and nowhere else.</summary>
    private static readonly string[] MayCatchAll = ["PeriodicWork.cs", "LeaseRenewal.cs", "OutboxRelay.cs", "PurchaseLane.cs"];

    // Of a module's root: its module class, its settings, its errors and its part of the audit. Only Events, Booking and Payments keep promises that can be audited.
    private static readonly string[] AtEveryRoot = ["Module.cs", "Options.cs", "Errors.cs"];

    private static readonly string[] MayBeAtARoot = [.. AtEveryRoot, "Invariants.cs"];

    public static Verdict No_line_is_too_long(string root) => Verdict.On(
        Written(root),
        file => file,
        file => File.ReadLines(Path.Combine(root, file))
            .Select((line, index) => (Number: index + 1, line.Length))
            .Where(line => line.Length > LongestLine)
            .Select(line => $"has {line.Length} characters in line {line.Number}"));

    /// <param name="root">Of the repository.</param>
    /// <param name="excused">Files that an ADR gives a reason for.</param>
    public static Verdict No_file_is_too_long(string root, IReadOnlyCollection<string> excused) => Verdict.On(
        Written(root).Where(file => Path.GetExtension(file) == ".cs" && !excused.Contains(file, StringComparer.Ordinal)),
        file => file,
        file => File.ReadLines(Path.Combine(root, file)).Count() is var lines && lines > LongestFile ? [$"has {lines} lines"] : []);

    public static Verdict Nothing_else_catches_everything(string root) => Verdict.On(
        Written(root).Where(file => Path.GetExtension(file) == ".cs" && !MayCatchAll.Contains(Path.GetFileName(file), StringComparer.Ordinal)),
        file => file,
        file => CatchesAll().IsMatch(File.ReadAllText(Path.Combine(root, file))) ? ["catches everything"] : []);

    public static Verdict Modules_have_one_shape(string root) => Verdict.On(
        Directory.Exists(Path.Combine(root, "src/Modules")) ? Directory.EnumerateDirectories(Path.Combine(root, "src/Modules")).Select(folder => Path.GetFileName(folder)) : [],
        module => module,
        module =>
        {
            var files = Directory.EnumerateFiles(Path.Combine(root, $"src/Modules/{module}/TicketBooth.{module}"), "*.cs").Select(file => Path.GetFileName(file)).ToList();
            return AtEveryRoot.Select(name => module + name).Except(files, StringComparer.Ordinal).Select(file => $"has no {file} at its root")
                .Concat(files.Except(MayBeAtARoot.Select(name => module + name), StringComparer.Ordinal).Select(file => $"has {file} at its root"));
        });

    /// <summary>The files for which an ADR says why they are longer.</summary>
    public static IReadOnlyCollection<string> Excused(string adr) =>
        [.. ExcusedFile().Matches(adr).Select(match => match.Groups["file"].Value)];

    private static IEnumerable<string> Written(string root) => SourceFiles.Under(root, "src").Where(file => Path.GetExtension(file) is ".cs" or ".cshtml" or ".razor");

    [GeneratedRegex(@"pragma warning disable [^\n/]*CA1031", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex CatchesAll();

    [GeneratedRegex(@"^- `(?<file>src/[^`]+\.cs)`: .{20}", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ExcusedFile();
}
