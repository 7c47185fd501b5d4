namespace TicketBooth.Host.Verbs;

/// <summary>Settings on the command line. Anything else is refused: ASP.NET Core would ignore it, and the word after it too.</summary>
internal static class SettingArguments
{
    /// <summary>The settings without a section.</summary>
    internal static readonly string[] WithoutSection =
    [
        "urls",
        "http_ports",
        "https_ports",
        "environment",
        "contentRoot",
        "AllowedHosts",
        "Modules",
    ];

    /// <param name="words">What is neither a command nor one of its options.</param>
    /// <returns>Each setting as <c>--name=value</c>.</returns>
    /// <exception cref="CommandLineException">A word is no setting.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> words)
    {
        var settings = new List<string>();
        var problems = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            var (name, value) = word.IndexOf('=', StringComparison.Ordinal) is > 0 and var sign
                ? (word[..sign], word[(sign + 1)..])
                : (word, null);
            if (value is null && IsOption(name) && i + 1 < words.Count && !IsOption(words[i + 1]))
            {
                value = words[++i];
            }

            if (!IsOption(name))
            {
                problems.Add($"There is no command '{word}'.");
            }
            else if (!IsSetting(name))
            {
                problems.Add($"There is no option '{name}'.");
            }
            else if (value is null)
            {
                problems.Add($"{name} needs a value: {name}=…");
            }
            else
            {
                settings.Add($"{name}={value}");
            }
        }

        return problems.Count == 0 ? settings : throw new CommandLineException(problems);
    }

    private static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);

    private static bool IsSetting(string name) =>
        name.Contains(':', StringComparison.Ordinal) || WithoutSection.Contains(name[2..], StringComparer.OrdinalIgnoreCase);
}
