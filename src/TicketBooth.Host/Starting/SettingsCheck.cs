using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Settings;

namespace TicketBooth.Host.Starting;

/// <summary>The first step of every start: all settings make sense, and none has a name that nobody reads.</summary>
internal static class SettingsCheck
{
    // What ASP.NET Core reads itself, on the command line.
    private static readonly string[] OfTheFramework =
    [
        "AllowedHosts",
        "Authentication",
        "contentRoot",
        "environment",
        "hostBuilder",
        "http_ports",
        "https_ports",
        "Kestrel",
        "Logging",
        "urls",
    ];

    // The names of OpenTelemetry's specification, which its library reads.
    private const string OfOpenTelemetry = "OTEL_";

    /// <param name="services">Of the host.</param>
    /// <param name="sections">The sections that have a meaning where the module that reads them is not loaded.</param>
    /// <exception cref="OptionsValidationException">Names every wrong setting.</exception>
    public static void Run(IServiceProvider services, IEnumerable<string> sections)
    {
        var known = services.GetServices<SettingNames>().ToList();
        var configuration = services.GetRequiredService<IConfiguration>();
        List<string> ours = [.. known.Select(names => names.Section.Split(':')[0]), .. sections];
        var failures = known
            .Select(names => names.Section)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .SelectMany(section => UnknownIn(configuration, section, known))
            .Concat(UnknownOnCommandLine(configuration, ours))
            .Concat(Misspelt(configuration, ours, known))
            .Concat(IsOnlyLooking(services) ? [] : Wrong(services))
            .ToList();
        if (failures.Count > 0)
        {
            throw new OptionsValidationException("Settings", typeof(SettingsCheck), failures);
        }
    }

    /// <summary>An audit reads what is stored; gateways, secrets and addresses are nothing to it.</summary>
    private static bool IsOnlyLooking(IServiceProvider services) => services.GetRequiredService<IOptions<StorageOptions>>().Value.ReadOnly;

    private static IEnumerable<string> UnknownIn(IConfiguration configuration, string section, List<SettingNames> known)
    {
        var (values, groups) = NamesIn(section, known);
        foreach (var setting in configuration.GetSection(section).GetChildren())
        {
            if (groups.Any(name => Same(name, setting.Key)))
            {
                continue;
            }

            if (!values.Any(name => Same(name, setting.Key)))
            {
                var there = values.Concat(groups).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
                var meant = Spelling.Nearest(setting.Key, there) is { } near ? $" Did you mean {section}:{near}?" : "";
                yield return $"{setting.Path}: there is no such setting.{meant} {section} has {string.Join(", ", there)}.";
            }
            else if (setting.GetChildren().FirstOrDefault() is { } below)
            {
                yield return $"{below.Path}: there is no such setting. {setting.Path} is one value.";
            }
        }
    }

    /// <summary>Its settings that are one value, and those that have others below them.</summary>
    private static (List<string> Values, List<string> Groups) NamesIn(string section, List<SettingNames> known)
    {
        var own = known.Where(names => Same(names.Section, section)).ToList();
        var inner = known
            .Where(names => names.Section.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))
            .Select(names => names.Section[(section.Length + 1)..].Split(':')[0]);
        return ([.. own.SelectMany(names => names.Values)], [.. own.SelectMany(names => names.Groups), .. inner]);
    }

    /// <summary>
    /// The command line is ours alone, so a mistyped section is refused there; the environment has names of other programs.
    /// </summary>
    private static IEnumerable<string> UnknownOnCommandLine(IConfiguration configuration, IReadOnlyCollection<string> sections) =>
        ((IConfigurationRoot)configuration)
            .Providers.OfType<CommandLineConfigurationProvider>()
            .SelectMany(arguments => arguments.GetChildKeys([], parentPath: null))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(key => !sections.Concat(OfTheFramework).Any(section => Same(section, key)))
            .Where(key => !key.StartsWith(OfOpenTelemetry, StringComparison.OrdinalIgnoreCase))
            .Select(key =>
                $"{key}: there is no such setting or section."
                + (Spelling.Nearest(key, sections) is { } near ? $" Did you mean {near}?" : "")
            );

    /// <summary>
    /// Sections of the environment and of files that nobody reads, but that are spelt nearly as one of ours and have one of its settings. A
    /// variable of another program hardly has both likenesses.
    /// </summary>
    private static IEnumerable<string> Misspelt(
        IConfiguration configuration,
        IReadOnlyCollection<string> sections,
        List<SettingNames> known
    ) =>
        from typed in configuration.GetChildren()
        where !sections.Concat(OfTheFramework).Any(section => Same(section, typed.Key))
        let near = Spelling.Nearest(typed.Key, sections)
        where near is not null
        let names = NamesIn(near, known)
        from setting in typed.GetChildren()
        let meant = Spelling.Nearest(setting.Key, names.Values.Concat(names.Groups))
        where meant is not null
        select $"{setting.Path}: there is no section {typed.Key}. Did you mean {near}:{meant}?";

    private static IEnumerable<string> Wrong(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (OptionsValidationException wrong)
        {
            return wrong.Failures;
        }
        catch (AggregateException several) when (several.InnerExceptions.All(wrong => wrong is OptionsValidationException))
        {
            return [.. several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(wrong => wrong.Failures)];
        }
    }

    private static bool Same(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
