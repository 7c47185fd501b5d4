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
        var (settings, others) = Split(words);
        return others.Count == 0 ? settings : throw new CommandLineException([.. others.Select(word => $"There is no command '{word}'.")]);
    }

    /// <returns>The settings, and the words that do not begin like an option.</returns>
    /// <exception cref="CommandLineException">An option is no setting, or has no value.</exception>
    public static (IReadOnlyList<string> Settings, IReadOnlyList<string> Others) Split(IReadOnlyList<string> words)
    {
        var settings = new List<string>();
        var others = new List<string>();
        var problems = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (!IsOption(words[i]))
            {
                others.Add(words[i]);
                continue;
            }

            var (name, value) = words[i].IndexOf('=', StringComparison.Ordinal) is > 0 and var sign
                ? (words[i][..sign], words[i][(sign + 1)..])
                : (words[i], null);
            if (value is null && i + 1 < words.Count && !IsOption(words[i + 1]))
            {
                value = words[++i];
            }

            if (!IsSetting(name))
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

        return problems.Count == 0 ? (settings, others) : throw new CommandLineException(problems);
    }

    private static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);

    private static bool IsSetting(string name) =>
        name.Contains(':', StringComparison.Ordinal) || WithoutSection.Contains(name[2..], StringComparer.OrdinalIgnoreCase);
}
