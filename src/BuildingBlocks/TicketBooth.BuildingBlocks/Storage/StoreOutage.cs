using System.Data.Common;
using Microsoft.Data.Sqlite;
using MongoDB.Driver;

namespace TicketBooth.BuildingBlocks.Storage;

/// <summary>Tells a store that cannot be used now from a statement that will never work.</summary>
public static class StoreOutage
{
    /// <summary>Whether anything that is asked of the store would fail like this now. A broken constraint or a wrong statement is the request's own fault, or ours.</summary>
    public static bool Is(Exception failure) =>
        failure switch
        {
            SqliteException sqlite => sqlite.SqliteErrorCode
                is SQLitePCL.raw.SQLITE_BUSY
                    or SQLitePCL.raw.SQLITE_LOCKED
                    or SQLitePCL.raw.SQLITE_NOMEM
                    or SQLitePCL.raw.SQLITE_READONLY
                    or SQLitePCL.raw.SQLITE_IOERR
                    or SQLitePCL.raw.SQLITE_CORRUPT
                    or SQLitePCL.raw.SQLITE_FULL
                    or SQLitePCL.raw.SQLITE_CANTOPEN
                    or SQLitePCL.raw.SQLITE_PROTOCOL
                    or SQLitePCL.raw.SQLITE_NOTADB,
            DbException { IsTransient: true } => true,

            // Classes of SQLSTATE: the connection is lost or refused; a server that stops has ended the statement.
            DbException { SqlState: ['0', '8', ..] or "70100" } => true,
            MongoConnectionException
            or MongoConnectionPoolPausedException
            or MongoNotPrimaryException
            or MongoNodeIsRecoveringException
            or MongoWaitQueueFullException => true,

            // The driver has tried it twice by then.
            MongoException mongo when mongo.HasErrorLabel("RetryableWriteError") => true,

            // What the driver throws when it finds no server in time.
            TimeoutException or IOException => true,
            { InnerException: { } inner } => Is(inner),
            _ => false,
        };
}
