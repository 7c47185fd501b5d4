namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>A reason of one module not to erase a person now (ADR 0065). Where a module is not loaded, nobody asks it.</summary>
public interface IErasureObstacle
{
    /// <summary>What must end first, as an error with a stable code; null when nothing of this module stands in the way.</summary>
    Task<Error?> FindAsync(Person person, CancellationToken cancellationToken);
}
