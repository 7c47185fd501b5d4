using Microsoft.Data.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// Follows a file that is written over connections of EF Core, which know nothing of positions: looks whether somebody has written, and
/// then moves the position.
/// </summary>
internal sealed class TrackedTables : ITrackedFile, IDisposable
{
    private readonly SqliteSession session;
    private long position;
    private long seen;

    public TrackedTables(string file, string installation)
    {
        File = file;
        session = SqliteSession.Open(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ToString()
        );
        try
        {
            session.Run("PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000");
            seen = Version();
            position = FileMark.Take(session, installation, Path.GetFileNameWithoutExtension(file));

            // From now on somebody else who writes goes first; the next look will do.
            session.Run("PRAGMA busy_timeout = 0");
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public string File { get; }

    public FileTrouble Trouble { get; } = new();

    public long ReadPosition()
    {
        if (Version() == seen)
        {
            return position;
        }

        try
        {
            session.Run("BEGIN IMMEDIATE");
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY)
        {
            return position;
        }

        try
        {
            var version = Version();
            FileMark.Advance(session);
            session.Run("COMMIT");
            (seen, position) = (version, position + 1);
            return position;
        }
        finally
        {
            if (session.IsInTransaction)
            {
                session.Run("ROLLBACK");
            }
        }
    }

    public void Dispose() => session.Dispose();

    /// <summary>Changes whenever another connection has written.</summary>
    private long Version() => session.Number("PRAGMA data_version");
}
