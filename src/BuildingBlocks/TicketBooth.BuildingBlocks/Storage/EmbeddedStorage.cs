using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace TicketBooth.BuildingBlocks.Storage;

/// <summary>
/// The folder that one process owns. Opens a SQLite file per module and shard, and refuses to share the folder with a second
/// process: two purchase lanes over one file would each believe to be the only writer.
/// </summary>
public sealed class EmbeddedStorage : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<SqliteDatabase>> databases = new(StringComparer.Ordinal);
    private readonly FileStream? ownership;

    public EmbeddedStorage(IOptions<StorageOptions> options, IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        Folder = Path.GetFullPath(options.Value.Path, environment.ContentRootPath);
        ReadOnly = options.Value.ReadOnly;
        if (ReadOnly)
        {
            if (!Directory.Exists(Folder))
            {
                throw new StorageException($"Storage:Path: there is no folder {Folder}.");
            }

            return;
        }

        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Storage:Path: the folder {Folder} cannot be made: {failure.Message}", failure);
        }

        ownership = Own(Folder);
    }

    public string Folder { get; }

    public bool ReadOnly { get; }

    /// <summary>The database <c>name.db</c>, opened once and brought to the newest version of its schema.</summary>
    /// <param name="name">File name without the extension.</param>
    /// <param name="schema">The steps that lead from an empty file to the newest schema; released steps never change.</param>
    public SqliteDatabase Open(string name, IReadOnlyList<string> schema) =>
        databases.GetOrAdd(name, _ => new Lazy<SqliteDatabase>(() => SqliteDatabase.Open(FileOf(name), schema, ReadOnly))).Value;

    /// <summary>Whether <c>name.db</c> exists on disk.</summary>
    public bool Exists(string name) => File.Exists(FileOf(name));

    public string FileOf(string name) => Path.Combine(Folder, name + ".db");

    public async ValueTask DisposeAsync()
    {
        foreach (var database in databases.Values.Where(database => database.IsValueCreated))
        {
            await database.Value.DisposeAsync();
        }

        if (ownership is not null)
        {
            await ownership.DisposeAsync();
        }
    }

    private static FileStream Own(string folder)
    {
        var file = Path.Combine(folder, "ticketbooth.lock");
        try
        {
            // FileShare.None is an advisory lock that the system takes back when the process ends, however it ends.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new StorageException(
                $"Storage:Path: another process already serves the files in {folder}. Stop it, or give this one a folder of its own.", failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StorageException($"Storage:Path: no permission to write in {folder}.", failure);
        }
    }
}
