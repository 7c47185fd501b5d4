using Microsoft.Data.Sqlite;
using SQLitePCL;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>A file as it was at one moment, whatever is written to it meanwhile: a read transaction that stays open.</summary>
internal sealed class FileSnapshot : IDisposable
{
    private const string Main = "main";
    private const int PagesAtOnce = 256;

    private readonly SqliteSession session;

    public FileSnapshot(string file)
    {
        File = file;
        session = Open(file, SqliteOpenMode.ReadOnly);
        session.Run("PRAGMA busy_timeout = 5000");
        session.Number("SELECT COUNT(*) FROM sqlite_master");
    }

    public string File { get; }

    /// <summary>From now on it shows nothing newer.</summary>
    public void Begin()
    {
        // BEGIN alone reads nothing yet, and the first read decides what is seen.
        session.Run("BEGIN");
        session.Number("SELECT COUNT(*) FROM sqlite_master");
    }

    /// <summary>Reads what it shows.</summary>
    public T Read<T>(Func<SqliteSession, T> query) => query(session);

    /// <summary>Writes it as a file of its own.</summary>
    /// <param name="copy">A file that does not exist yet.</param>
    /// <param name="pause">Called between pages, so that others get their turn and it can be stopped.</param>
    public void CopyTo(string copy, Action pause)
    {
        using var target = Open(copy, SqliteOpenMode.ReadWriteCreate);

        // Nobody needs half of a copy after a crash, so nothing has to be synced for that.
        target.Run("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
        using var backup = raw.sqlite3_backup_init(target.Handle, Main, session.Handle, Main);
        if (backup.IsInvalid)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(target.Handle), target.Handle);
        }

        while (raw.sqlite3_backup_step(backup, PagesAtOnce) is var code && code != raw.SQLITE_DONE)
        {
            if (code != raw.SQLITE_OK)
            {
                SqliteException.ThrowExceptionForRC(code, target.Handle);
            }

            pause();
        }
    }

    /// <summary>Opens a file that nobody keeps open.</summary>
    internal static SqliteSession Open(string file, SqliteOpenMode mode) =>
        SqliteSession.Open(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = mode,
                Pooling = false,
            }.ToString()
        );

    public void Dispose() => session.Dispose();
}
