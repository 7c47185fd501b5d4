namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// What a module tells the others: an immutable record in its Contracts, stored in the outbox by the change that it tells about.
/// </summary>
/// <remarks>The type's namespace and name are its address on the wire, so neither ever changes.</remarks>
public interface IIntegrationEvent;
