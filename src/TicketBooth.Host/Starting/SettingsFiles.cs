using Microsoft.Extensions.Configuration.Json;

namespace TicketBooth.Host.Starting;

/// <summary>
/// The settings files that were delivered with the program, also where it is started from another directory. The content root stays the
/// directory of the start: it holds the data, and its own settings files override those.
/// </summary>
internal static class SettingsFiles
{
    public static void AddDeliveredFiles(this IConfigurationBuilder configuration, IHostEnvironment environment)
    {
        var delivered = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        if (string.Equals(environment.ContentRootPath.TrimEnd(Path.DirectorySeparatorChar), delivered, StringComparison.Ordinal))
        {
            return;
        }

        var position = configuration.Sources.TakeWhile(source => source is not JsonConfigurationSource).Count();
        foreach (var name in new[] { "appsettings.json", $"appsettings.{environment.EnvironmentName}.json" })
        {
            var file = new JsonConfigurationSource { Path = Path.Combine(delivered, name), Optional = true };
            file.ResolveFileProvider();
            configuration.Sources.Insert(position++, file);
        }
    }
}
