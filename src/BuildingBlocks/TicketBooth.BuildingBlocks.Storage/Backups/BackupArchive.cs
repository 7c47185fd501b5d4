using System.IO.Compression;
using System.Text;
using System.Text.Json;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>A backup that is read.</summary>
public sealed class BackupArchive : IDisposable
{
    // The name of the first entry begins here in a ZIP file.
    private const int NameOffset = 30;

    private readonly ZipArchive archive;

    private BackupArchive(string file, ZipArchive archive, BackupContents contents) =>
        (File, this.archive, Contents) = (file, archive, contents);

    public string File { get; }

    public BackupContents Contents { get; }

    /// <exception cref="BackupException">It is no backup, a damaged one, or one of a newer program.</exception>
    public static BackupArchive Open(string file)
    {
        if (!IsMarked(file))
        {
            throw new BackupException($"{file} is no backup of TicketBooth.") { Fault = BackupFault.Foreign };
        }

        ZipArchive? opened = null;
        try
        {
            opened = ZipFile.OpenRead(file);
            return new BackupArchive(file, opened, ReadContents(file, opened));
        }
        catch (InvalidDataException failure)
        {
            opened?.Dispose();
            throw Damaged(file, failure.Message, failure);
        }
        catch
        {
            opened?.Dispose();
            throw;
        }
    }

    /// <summary>Writes all of its files into an existing folder, each as it was.</summary>
    /// <exception cref="BackupException">A file is missing in it, or not as it was written.</exception>
    public void ExtractTo(string folder, CancellationToken cancellationToken)
    {
        foreach (var file in Contents.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.GetFullPath(Path.Combine(folder, file.Name));
            if (!path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw Damaged(File, $"{file.Name} is outside of the folder.");
            }

            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            Extract(file, path, cancellationToken);
        }
    }

    public void Dispose() => archive.Dispose();

    private void Extract(BackedUpFile file, string path, CancellationToken cancellationToken)
    {
        var entry = archive.GetEntry(file.Name) ?? throw Damaged(File, $"{file.Name} is missing in it.");
        try
        {
            using var content = entry.Open();
            using var target = PrivateFiles.Create(path);
            var (size, hash) = HashedCopy.Run(content, target, cancellationToken.ThrowIfCancellationRequested);
            target.Flush(flushToDisk: true);
            if (size != file.Size || hash != file.Sha256)
            {
                throw Damaged(File, $"{file.Name} is not as it was written.");
            }
        }
        catch (InvalidDataException failure)
        {
            throw Damaged(File, $"{file.Name}: {failure.Message}", failure);
        }
    }

    private static bool IsMarked(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        var beginning = new byte[NameOffset + BackupContents.Marker.Length];
        return stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false) == beginning.Length
            && Encoding.ASCII.GetString(beginning, NameOffset, BackupContents.Marker.Length) == BackupContents.Marker;
    }

    private static BackupContents ReadContents(string file, ZipArchive archive)
    {
        var entry = archive.GetEntry(BackupContents.EntryName) ?? throw Damaged(file, $"{BackupContents.EntryName} is missing in it.");
        try
        {
            using var text = entry.Open();
            using var json = JsonDocument.Parse(text);
            var format = json.RootElement.GetProperty("format").GetInt32();
            return format <= BackupContents.NewestFormat
                ? json.Deserialize<BackupContents>(BackupContents.Json)!
                : throw new BackupException(
                    $"{file} was made by a newer release ({json.RootElement.GetProperty("version").GetString()}). Restore it with that one."
                )
                {
                    Fault = BackupFault.Newer,
                };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged(file, $"{BackupContents.EntryName}: {failure.Message}", failure);
        }
    }

    private static BackupException Damaged(string file, string problem, Exception? cause = null) =>
        new($"{file} is damaged: {problem} Take another backup.", cause!) { Fault = BackupFault.Damaged };
}
