namespace TicketBooth.BuildingBlocks.Messaging.Batches;

/// <summary>Writes what hundreds of messages mean to a module's store at once.</summary>
public interface IBatchWriter<in TChange>
{
    /// <summary>
    /// Applies the changes, those of one key in their order. Durable when it completes. A change that is applied again has no effect
    /// (promise I4): after a failure, which may be the fault of one change, all of them come again, in other batches.
    /// </summary>
    Task ApplyAsync(IReadOnlyList<TChange> changes, CancellationToken cancellationToken);
}
