using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>A folder that one process uses for a while and that is gone afterwards. What a killed process left in it is removed.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const string LockName = "lock";
    private readonly FileStream held;

    /// <exception cref="StorageException">Another process works in it.</exception>
    public WorkFolder(string path)
    {
        Path = path;
        PrivateFiles.CreateFolder(path);
        try
        {
            held = new FileStream(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            if (!Directory.EnumerateFileSystemEntries(path).Any())
            {
                Directory.Delete(path);
            }

            throw new StorageException($"{path} cannot be used, perhaps because another process does: {failure.Message}", failure);
        }

        foreach (var left in new DirectoryInfo(path).EnumerateFileSystemInfos().Where(left => left.Name != LockName))
        {
            if (left is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                left.Delete();
            }
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        held.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
