using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage.Settings;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>Whether backups can be where the settings want them.</summary>
internal sealed class BackupPlace(IConfiguration configuration, IOptions<StorageOptions> storage, IHostEnvironment environment)
    : IValidateOptions<BackupOptions>
{
    public ValidateOptionsResult Validate(string? name, BackupOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            return ValidateOptionsResult.Success;
        }

        if (EmbeddedOnly.ServerOf(configuration) is { } server)
        {
            return ValidateOptionsResult.Fail($"Backup:Path: {EmbeddedOnly.ProblemWith(server)}");
        }

        var files = Path.GetFullPath(storage.Value.Path, environment.ContentRootPath);
        return IsIn(files, Path.GetFullPath(options.Path, environment.ContentRootPath))
            ? ValidateOptionsResult.Fail($"Backup:Path: {options.Path} is in Storage:Path, and would be lost with it. Name another disk.")
            : ValidateOptionsResult.Success;
    }

    /// <summary>Whether a path is a folder or below it.</summary>
    internal static bool IsIn(string folder, string path) =>
        (Path.TrimEndingDirectorySeparator(path) + Path.DirectorySeparatorChar).StartsWith(
            Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar,
            StringComparison.Ordinal
        );
}
