using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Settings;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// The folder of the embedded files, which one process owns. Opens a SQLite file per module and shard, and refuses to share the folder
/// with a second process: two purchase lanes on one file would each assume to be the only writer.
/// </summary>
public sealed class EmbeddedStorage : IAsyncDisposable
{
    private readonly Lock opening = new();
    private readonly Dictionary<string, SqliteDatabase> databases = new(StringComparer.Ordinal);
    private FileStream? lockFile;
    private bool disposed;

    public EmbeddedStorage(IOptions<StorageOptions> options, IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        Folder = Path.GetFullPath(options.Value.Path, environment.ContentRootPath);
        ReadOnly = options.Value.ReadOnly;
    }

    public string Folder { get; }

    public bool ReadOnly { get; }

    /// <summary>Opens the database <c>name.db</c> once and upgrades its schema. A failed attempt may be repeated.</summary>
    /// <param name="name">File name without the extension.</param>
    /// <param name="schema">The steps that lead from an empty file to the newest schema; released steps never change.</param>
    public SqliteDatabase Open(string name, IReadOnlyList<string> schema)
    {
        lock (opening)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!databases.TryGetValue(name, out var database))
            {
                database = SqliteDatabase.Open(FileOf(name), schema, ReadOnly);
                databases.Add(name, database);
            }

            return database;
        }
    }

    /// <summary>The path of <c>name.db</c>. The first call locks the folder; a host that stores nothing in it never calls this.</summary>
    public string FileOf(string name)
    {
        lock (opening)
        {
            if (!ReadOnly)
            {
                lockFile ??= Lock(Folder);
            }
            else if (!Directory.Exists(Folder))
            {
                throw new StorageException($"Storage:Path: there is no folder {Folder}.");
            }
        }

        return PathOf(name);
    }

    /// <summary>The path of <c>name.db</c>, for whoever only wants to name it.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name + ".db");

    public async ValueTask DisposeAsync()
    {
        List<SqliteDatabase> opened;
        lock (opening)
        {
            disposed = true;
            opened = [.. databases.Values];
            databases.Clear();
        }

        foreach (var database in opened)
        {
            await database.DisposeAsync();
        }

        if (lockFile is not null)
        {
            await lockFile.DisposeAsync();
        }
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            PrivateFiles.CreateFolder(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Storage:Path: the folder {folder} cannot be created: {failure.Message}", failure);
        }

        var file = Path.Combine(folder, "ticketbooth.lock");
        try
        {
            // FileShare.None is an advisory lock that the system releases when the process ends, however it ends.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new StorageException(
                $"Storage:Path: another process already serves the files in {folder}. Stop it, or give this one a folder of its own.",
                failure
            );
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StorageException($"Storage:Path: no permission to write in {folder}.", failure);
        }
    }
}
