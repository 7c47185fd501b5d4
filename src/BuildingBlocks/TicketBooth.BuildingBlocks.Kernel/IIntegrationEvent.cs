namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// A message from one module to the others: an immutable record in the module's Contracts, stored in the outbox in the same write as the
/// change that it reports.
/// </summary>
/// <remarks>The type's namespace and name are its address on the wire, so neither ever changes.</remarks>
public interface IIntegrationEvent;
