using Microsoft.Data.Sqlite;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// The only writer of a SQLite file, on a thread of its own. It commits in groups: every change that waits while the disk is busy with a
/// commit joins the next one, so a hundred concurrent writers cost one fsync, not a hundred.
/// </summary>
internal sealed class SqliteWriter
{
    private const int LargestGroup = 512;

    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UsualRest = TimeSpan.FromMinutes(10);

    private readonly Func<long, SqliteSession> reopen;
    private readonly string name;
    private readonly FileTrouble trouble;
    private readonly TimeSpan patience;
    private readonly TimeSpan rest;
    private readonly Queue<SqliteChange> changes = new();
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? session;
    private long position;
    private bool isRunning;
    private bool isClosing;

    /// <param name="reopen">Opens a session again on the file, which must have come at least to a position.</param>
    /// <param name="session">Belongs to the writer from now on.</param>
    /// <param name="file">Names the thread.</param>
    /// <param name="position">Of the file; see <see cref="FileMark"/>.</param>
    /// <param name="trouble">Learns of writes that fail and succeed.</param>
    /// <param name="patience">After so long without a change it gives the memory of its page cache back.</param>
    /// <param name="rest">And after so long more its session and its thread, until there is a change again.</param>
    public SqliteWriter(
        Func<long, SqliteSession> reopen,
        SqliteSession session,
        string file,
        long position,
        FileTrouble trouble,
        TimeSpan? patience = null,
        TimeSpan? rest = null
    )
    {
        (this.reopen, this.session, this.position, this.trouble) = (reopen, session, position, trouble);
        (this.rest, this.patience) = (rest ?? UsualRest, patience ?? (rest < UsualPatience ? rest.Value : UsualPatience));
        name = "writer of " + Path.GetFileName(file);
        lock (changes)
        {
            Start();
        }
    }

    /// <summary>How far the file has come on disk.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>See <see cref="SqliteDatabase.WriteAsync{T}"/>.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> change)
    {
        var work = new SqliteChange<T>(change);
        lock (changes)
        {
            ObjectDisposedException.ThrowIf(isClosing, this);
            changes.Enqueue(work);
            if (!isRunning)
            {
                Start();
            }
            else if (changes.Count == 1)
            {
                Monitor.Pulse(changes);
            }
        }

        return work.Outcome;
    }

    /// <summary>Commits every change that was handed in, then closes the session.</summary>
    public Task CloseAsync()
    {
        lock (changes)
        {
            isClosing = true;
            Monitor.Pulse(changes);
            if (!isRunning)
            {
                stopped.TrySetResult();
            }
        }

        return stopped.Task;
    }

    /// <summary>Under the lock.</summary>
    private void Start()
    {
        isRunning = true;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    private void Run()
    {
        var group = new List<SqliteChange>(LargestGroup);
        do
        {
            while (Gather(group))
            {
                Commit(group);
                group.Clear();
            }

            // Before the thread ends: the next one never meets it on the file.
            session?.Dispose();
            session = null;
        } while (!TryLeave());
    }

    /// <summary>Ends the thread unless changes came meanwhile: what is handed in has a thread, this one or the next.</summary>
    private bool TryLeave()
    {
        lock (changes)
        {
            isRunning = changes.Count > 0;
            if (!isRunning && isClosing)
            {
                stopped.TrySetResult();
            }

            return !isRunning;
        }
    }

    /// <summary>
    /// Waits for changes and takes all that are there. False when there are none and none will come, or none came for long.
    /// </summary>
    private bool Gather(List<SqliteChange> group)
    {
        if (!TryTake(group, patience))
        {
            session?.Execute("PRAGMA shrink_memory");
            TryTake(group, rest);
        }

        return group.Count > 0;
    }

    /// <returns>False when nothing came for so long.</returns>
    private bool TryTake(List<SqliteChange> group, TimeSpan longest, int most = LargestGroup)
    {
        lock (changes)
        {
            while (changes.Count == 0 && !isClosing)
            {
                if (!Monitor.Wait(changes, longest) && changes.Count == 0 && !isClosing)
                {
                    return false;
                }
            }

            while (group.Count < most && changes.TryDequeue(out var change))
            {
                group.Add(change);
            }

            return true;
        }
    }

    private void Commit(List<SqliteChange> group)
    {
        try
        {
            session ??= reopen(position);

            // A change that throws leaves the group, and the group starts again without it: cheaper than a savepoint for every change.
            while (group.Count > 0 && !TryCommit(session, group)) { }
        }
        catch (SqliteException failure)
        {
            // None of the group is on disk, so all of it fails.
            trouble.Failed(failure, isWrite: true);
            RollBack();
            if (failure.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY)
            {
                // It waited long for another process that has the file; whoever waited meanwhile does not wait as long again.
                TryTake(group, TimeSpan.Zero, int.MaxValue);
            }

            foreach (var change in group)
            {
                change.Fail(failure);
            }

            return;
        }

        foreach (var change in group)
        {
            change.Complete();
        }
    }

    private bool TryCommit(SqliteSession session, List<SqliteChange> group)
    {
        session.Execute("BEGIN IMMEDIATE");
        for (var i = 0; i < group.Count; i++)
        {
            if (!group[i].TryRun(session))
            {
                RollBack();
                if (group[i].Failure is SqliteException failure)
                {
                    trouble.Failed(failure, isWrite: true);
                }

                group[i].Complete();
                group.RemoveAt(i);
                return false;
            }
        }

        FileMark.Advance(session);
        session.Execute("COMMIT");
        Interlocked.Increment(ref position);
        trouble.Succeeded();
        return true;
    }

    private void RollBack()
    {
        // Some failures (a full disk, for one) have ended the transaction already.
        if (session is { IsInTransaction: true } open)
        {
            open.Execute("ROLLBACK");
        }
    }
}
