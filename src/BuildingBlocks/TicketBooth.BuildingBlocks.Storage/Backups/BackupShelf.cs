using System.Globalization;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>The folder of the backups that a host makes by itself. Other files in it stay.</summary>
/// <param name="folder">Where they are.</param>
/// <param name="installation">Several installations may share a folder.</param>
internal sealed class BackupShelf(string folder, string installation)
{
    private const string Ending = ".zip";
    private const string Unsound = "-unsound" + Ending;
    private const int DigitsOfInstallation = 8;

    private readonly string prefix = $"ticketbooth-{installation[..Math.Min(DigitsOfInstallation, installation.Length)]}-";

    public string FileAt(DateTimeOffset time) =>
        Path.Combine(folder, prefix + time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + Ending);

    /// <summary>The newest one that can be read.</summary>
    public WrittenBackup? FindNewest()
    {
        foreach (var file in Good())
        {
            try
            {
                using var archive = BackupArchive.Open(file);
                return new WrittenBackup(file, new FileInfo(file).Length, archive.Contents);
            }
            catch (BackupException)
            {
                // Somebody has put it there or cut it off. It counts as none.
            }
        }

        return null;
    }

    /// <summary>Keeps a backup whose audit found something, apart from the good ones.</summary>
    public static void SetApart(string file) => File.Move(file, file[..^Ending.Length] + Unsound, overwrite: true);

    /// <summary>Removes all but the newest, and what killed processes have left.</summary>
    /// <returns>The backups that were removed.</returns>
    public IReadOnlyList<string> Prune(int keep)
    {
        List<string> old = [.. Good().Skip(keep), .. Named("*" + Unsound).Skip(1)];
        old.ForEach(File.Delete);
        foreach (var left in Directory.GetDirectories(folder, prefix + "*" + Ending + ".*"))
        {
            Directory.Delete(left, recursive: true);
        }

        return old;
    }

    private IEnumerable<string> Good() => Named("*" + Ending).Where(file => !file.EndsWith(Unsound, StringComparison.Ordinal));

    /// <summary>Their names begin with the time.</summary>
    private IOrderedEnumerable<string> Named(string pattern) =>
        Directory.GetFiles(folder, prefix + pattern).OrderDescending(StringComparer.Ordinal);
}
