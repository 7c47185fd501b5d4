using Microsoft.Data.Sqlite;
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
    private readonly Dictionary<string, TrackedTables> tables = new(StringComparer.Ordinal);
    private readonly string? expected;
    private Manifest? manifest;
    private bool isCompared;
    private bool isRecording;
    private FileStream? lockFile;
    private bool disposed;

    public EmbeddedStorage(IOptions<StorageOptions> options, IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        Folder = Path.GetFullPath(options.Value.Path, environment.ContentRootPath);
        (ReadOnly, expected) = (options.Value.ReadOnly, options.Value.Installation);
        Caches = new PageCaches(options.Value.CacheMegabytes);
    }

    public string Folder { get; }

    public bool ReadOnly { get; }

    /// <summary>The files that are in use or were, by the host itself.</summary>
    internal IReadOnlyList<SqliteDatabase> Opened
    {
        get
        {
            lock (opening)
            {
                return [.. databases.Values];
            }
        }
    }

    /// <summary>Null before the first file was opened.</summary>
    public string? Installation => Volatile.Read(ref manifest)?.Installation;

    internal PageCaches Caches { get; }

    /// <summary>Opens the database <c>name.db</c> once and upgrades its schema. A failed attempt may be repeated.</summary>
    /// <param name="name">File name without the extension.</param>
    /// <param name="schema">The steps that lead from an empty file to the newest schema; released steps never change.</param>
    /// <param name="overwritesFreedPages">For messages with names or addresses: each page that becomes free is written once more.</param>
    public SqliteDatabase Open(string name, IReadOnlyList<string> schema, bool overwritesFreedPages = false)
    {
        lock (opening)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!databases.TryGetValue(name, out var database))
            {
                database = SqliteDatabase.Open(FileOf(name), schema, ReadOnly, Caches, manifest?.Installation ?? "", overwritesFreedPages);
                databases.Add(name, database);
                if (isRecording)
                {
                    // Nobody may be told of anything in a file that its fellows do not know.
                    RecordPositions();
                }
            }

            return database;
        }
    }

    /// <summary>
    /// The path of <c>name.db</c>. The first call locks the folder and compares its files with its <see cref="Manifest"/>; a host that
    /// stores nothing in it never calls this.
    /// </summary>
    public string FileOf(string name)
    {
        lock (opening)
        {
            if (!ReadOnly)
            {
                lockFile ??= FolderLock.Take(Folder);
            }
            else if (!Directory.Exists(Folder))
            {
                throw new StorageException($"Storage:Path: there is no folder {Folder}.");
            }

            if (!isCompared)
            {
                CompareOrGiveUp();
                isCompared = true;
            }
        }

        return PathOf(name);
    }

    /// <summary>Makes <c>name.db</c>, which somebody else writes, one of the files that the manifest follows.</summary>
    internal void Track(string name)
    {
        lock (opening)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!ReadOnly && !tables.ContainsKey(name))
            {
                tables.Add(name, new TrackedTables(FileOf(name), manifest!.Installation));
            }
        }
    }

    /// <summary>Writes down how far each file has come, if one has moved.</summary>
    public void RecordPositions()
    {
        lock (opening)
        {
            if (manifest is null || ReadOnly || disposed)
            {
                return;
            }

            isRecording = true;
            manifest.Record(databases.Values.Concat<ITrackedFile>(tables.Values));
        }
    }

    /// <summary>Why the files cannot be used now, a line per trouble; empty when they can, and where nothing is stored in them.</summary>
    internal async Task<IReadOnlyList<string>> TroublesAsync()
    {
        List<SqliteDatabase> opened;
        List<(string File, string? Damage)> files;
        lock (opening)
        {
            opened = [.. databases.Values];
            files = [.. tables.Values.Select(file => (file.File, file.Trouble.Damage))];
        }

        if (ReadOnly || opened.Count + files.Count == 0)
        {
            return [];
        }

        foreach (var database in opened)
        {
            await database.RetryAsync();
        }

        return
        [
            .. opened
                .Select(database => (database.File, Problem: database.Trouble.Damage ?? database.Trouble.Refusal))
                .Concat(files.Select(file => (file.File, Problem: file.Damage)))
                .Append((File: Folder, Problem: FolderLock.ProblemOfWriting(Folder)))
                .Where(file => file.Problem is not null)
                .Select(file => $"{Path.GetFileName(file.File)}: {file.Problem}"),
        ];
    }

    /// <summary>Notes what a use of <c>name.db</c> by somebody else showed.</summary>
    internal void Note(string name, SqliteException failure)
    {
        lock (opening)
        {
            tables.GetValueOrDefault(name)?.Trouble.Failed(failure, isWrite: false);
        }
    }

    /// <summary>Lets a start go on without files that are lost: the manifest forgets them.</summary>
    /// <param name="names">Of files, with or without the extension, or the manifest itself.</param>
    /// <exception cref="StorageException">The manifest knows no such file; nothing is forgotten then.</exception>
    public void AcceptLoss(IReadOnlyCollection<string> names)
    {
        lock (opening)
        {
            lockFile ??= FolderLock.Take(Folder);
            Manifest.AcceptLoss(Folder, names);
        }
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

        try
        {
            if (manifest is not null && !ReadOnly)
            {
                manifest.Record(opened.Concat<ITrackedFile>(tables.Values));
            }
        }
        catch (Exception failure) when (failure is SqliteException or StorageException)
        {
            // The disk is full, or gone. The manifest then says less than is true, which stops no start.
        }

        foreach (var file in tables.Values)
        {
            file.Dispose();
        }

        if (lockFile is not null)
        {
            await lockFile.DisposeAsync();
        }
    }

    private void CompareOrGiveUp()
    {
        try
        {
            manifest = FolderCheck.Read(Folder, expected, ReadOnly);
            if (manifest is null && !ReadOnly)
            {
                FolderCheck.ExpectNew(Folder);
                manifest = Manifest.Create(Folder);
            }
        }
        catch (StorageException)
        {
            // Whoever mends the folder needs it for that.
            lockFile?.Dispose();
            lockFile = null;
            throw;
        }
    }
}
