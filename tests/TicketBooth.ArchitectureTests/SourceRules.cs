using System.Text.RegularExpressions;

namespace TicketBooth.ArchitectureTests;

/// <summary>What holds for the text of source files and cannot be seen in an assembly.</summary>
internal static partial class SourceRules
{
    private static readonly string[] Kinds = [".cs", ".cshtml", ".razor", ".css", ".js", ".csproj", ".props", ".targets", ".http", ".yml", ".yaml", ".sh", ""];

    // Written so that this file does not break its own rule.
    private static readonly string[] Leftovers = ["#" + "region", "TO" + "DO"];

    // Databases that a module owns beside those that carry its name.
    private static readonly Dictionary<string, string[]> AlsoOwned = new(StringComparer.Ordinal) { ["Payments"] = ["sandbox-gateway", "sandbox_gateway"] };

    public static Verdict Nothing_is_left_for_later(string root) => Verdict.On(
        SourceFiles.Under(root, ".").Where(file => Kinds.Contains(Path.GetExtension(file), StringComparer.Ordinal)),
        file => file,
        file => Lines(root, file).SelectMany(line => Leftovers.Where(leftover => Word(line.Text, leftover)).Select(leftover => $"has {leftover} in line {line.Number}")));

    /// <summary>No module reads another's data, so it opens no file that is not named for it.</summary>
    public static Verdict Modules_open_only_their_own_databases(string root) => Verdict.On(
        SourceFiles.Under(root, "src/Modules").Where(file => Path.GetExtension(file) == ".cs").SelectMany(file => Opened(root, file)),
        opened => opened.File,
        opened => opened.Name is null ? ["opens a database whose name cannot be seen"]
            : Owns(opened.Module, opened.Name) ? []
            : [$"opens {opened.Name}"]);

    public static Verdict Modules_attach_no_database(string root) => Verdict.On(
        SourceFiles.Under(root, "src/Modules").Where(file => Path.GetExtension(file) == ".cs"),
        file => file,
        file => Attach().IsMatch(File.ReadAllText(Path.Combine(root, file))) ? ["attaches another database"] : []);

    private static bool Owns(string module, string name)
    {
        // The module's name is a name of databases, not text for people.
#pragma warning disable CA1308
        var own = module.ToLowerInvariant();
#pragma warning restore CA1308
        return name == own || name.StartsWith(own + "-", StringComparison.Ordinal) || name.StartsWith(own + "_", StringComparison.Ordinal) || (AlsoOwned.TryGetValue(module, out var more) && more.Contains(name, StringComparer.Ordinal));
    }

    private static IEnumerable<(string File, string Module, string? Name)> Opened(string root, string file)
    {
        var text = File.ReadAllText(Path.Combine(root, file));
        foreach (Match call in CallOfStorage().Matches(text))
        {
            var arguments = Arguments(text[(call.Index + call.Length)..]);

            // `Open` of the storage takes a name and a schema; others of that name are not our business.
            if (call.Groups["method"].Value != "Open" || arguments.Count > 1)
            {
                yield return (file, file.Split('/')[2], NameIn(arguments[0], text));
            }
        }
    }

    /// <summary>The arguments of a call, from behind its opening parenthesis.</summary>
    private static List<string> Arguments(string text)
    {
        var (arguments, start, depth, quoted) = (new List<string>(), 0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '(' or '[' or '{' when !quoted:
                    depth++;
                    break;
                case ')' when !quoted && depth == 0:
                    return [.. arguments, text[start..i].Trim()];
                case ')' or ']' or '}' when !quoted:
                    depth--;
                    break;
                case ',' when !quoted && depth == 0:
                    arguments.Add(text[start..i].Trim());
                    start = i + 1;
                    break;
            }
        }

        return [.. arguments, text[start..].Trim()];
    }

    /// <summary>The literal in an expression, or in what a name in the same file stands for; null when there is none.</summary>
    private static string? NameIn(string expression, string text)
    {
        var literal = Literal().Match(expression);
        var name = expression.Split('(')[0];
        if (!literal.Success && Identifier().IsMatch(name))
        {
            literal = Regex.Match(text, $@"\b{name}(\([^)]*\))?\s*=>?\s*[^;""]*""(?<text>[^""]+)""", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1));
        }

        return literal.Success ? literal.Groups["text"].Value : null;
    }

    private static bool Word(string line, string leftover)
    {
        var at = line.IndexOf(leftover, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !char.IsLetter(line[at - 1])) && (at + leftover.Length == line.Length || !char.IsLetter(line[at + leftover.Length]));
    }

    private static IEnumerable<(int Number, string Text)> Lines(string root, string file) => File.ReadLines(Path.Combine(root, file)).Select((line, index) => (index + 1, line));

    /// <summary>How the storages are asked for a database, or for the path of its file.</summary>
    [GeneratedRegex(@"\.(?<method>Open|FileOf|(?<=([sS]torage|mongo)\.)Database)\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex CallOfStorage();

    [GeneratedRegex(@"\bATTACH\s+(DATABASE\b|['$@:])", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Attach();

    [GeneratedRegex(@"""(?<text>[^""]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"^[A-Za-z_]\w*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Identifier();
}
