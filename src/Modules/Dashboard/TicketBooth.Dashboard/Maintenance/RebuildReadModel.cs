using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Contracts;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>For the host's verb <c>rebuild</c>.</summary>
internal static class RebuildReadModel
{
    internal sealed class Handler(MaintenanceRuns runs) : IRequestHandler<Contracts.RebuildReadModel, Result<RebuiltReadModel>>
    {
        public async Task<Result<RebuiltReadModel>> Handle(Contracts.RebuildReadModel request, CancellationToken cancellationToken)
        {
            var run = await runs.RunAsync(RunKind.Rebuild, cancellationToken);
            return new RebuiltReadModel(run.Done, run.Differences);
        }
    }
}
