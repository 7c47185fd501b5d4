using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.Contracts;

/// <summary>
/// Rebuilds the dashboard's read model from the other modules' data; answers when it is done. Selling may go on meanwhile. Waits for a
/// rebuild that is under way in this process.
/// </summary>
public sealed record RebuildReadModel : IRequest<Result<RebuiltReadModel>>;

/// <summary>What a rebuild did.</summary>
/// <param name="Orders">How many orders it took in.</param>
/// <param name="Removed">How many orders it removed because the ledger does not know them.</param>
public sealed record RebuiltReadModel(long Orders, long Removed);
