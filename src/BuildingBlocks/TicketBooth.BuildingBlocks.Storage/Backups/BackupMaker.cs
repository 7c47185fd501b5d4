using System.Reflection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>Makes a backup of the embedded files and checks it: reads it back, opens it, and runs the audit over it.</summary>
public sealed class BackupMaker(EmbeddedStorage storage, IBackupCheck check, TimeProvider clock)
{
    private static readonly string Version =
        typeof(BackupMaker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <param name="file">The archive; must not exist.</param>
    /// <param name="cancellationToken">Leaves no archive behind.</param>
    /// <returns>The backup, and what its audit found.</returns>
    /// <exception cref="StorageException">It cannot be written.</exception>
    /// <exception cref="BackupException">What was written cannot be read.</exception>
    public async Task<(WrittenBackup Backup, IReadOnlyList<string> Violations)> MakeAsync(string file, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(file);
        if (BackupPlace.IsIn(storage.Folder, path))
        {
            throw new StorageException($"{path} is in Storage:Path, and would be lost with it. Name a file on another disk.");
        }

        var writer = new BackupWriter(storage.Folder, Version, clock);
        var backup = await Task.Run(() => writer.Write(path, cancellationToken), cancellationToken);
        try
        {
            return (backup, await CheckAsync(backup, cancellationToken));
        }
        catch
        {
            // Nobody may take what cannot be read for a backup.
            File.Delete(path);
            throw;
        }
    }

    private async Task<IReadOnlyList<string>> CheckAsync(WrittenBackup backup, CancellationToken cancellationToken)
    {
        try
        {
            using var place = new WorkFolder(backup.File + ".check");
            new DiskRoom(place.Path).Expect(backup.Contents.Files.Sum(file => file.Size));
            var copy = Path.Combine(place.Path, "copy");
            PrivateFiles.CreateFolder(copy);
            using (var archive = BackupArchive.Open(backup.File))
            {
                await Task.Run(() => archive.ExtractTo(copy, cancellationToken), cancellationToken);
            }

            return await check.AuditAsync(copy, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The backup {backup.File} cannot be checked: {failure.Message}", failure);
        }
    }
}
