using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>Writes all files of a folder into one archive, as they were at one moment, while a host serves them or not.</summary>
/// <param name="folder">Of the embedded files.</param>
/// <param name="version">Of this program.</param>
/// <param name="clock">Tells the moment.</param>
public sealed class BackupWriter(string folder, string version, TimeProvider clock)
{
    /// <summary>The ending of what is not finished: the folder beside the archive, and files that a host is writing.</summary>
    internal const string Unfinished = ".part";

    private const string Database = ".db";

    // Companions of databases, and what a running host writes for itself or has not written to its end. A manifest is made for the copies.
    private static readonly string[] LeftOut = [FolderLock.FileName, FolderLock.ProbeName, Manifest.FileName, Manifest.FileName + ".new"];
    private static readonly string[] LeftOutEndings = [".db-wal", ".db-shm", ".db-journal", Unfinished];

    /// <param name="file">The archive. Appears only when it is complete.</param>
    /// <param name="cancellationToken">Leaves nothing behind.</param>
    /// <exception cref="StorageException">It cannot be written, or the folder is not in order.</exception>
    public WrittenBackup Write(string file, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        if (File.Exists(file) || Directory.Exists(file))
        {
            throw new StorageException($"{file} exists already. A backup replaces nothing.");
        }

        var manifest =
            (Directory.Exists(folder) ? FolderCheck.Read(folder, expected: null, readOnly: true) : null)
            ?? throw new StorageException($"Storage:Path: {folder} has no {Manifest.FileName}: there is nothing to back up.");
        try
        {
            using var place = new WorkFolder(file + Unfinished);
            var room = new DiskRoom(place.Path);
            room.Expect(2 * SizeOf(folder));
            var archive = Path.Combine(place.Path, "archive.zip");
            BackupContents contents;
            using (var stream = PrivateFiles.Create(archive))
            {
                contents = WriteArchive(stream, new Work(place.Path, room, began, cancellationToken), manifest.Installation);
                stream.Flush(flushToDisk: true);
            }

            var size = new FileInfo(archive).Length;
            File.Move(archive, file, overwrite: false);
            return new WrittenBackup(file, size, contents);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StorageException($"The backup {file} cannot be written: {failure.Message}", failure);
        }
    }

    private BackupContents WriteArchive(FileStream stream, Work work, string installation)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (var marker = archive.CreateEntry(BackupContents.Marker, CompressionLevel.NoCompression).Open())
        {
            marker.Write("TicketBooth\n"u8);
        }

        var files = new List<BackedUpFile>();
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        using var cut = FolderCut.Take(folder, clock, work.CancellationToken);
        foreach (var snapshot in cut.Files)
        {
            // A file gives up its snapshot as soon as it is copied: until then its log can only grow.
            using (snapshot)
            {
                files.Add(AddDatabase(archive, snapshot, work, positions));
            }
        }

        // After the cut, because a database refers to keys that were there before it, and never to later ones.
        files.AddRange(OtherFiles().Select(name => AddIfThere(archive, name, work)).OfType<BackedUpFile>());
        Manifest.Write(work.Folder, installation, positions);
        files.Add(AddFile(archive, Manifest.FileName, Path.Combine(work.Folder, Manifest.FileName), schema: null, work));
        var contents = new BackupContents(
            BackupContents.NewestFormat,
            version,
            installation,
            cut.At,
            cut.Held,
            Stopwatch.GetElapsedTime(work.Began),
            files
        );
        using var index = archive.CreateEntry(BackupContents.EntryName).Open();
        JsonSerializer.Serialize(index, contents, BackupContents.Json);
        return contents;
    }

    private static BackedUpFile AddDatabase(ZipArchive archive, FileSnapshot snapshot, Work work, Dictionary<string, long> positions)
    {
        var copy = Path.Combine(work.Folder, "copy" + Database);
        snapshot.CopyTo(copy, work.Pause);
        var mark = snapshot.Read(session => FileMark.Read(session)!.Value);
        positions[mark.Name] = mark.Position;
        var added = AddFile(archive, Path.GetFileName(snapshot.File), copy, snapshot.Read(SchemaOf), work);
        File.Delete(copy);
        return added;
    }

    /// <summary>Lists of steps are counted; EF Core names each migration.</summary>
    private static string SchemaOf(SqliteSession session) =>
        session.Number("SELECT COUNT(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'") == 0
            ? session.First("PRAGMA user_version", row => row.GetString(0))!
            : session.First("SELECT MAX(MigrationId) FROM __EFMigrationsHistory", row => row.Text(0)) ?? "";

    /// <summary>Null for a file that has gone since the folder was listed: a host that serves writes mails and removes old ones.</summary>
    private BackedUpFile? AddIfThere(ZipArchive archive, string name, Work work)
    {
        try
        {
            using var content = Open(Path.Combine(folder, name));
            return Add(archive, name, content, schema: null, work);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static BackedUpFile AddFile(ZipArchive archive, string name, string path, string? schema, Work work)
    {
        using var content = Open(path);
        return Add(archive, name, content, schema, work);
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private static BackedUpFile Add(ZipArchive archive, string name, FileStream content, string? schema, Work work)
    {
        using var entry = archive.CreateEntry(name.Replace('\\', '/'), CompressionLevel.Fastest).Open();
        var (size, hash) = HashedCopy.Run(content, entry, work.Pause);
        return new BackedUpFile(name.Replace('\\', '/'), size, hash, schema);
    }

    private IEnumerable<string> OtherFiles() =>
        from path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let name = Path.GetRelativePath(folder, path)
        where !LeftOut.Contains(name, StringComparer.Ordinal)
        where !LeftOutEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal))
        where !(name.EndsWith(Database, StringComparison.Ordinal) && Path.GetDirectoryName(name) == "")
        select name;

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*.db").Sum(file => file.Length);

    /// <summary>What the steps of one backup share.</summary>
    private sealed record Work(string Folder, DiskRoom Room, long Began, CancellationToken CancellationToken)
    {
        public void Pause()
        {
            CancellationToken.ThrowIfCancellationRequested();
            Room.Expect(0);
        }
    }
}
