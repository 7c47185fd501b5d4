using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.Contracts;

/// <summary>
/// Rebuilds the dashboard's read model from the other modules' data. Completes when that is done; selling may go on meanwhile. Waits for a
/// rebuild or comparison that is under way, on whichever host.
/// </summary>
public sealed record RebuildReadModel : IRequest<Result<RebuiltReadModel>>;

/// <summary>The result of a rebuild.</summary>
/// <param name="Orders">How many orders it copied.</param>
/// <param name="Removed">How many orders it removed because the ledger does not have them.</param>
public sealed record RebuiltReadModel(long Orders, long Removed);
