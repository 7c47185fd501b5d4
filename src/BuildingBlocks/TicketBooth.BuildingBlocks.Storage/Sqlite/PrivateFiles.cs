using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>Files and folders that only the user of this process may read: they hold personal data, money and keys.</summary>
/// <remarks>On Windows a file inherits its rights from the folder, which is the operator's to choose.</remarks>
public static class PrivateFiles
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute;

    // SQLite creates both with the rights of the database, but only when they are missing.
    private static readonly string[] Companions = ["-wal", "-shm"];

    /// <summary>Creates the folder if it is missing, for this user only. The rights of an existing one stay.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Folder);
        }
    }

    /// <summary>Creates a file, which must not exist, for this user only.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        return new FileStream(path, options);
    }

    /// <summary>Creates an empty file for a database if there is none, and takes the rights of others on an existing one away.</summary>
    internal static void PrepareDatabase(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            new FileStream(
                file,
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.ReadWrite,
                    UnixCreateMode = File,
                }
            ).Dispose();
            Protect(file);
            foreach (var companion in Companions.Select(ending => file + ending).Where(System.IO.File.Exists))
            {
                Protect(companion);
            }
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StorageException($"Storage:Path: no permission to open {file} and to keep others from reading it.", failure);
        }
    }

    /// <summary>Takes the rights of others on a file away.</summary>
    public static void Protect(string file)
    {
        if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(file) & ~File) != UnixFileMode.None)
        {
            System.IO.File.SetUnixFileMode(file, File);
        }
    }
}
