using Microsoft.Data.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>Which of SQLite's errors mean that the file cannot be used now.</summary>
internal static class SqliteOutage
{
    /// <summary>
    /// How long a statement waits for a file that another process has locked. Shorter than a client waits; a lock of our own, a backup's
    /// included, is given up much sooner.
    /// </summary>
    public const int PatienceSeconds = 3;

    /// <summary>The statement that sets <see cref="PatienceSeconds"/> for a connection.</summary>
    public const string Patience = "PRAGMA busy_timeout = 3000;";

    public static bool Is(SqliteException failure) =>
        failure.SqliteErrorCode
            is SQLitePCL.raw.SQLITE_BUSY
                or SQLitePCL.raw.SQLITE_LOCKED
                or SQLitePCL.raw.SQLITE_NOMEM
                or SQLitePCL.raw.SQLITE_READONLY
                or SQLitePCL.raw.SQLITE_IOERR
                or SQLitePCL.raw.SQLITE_CORRUPT
                or SQLitePCL.raw.SQLITE_FULL
                or SQLitePCL.raw.SQLITE_CANTOPEN
                or SQLitePCL.raw.SQLITE_PROTOCOL
                or SQLitePCL.raw.SQLITE_NOTADB;
}
