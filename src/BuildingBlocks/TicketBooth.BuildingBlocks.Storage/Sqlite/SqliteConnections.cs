using System.Globalization;
using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>How connections to one file are made.</summary>
/// <param name="file">Its path.</param>
/// <param name="readOnly">No connection writes.</param>
/// <param name="caches">The memory for pages.</param>
/// <param name="overwritesFreedPages">See <see cref="EmbeddedStorage.Open"/>.</param>
internal sealed class SqliteConnections(string file, bool readOnly, PageCaches caches, bool overwritesFreedPages)
{
    private bool exists;

    public string File => file;

    public SqliteSession OpenReader() => Connect(caches.OfReader);

    public SqliteSession OpenWriter()
    {
        var session = Connect(caches.OfWriter);

        // What is deleted or replaced in a page is overwritten there, which costs nothing: the page is written anyway (ADR 0065).
        session.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;");
        session.Run($"PRAGMA secure_delete = {(overwritesFreedPages ? "ON" : "FAST")};");
        return session;
    }

    /// <summary>Opens the file again after it was closed for a while.</summary>
    /// <param name="position">Where the file was then.</param>
    /// <exception cref="SqliteException">It is gone, or older: somebody has replaced it.</exception>
    public SqliteSession ReopenWriter(long position)
    {
        var session = OpenWriter();
        if (FileMark.Read(session) is { } mark && mark.Position >= position)
        {
            return session;
        }

        session.Dispose();
        throw new SqliteException($"{file} was replaced by another or an older file while it was closed.", SQLitePCL.raw.SQLITE_CORRUPT);
    }

    /// <summary>Brings the file to the newest schema; who only reads refuses an older one.</summary>
    public void Upgrade(SqliteSession session, IReadOnlyList<string> schema)
    {
        var version = (int)session.Number("PRAGMA user_version");
        if (version > schema.Count)
        {
            throw new StorageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Storage:Path: {file} has schema version {version}, this program knows {schema.Count}. "
                        + $"It was written by a newer release."
                )
            )
            {
                Age = DataAge.Newer,
            };
        }

        if (readOnly && version < schema.Count)
        {
            throw new StorageException($"Storage:Path: {file} has an older schema. Start the host once to upgrade it.")
            {
                Age = DataAge.Older,
            };
        }

        if (version < schema.Count)
        {
            session.Define(PackedEntries.Define);
        }

        for (var step = version; step < schema.Count; step++)
        {
            session.Run(FormattableString.Invariant($"BEGIN IMMEDIATE; {schema[step]}; PRAGMA user_version = {step + 1}; COMMIT;"));
        }

        exists = true;
    }

    private SqliteSession Connect(string pragmas)
    {
        var session = SqliteSession.Open(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                // A file that is lost while it is closed must not come back empty.
                Mode =
                    readOnly ? SqliteOpenMode.ReadOnly
                    : exists ? SqliteOpenMode.ReadWrite
                    : SqliteOpenMode.ReadWriteCreate,
                Pooling = false,
            }.ToString()
        );
        try
        {
            // The first one counts for the others: whoever closes the file at this moment locks it.
            session.Run(SqliteOutage.Patience + pragmas + "PRAGMA foreign_keys = ON;");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
