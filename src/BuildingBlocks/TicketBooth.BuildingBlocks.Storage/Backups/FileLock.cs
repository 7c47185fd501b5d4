using System.Diagnostics;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>Keeps everybody from writing a file, also other processes. Who wants to write waits.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly SqliteSession session;

    public FileLock(string file)
    {
        File = file;
        session = FileSnapshot.Open(file, SqliteOpenMode.ReadWrite);

        // SQLite sleeps longer and longer between its tries, and a writer that commits without a pause leaves only short gaps.
        session.Run("PRAGMA busy_timeout = 0");

        // What the file needs at its first use, for example after a crash, is done before anybody waits.
        session.Number("SELECT COUNT(*) FROM sqlite_master");
    }

    public string File { get; }

    /// <summary>False when somebody wrote all the time.</summary>
    /// <param name="longest">How long to try.</param>
    public bool TryTake(TimeSpan longest)
    {
        var began = Stopwatch.GetTimestamp();
        var spin = new SpinWait();
        while (!session.TryRun("BEGIN IMMEDIATE"))
        {
            if (Stopwatch.GetElapsedTime(began) > longest)
            {
                return false;
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }

        return true;
    }

    public void Release()
    {
        if (session.IsInTransaction)
        {
            session.Run("ROLLBACK");
        }
    }

    /// <summary>Releases it too.</summary>
    public void Dispose() => session.Dispose();
}
