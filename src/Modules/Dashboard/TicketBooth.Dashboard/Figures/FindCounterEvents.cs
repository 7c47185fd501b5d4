using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Figures;

/// <summary>The events that the counter can sell now: those that it sells today first, then by their start.</summary>
internal static class FindCounterEvents
{
    private const int MostEvents = 100;

    internal sealed record Query : IRequest<Result<IReadOnlyList<Choice>>>;

    internal sealed record Choice(Guid Id, string Name, string Venue, DateTimeOffset StartsAt);

    internal sealed class Handler(DashboardDbContext db, DashboardZone zone, TimeProvider clock)
        : IRequestHandler<Query, Result<IReadOnlyList<Choice>>>
    {
        public async Task<Result<IReadOnlyList<Choice>>> Handle(Query request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var today = Contributions.DayOf(now, zone.Zone);
            var sold = await db
                .Sales.Where(row => row.Span == SalesSpan.Day && row.At == today && row.TierId == Guid.Empty && row.Figures.CounterSold > 0)
                .Select(row => row.EventId)
                .ToListAsync(cancellationToken);
            var open = await db
                .Events.Where(shown => !shown.IsCanceled && shown.SaleOpensAt <= now && shown.SaleClosesAt > now)
                .OrderBy(shown => shown.StartsAt)
                .Take(MostEvents)
                .Select(shown => new Choice(shown.Id, shown.Name, shown.Venue, shown.StartsAt))
                .ToListAsync(cancellationToken);
            return Result<IReadOnlyList<Choice>>.From([.. open.OrderByDescending(choice => sold.Contains(choice.Id))]);
        }
    }
}
