using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>Puts the files of a backup into an empty folder: all of them, or none.</summary>
public static class FolderRestore
{
    // What the system keeps at the root of a disk.
    private const string FoundBySystem = "lost+found";

    /// <param name="archive">Stays open.</param>
    /// <param name="folder">Empty, or missing.</param>
    /// <param name="checkAsync">Looks at the files before they are put in place, and throws when they cannot be used.</param>
    /// <param name="cancellationToken">Leaves the folder empty.</param>
    /// <exception cref="StorageException">The folder is used or not empty.</exception>
    public static async Task RunAsync(
        BackupArchive archive,
        string folder,
        Func<string, Task> checkAsync,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(checkAsync);
        ExpectEmpty(folder);
        var place = Path.Combine(folder, FolderCheck.UnfinishedRestore);
        var (isMoving, isDone) = (false, false);
        await using var held = FolderLock.Take(folder);
        try
        {
            PrivateFiles.CreateFolder(place);
            await Task.Run(() => archive.ExtractTo(place, cancellationToken), cancellationToken);
            await checkAsync(place);
            isMoving = true;
            MoveInPlace(archive.Contents, place, folder);
            isDone = true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Storage:Path: {archive.File} cannot be restored into {folder}: {failure.Message}", failure);
        }
        finally
        {
            // While it is there no host starts on what was moved already.
            if (Directory.Exists(place) && (isDone || !isMoving))
            {
                Directory.Delete(place, recursive: true);
            }
        }
    }

    /// <summary>The manifest comes last, so that a start finds all of the files or refuses the folder.</summary>
    private static void MoveInPlace(BackupContents contents, string place, string folder)
    {
        foreach (var file in contents.Files.OrderBy(file => file.Name == Manifest.FileName))
        {
            var target = Path.Combine(folder, file.Name);
            PrivateFiles.CreateFolder(Path.GetDirectoryName(target)!);
            File.Move(Path.Combine(place, file.Name), target);
        }
    }

    private static void ExpectEmpty(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        if (File.Exists(Path.Combine(folder, FolderLock.FileName)))
        {
            // Says so when a host runs.
            FolderLock.Take(folder).Dispose();
        }

        if (HasFiles(folder))
        {
            throw new StorageException(
                $"Storage:Path: {folder} is not empty. Restore into an empty folder: move what is there away, or name another one."
            );
        }
    }

    private static bool HasFiles(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry) is not (FolderLock.FileName or FoundBySystem));
}
