namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Lets one host at a time do work that every host could do.</summary>
/// <remarks>A lease only avoids double work. What must not happen twice is prevented by the stores.</remarks>
public interface ILeases
{
    /// <summary>Whether other hosts may use the same stores.</summary>
    bool Several { get; }

    /// <summary>
    /// Takes or prolongs the lease, and returns whether this host holds it until <paramref name="duration"/> is over. The lease of a host
    /// that died runs out, and another host takes it.
    /// </summary>
    Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the lease back early, so that another host can take it at once. Does nothing when this host does not hold it.
    /// </summary>
    Task ReleaseAsync(string work, CancellationToken cancellationToken);
}

/// <summary>The leases of the embedded profile, which has one host.</summary>
public sealed class SingleHost : ILeases
{
    public bool Several => false;

    public Task<bool> TryHoldAsync(string work, TimeSpan duration, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ReleaseAsync(string work, CancellationToken cancellationToken) => Task.CompletedTask;
}
