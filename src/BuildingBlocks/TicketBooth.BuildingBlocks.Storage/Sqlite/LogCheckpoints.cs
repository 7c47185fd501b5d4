using Microsoft.Data.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// Brings what a writer has appended to its log (the WAL) into the file itself. Nearly all of it is copied by a thread and a connection of
/// their own while the writer goes on, so that nobody waits for it. The writer only adds the few pages that came meanwhile, and can then
/// begin its log anew.
/// </summary>
/// <remarks>
/// What is in the log is durable, and a start after a crash reads it: when it is copied is of no consequence for what is promised. A log is
/// read by every reader, however, and takes room, so it has a bound: a writer that has <see cref="MostPages"/> in it waits.
/// </remarks>
/// <param name="writer">Its session. <see cref="AfterCommit"/> is called on its thread.</param>
/// <param name="connect">Opens another session on the same file.</param>
/// <param name="file">Names the thread.</param>
/// <param name="trouble">Learns of checkpoints that fail.</param>
internal sealed class LogCheckpoints(SqliteSession writer, Func<SqliteSession> connect, string file, FileTrouble trouble)
{
    /// <summary>So many pages in the log are worth a checkpoint: 16 MB.</summary>
    public const int UsualPages = 4000;

    /// <summary>The writer does not append more than about so many pages before a checkpoint has ended: 64 MB.</summary>
    public const int MostPages = 4 * UsualPages;

    private Thread? copying;
    private long pages;

    /// <summary>Begins or ends a checkpoint if it is time. The writer has no transaction open.</summary>
    public void AfterCommit()
    {
        pages += writer.TakePagesWritten();
        if (copying is null && pages >= UsualPages)
        {
            copying = new Thread(Copy) { IsBackground = true, Name = "checkpoint of " + Path.GetFileName(file) };
            copying.Start();
        }
        else if (copying is { IsAlive: false } || pages >= MostPages)
        {
            End();
        }
    }

    /// <summary>Waits for a checkpoint that has begun.</summary>
    public void Close() => copying?.Join();

    private void End()
    {
        copying?.Join();
        copying = null;
        Try(writer);
        pages = 0;
    }

    private void Copy()
    {
        try
        {
            using var session = connect();
            Try(session);
        }
        catch (SqliteException failure)
        {
            // The log stays as it is; the next checkpoint takes it over.
            trouble.Failed(failure, isWrite: true);
        }
    }

    private void Try(SqliteSession session)
    {
        try
        {
            session.Checkpoint();
        }
        catch (SqliteException failure)
        {
            trouble.Failed(failure, isWrite: true);
        }
    }
}
