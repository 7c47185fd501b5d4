namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Distinguishes a store that cannot be used now from a statement that will never work.</summary>
public interface IOutageDetector
{
    /// <summary>
    /// Whether every use of the store would fail like this now. A violated constraint or a wrong statement is not an outage: the request,
    /// or our code, is at fault.
    /// </summary>
    bool IsOutage(Exception failure);
}
