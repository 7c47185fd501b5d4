using Microsoft.Data.Sqlite;
using NUnit.Framework;
using SQLitePCL;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Testing;

/// <summary>Counts the pages of an embedded file that a query looks at, in memory or not: what it reads, and not how long it takes.</summary>
public static class PagesRead
{
    /// <param name="database">Whose file is read.</param>
    /// <param name="query">Reads on the thread that calls it, and one thing at a time, so that it gets the connection that is counted.</param>
    public static int By(SqliteDatabase database, Action query)
    {
        Count(database);
        query();
        var pages = Count(database);
        Assert.That(pages, Is.Positive, "it reads on the connection that is counted");
        return pages;
    }

    /// <summary>Since the last time.</summary>
    private static int Count(SqliteDatabase database)
    {
        var (hits, misses) = (0, 0);
        database.Read(session =>
        {
            session.Define(connection =>
            {
                raw.sqlite3_db_status(connection.Handle, raw.SQLITE_DBSTATUS_CACHE_HIT, out hits, out _, resetFlg: 1);
                raw.sqlite3_db_status(connection.Handle, raw.SQLITE_DBSTATUS_CACHE_MISS, out misses, out _, resetFlg: 1);
            });
            return true;
        });
        return hits + misses;
    }
}
