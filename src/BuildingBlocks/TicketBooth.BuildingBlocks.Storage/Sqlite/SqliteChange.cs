using System.Diagnostics;

namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>A change that waits for the writer of its file.</summary>
internal abstract class SqliteChange
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

/// <param name="change">See <see cref="SqliteDatabase.WriteAsync{T}"/>.</param>
internal sealed class SqliteChange<T>(Func<SqliteSession, T> change) : SqliteChange
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
