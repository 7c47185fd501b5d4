using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>
/// A reason of another module not to let a buyer cancel a paid order. Staff cancel it all the same. Where a module is not loaded, nobody
/// asks it.
/// </summary>
public interface ICancelObstacle
{
    /// <summary>What stands in the way, as an error with a stable code; null when nothing of this module does.</summary>
    Task<Error?> FindAsync(Guid orderId, CancellationToken cancellationToken);
}
