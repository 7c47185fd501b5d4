using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>Everybody who did something that is in the audit log, also who is not on the staff any more.</summary>
internal static class ListActors
{
    internal sealed record Query : IRequest<Result<IReadOnlyList<Actor>>>;

    internal sealed class Handler(DashboardDbContext db) : IRequestHandler<Query, Result<IReadOnlyList<Actor>>>
    {
        public async Task<Result<IReadOnlyList<Actor>>> Handle(Query request, CancellationToken cancellationToken)
        {
            var actors = await db
                .AuditLog.GroupBy(entry => entry.ById)
                .Select(own => new { Id = own.Key, Name = own.Max(entry => entry.ByName) })
                .ToListAsync(cancellationToken);
            return Result<IReadOnlyList<Actor>>.From([
                .. actors
                    .Select(actor => new Actor(actor.Id, actor.Name!))
                    .OrderBy(actor => actor.Name, StringComparer.CurrentCultureIgnoreCase),
            ]);
        }
    }
}
