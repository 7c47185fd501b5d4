using System.Diagnostics;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>
/// All files of an installation as they were at one and the same moment. What it shows is what a power cut at that moment would
/// have left, so
/// whatever is promised after a crash holds for it.
/// </summary>
/// <remarks>
/// All files are locked, one after the other. When nobody can write any of them, a read transaction begins in each, and the locks are
/// given up. Whoever sells waits from the first lock to the last read, which is bounded; copying holds nobody up.
/// </remarks>
internal sealed class FolderCut : IDisposable
{
    /// <summary>How long writers wait at most; then they go first, and another attempt follows.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private FolderCut(IReadOnlyList<FileSnapshot> files, DateTimeOffset at, TimeSpan held) => (Files, At, Held) = (files, at, held);

    public IReadOnlyList<FileSnapshot> Files { get; }

    /// <summary>The moment.</summary>
    public DateTimeOffset At { get; }

    /// <summary>For how long nobody could write.</summary>
    public TimeSpan Held { get; }

    /// <exception cref="StorageException">A file was written all the time.</exception>
    public static FolderCut Take(string folder, TimeProvider clock, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(FilesIn(folder), folder, clock, out var busy) is { } cut)
            {
                return cut;
            }

            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new StorageException($"Storage:Path: {busy} was written without a pause for too long, so there is no backup.");
            }

            cancellationToken.WaitHandle.WaitOne(Pause);
        }
    }

    public void Dispose()
    {
        foreach (var file in Files)
        {
            file.Dispose();
        }
    }

    private static List<string> FilesIn(string folder) => [.. Directory.EnumerateFiles(folder, "*.db").Order(StringComparer.Ordinal)];

    /// <returns>Null when a lock was not to be had in time, or a file has come meanwhile.</returns>
    private static FolderCut? TryTake(List<string> files, string folder, TimeProvider clock, out string busy)
    {
        using var opened = new OpenedFiles();
        busy = folder;

        // Opening takes longer than everything else, so it comes before anybody waits.
        files.ForEach(opened.Add);
        var began = 0L;
        foreach (var held in opened.Locks)
        {
            if (!held.TryTake(began == 0 ? LongestFirst : LongestHold - Stopwatch.GetElapsedTime(began)))
            {
                busy = held.File;
                return null;
            }

            began = began == 0 ? Stopwatch.GetTimestamp() : began;
        }

        // A file that came meanwhile may have told its fellows something already.
        if (opened.Strangers.Any(IsOurs) || !FilesIn(folder).SequenceEqual(files, StringComparer.Ordinal))
        {
            return null;
        }

        var at = clock.GetUtcNow();
        opened.Snapshots.ForEach(snapshot => snapshot.Begin());
        opened.Locks.ForEach(held => held.Release());
        var took = Stopwatch.GetElapsedTime(began);
        return new FolderCut(opened.HandOut(), at, took);
    }

    /// <summary>A file without a mark holds nothing yet, or is somebody else's.</summary>
    private static bool IsOurs(FileSnapshot file) => file.Read(session => FileMark.Read(session)) is not null;

    /// <summary>The connections of one attempt.</summary>
    private sealed class OpenedFiles : IDisposable
    {
        public List<FileLock> Locks { get; } = [];

        public List<FileSnapshot> Snapshots { get; private set; } = [];

        public List<FileSnapshot> Strangers { get; } = [];

        public void Add(string file)
        {
            try
            {
                var snapshot = new FileSnapshot(file);
                if (IsOurs(snapshot))
                {
                    Snapshots.Add(snapshot);
                    Locks.Add(new FileLock(file));
                }
                else
                {
                    Strangers.Add(snapshot);
                }
            }
            catch (SqliteException failure)
            {
                throw new StorageException($"Storage:Path: {file} cannot be read: {failure.Message}", failure);
            }
        }

        /// <summary>Leaves the snapshots to the caller.</summary>
        public IReadOnlyList<FileSnapshot> HandOut()
        {
            var handedOut = Snapshots;
            Snapshots = [];
            return handedOut;
        }

        public void Dispose()
        {
            Locks.ForEach(held => held.Dispose());
            Snapshots.Concat(Strangers).ToList().ForEach(file => file.Dispose());
        }
    }
}
