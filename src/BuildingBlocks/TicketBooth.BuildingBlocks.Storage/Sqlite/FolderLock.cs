using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>Makes a folder this process's own, for as long as the returned file is open.</summary>
internal static class FolderLock
{
    public const string FileName = "ticketbooth.lock";

    /// <summary>What <see cref="ProblemOfWriting"/> writes.</summary>
    public const string ProbeName = "ticketbooth.probe";

    private const int ProbeSize = 64 * 1024;

    // The numbers that a system gives for a file that is locked: Linux, macOS, Windows.
    private static readonly int[] Locked = [11, 35, unchecked((int)0x80070020)];

    public static FileStream Take(string folder)
    {
        try
        {
            PrivateFiles.CreateFolder(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Storage:Path: the folder {folder} cannot be created: {failure.Message}", failure);
        }

        var file = Path.Combine(folder, FileName);
        try
        {
            // FileShare.None is an advisory lock that the system releases when the process ends, however it ends.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (Locked.Contains(failure.HResult))
        {
            throw new StorageException(
                $"Storage:Path: another process already serves the files in {folder}. Stop it, or give this one a folder of its own.",
                failure
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A read-only file system, missing rights, a full disk: the system says it best.
            throw new StorageException($"Storage:Path: the folder {folder} cannot be written: {failure.Message}", failure);
        }
    }

    /// <summary>Writes to the disk; null when that works.</summary>
    public static string? ProblemOfWriting(string folder)
    {
        var probe = Path.Combine(folder, ProbeName);
        try
        {
            using (var file = new FileStream(probe, FileMode.Create, FileAccess.Write))
            {
                file.Write(new byte[ProbeSize]);
                file.Flush(flushToDisk: true);
            }

            File.Delete(probe);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"cannot be written: {failure.Message}";
        }
    }
}
