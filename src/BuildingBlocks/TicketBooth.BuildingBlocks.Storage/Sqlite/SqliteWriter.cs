using System.Diagnostics;
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

    private readonly SqliteSession session;
    private readonly FileTrouble trouble;
    private readonly TimeSpan patience;
    private readonly Queue<Change> changes = new();
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long position;
    private bool isClosing;

    /// <param name="session">Belongs to the writer from now on.</param>
    /// <param name="file">Names the thread.</param>
    /// <param name="position">Of the file; see <see cref="FileMark"/>.</param>
    /// <param name="trouble">Learns of writes that fail and succeed.</param>
    /// <param name="patience">After so long without a change it gives the memory of its page cache back.</param>
    public SqliteWriter(SqliteSession session, string file, long position, FileTrouble trouble, TimeSpan? patience = null)
    {
        (this.session, this.position, this.trouble, this.patience) = (session, position, trouble, patience ?? UsualPatience);
        new Thread(Run) { IsBackground = true, Name = "writer of " + Path.GetFileName(file) }.Start();
    }

    /// <summary>How far the file has come on disk.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>See <see cref="SqliteDatabase.WriteAsync{T}"/>.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> change)
    {
        var work = new Change<T>(change);
        lock (changes)
        {
            ObjectDisposedException.ThrowIf(isClosing, this);
            changes.Enqueue(work);
            if (changes.Count == 1)
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
        }

        return stopped.Task;
    }

    private void Run()
    {
        var group = new List<Change>(LargestGroup);
        while (Gather(group))
        {
            Commit(group);
            group.Clear();
        }

        session.Dispose();
        stopped.SetResult();
    }

    /// <summary>Waits for changes and takes all that are there. False when there are none and none will come.</summary>
    private bool Gather(List<Change> group)
    {
        if (!TryTake(group, patience))
        {
            session.Execute("PRAGMA shrink_memory");
            TryTake(group, Timeout.InfiniteTimeSpan);
        }

        return group.Count > 0;
    }

    /// <returns>False when nothing came for so long.</returns>
    private bool TryTake(List<Change> group, TimeSpan longest, int most = LargestGroup)
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

    private void Commit(List<Change> group)
    {
        try
        {
            // A change that throws leaves the group, and the group starts again without it: cheaper than a savepoint for every change.
            while (group.Count > 0 && !TryCommit(group)) { }
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

    private bool TryCommit(List<Change> group)
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
        if (session.IsInTransaction)
        {
            session.Execute("ROLLBACK");
        }
    }

    private abstract class Change
    {
        /// <summary>False when the change threw.</summary>
        public abstract bool TryRun(SqliteSession session);

        /// <summary>What the last run threw.</summary>
        public abstract Exception? Failure { get; }

        /// <summary>Gives the caller what the last run returned or threw.</summary>
        public abstract void Complete();

        /// <summary>Gives the caller a failure that is not the change's own.</summary>
        public abstract void Fail(Exception failure);
    }

    private sealed class Change<T>(Func<SqliteSession, T> change) : Change
    {
        private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Messages that the change encodes belong to the trace of whoever asked for it.
        private readonly Activity? span = Activity.Current is { Recorded: true } recorded ? recorded : null;
        private Task<T>? run;

        public Task<T> Outcome => outcome.Task;

        public override Exception? Failure => run?.Exception?.InnerException;

        public override bool TryRun(SqliteSession session)
        {
            run = RunAsync(session);
            return run.IsCompletedSuccessfully;
        }

        public override void Complete() => outcome.SetFromTask(run!);

        public override void Fail(Exception failure) => outcome.SetException(failure);

        /// <summary>
        /// Runs now, on this thread. It is async only because what it throws then stays in the task, for the caller of the change.
        /// </summary>
        private async Task<T> RunAsync(SqliteSession session)
        {
            if (span is not null)
            {
                // Ends with this method, as every change of an asynchronous method's context.
                Activity.Current = span;
            }

            return change(session);
        }
    }
}
