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

    /// <param name="services">Of the host.</param>
    /// <param name="sections">The sections that have a meaning where the module that reads them is not loaded.</param>
    /// <exception cref="OptionsValidationException">Names every wrong setting.</exception>
    public static void Run(IServiceProvider services, IEnumerable<string> sections)
    {
        var known = services.GetServices<SettingNames>().ToList();
        var configuration = services.GetRequiredService<IConfiguration>();
        var failures = known
            .Select(names => names.Section)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .SelectMany(section => UnknownIn(configuration, section, known))
            .Concat(UnknownOnCommandLine(configuration, [.. known.Select(names => names.Section.Split(':')[0]), .. sections]))
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
        var own = known.Where(names => Same(names.Section, section)).ToList();
        var values = own.SelectMany(names => names.Values).ToList();
        var groups = own.SelectMany(names => names.Groups).ToList();
        var inner = known
            .Where(names => names.Section.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))
            .Select(names => names.Section[(section.Length + 1)..].Split(':')[0])
            .ToList();
        foreach (var setting in configuration.GetSection(section).GetChildren())
        {
            if (groups.Concat(inner).Any(name => Same(name, setting.Key)))
            {
                continue;
            }

            if (!values.Any(name => Same(name, setting.Key)))
            {
                var there = string.Join(
                    ", ",
                    values.Concat(groups).Concat(inner).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                );
                yield return $"{setting.Path}: there is no such setting. {section} has {there}.";
            }
            else if (setting.GetChildren().FirstOrDefault() is { } below)
            {
                yield return $"{below.Path}: there is no such setting. {setting.Path} is one value.";
            }
        }
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
            .Select(key => $"{key}: there is no such setting or section.");

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
