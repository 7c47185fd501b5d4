namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Tells a store that cannot be used now from a statement that will never work.</summary>
public interface IOutageDetector
{
    /// <summary>
    /// Whether anything that is asked of the store would fail like this now. A broken constraint or a wrong statement is no outage: it is
    /// the fault of the request, or of our code.
    /// </summary>
    bool IsOutage(Exception failure);
}
