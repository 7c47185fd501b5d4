namespace TicketBooth.Events.Reads.Cache;

/// <summary>An answer in <see cref="ReadCache"/>, or the load that will make it.</summary>
/// <param name="stamp">The key's stamp before the load began.</param>
/// <param name="begunAt">When the load began.</param>
internal sealed class CachedRead(long stamp, long begunAt)
{
    private const int Overhead = 512;

    private readonly TaskCompletionSource<Remembered?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Stamp => stamp;

    public long BegunAt => begunAt;

    public Task<Remembered?> Answer => answer.Task;

    /// <summary>The answer; null while it is being loaded, and where there is none.</summary>
    public Remembered? Known => answer.Task.IsCompletedSuccessfully ? answer.Task.GetAwaiter().GetResult() : null;

    /// <summary>About how many bytes of memory it takes.</summary>
    public long Size => Overhead + (Known?.Body.Length ?? 0);

    /// <param name="loaded">The load, which has ended: its answer or its failure is for all who wait.</param>
    public void Complete(Task<Remembered?> loaded) => answer.SetFromTask(loaded);
}
