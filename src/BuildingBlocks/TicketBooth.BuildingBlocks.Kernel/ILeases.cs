namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Lets one host at a time do work that all of them could do. It only spares double work: what must not happen twice is decided by the stores.</summary>
public interface ILeases
{
    /// <summary>Whether there may be other hosts on the same stores.</summary>
    bool Several { get; }

    /// <summary>
    /// Whether this host does the work until <paramref name="duration"/> is over; asking again prolongs it. A host that dies stops asking, and another one
    /// carries on after that time.
    /// </summary>
    Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives the work back before its time is over, so that another host may take it up at once. Nothing where this host does not hold it.</summary>
    Task ReleaseAsync(string work, CancellationToken cancellationToken);
}

/// <summary>The embedded profile has one host.</summary>
public sealed class SingleHost : ILeases
{
    public bool Several => false;

    public Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ReleaseAsync(string work, CancellationToken cancellationToken) => Task.CompletedTask;
}
