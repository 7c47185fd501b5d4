using Microsoft.Data.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>What is wrong with a file, as its last uses showed.</summary>
internal sealed class FileTrouble
{
    private volatile string? damage;
    private volatile string? refusal;

    /// <summary>A page that cannot be read: it does not mend itself.</summary>
    public string? Damage => damage;

    /// <summary>Why the last write failed; null after one that succeeded.</summary>
    public string? Refusal => refusal;

    public void Succeeded() => refusal = null;

    /// <summary>Notes a failure that is the file's, and not the statement's.</summary>
    public void Failed(SqliteException failure, bool isWrite)
    {
        if (failure.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            damage = failure.Message;
        }
        else if (isWrite && SqliteOutage.Is(failure))
        {
            refusal = failure.Message;
        }
    }
}
