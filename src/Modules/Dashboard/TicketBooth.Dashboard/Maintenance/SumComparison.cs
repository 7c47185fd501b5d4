using Microsoft.EntityFrameworkCore;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.ReadModel.Writing;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>Compares the sums of sales with the orders that they are the sums of, event by event.</summary>
/// <param name="db">The read model.</param>
/// <param name="writer">Counts while nothing is written.</param>
/// <param name="zone">Whose days are summed up.</param>
/// <param name="walk">Gets what differs.</param>
/// <param name="minutesFrom">Minutes before this one are not compared.</param>
/// <param name="mostAtOnce">
/// Orders of an event that are counted in one transaction, which keeps the followers waiting. An event with more of them is counted page by
/// page, and only if nobody bought meanwhile: the next run counts it then.
/// </param>
/// <param name="cancellationToken">Of the run.</param>
internal sealed class SumComparison(
    DashboardDbContext db,
    ReadModelWriter writer,
    DashboardZone zone,
    LedgerWalk walk,
    long minutesFrom,
    long mostAtOnce,
    CancellationToken cancellationToken
)
{
    /// <summary>Every event of the span that has orders or sums.</summary>
    public async Task CompareAsync(IdSpan span)
    {
        for (var next = await NextAsync(span.First); next is { } eventId && !span.IsPassedBy(eventId); next = await NextAsync(eventId))
        {
            await CompareAsync(eventId);
        }
    }

    public async Task CompareAsync(Guid eventId)
    {
        var orders = await db
            .Sales.Where(sales => sales.EventId == eventId && sales.TierId == Guid.Empty && sales.Span == SalesSpan.Ever)
            .SumAsync(sales => sales.Figures.OrdersPlaced, cancellationToken);
        await (orders <= mostAtOnce ? CompareAtOnceAsync(eventId) : CompareByPagesAsync(eventId));
        await walk.StepAsync();
    }

    private Task CompareAtOnceAsync(Guid eventId) =>
        writer.WriteAsync(
            async (tables, _) =>
                walk.Report(
                    LedgerComparison.OfSums(await tables.CountAsync(eventId, zone.Zone), await tables.SalesAsync(eventId), minutesFrom)
                ),
            cancellationToken
        );

    private async Task CompareByPagesAsync(Guid eventId)
    {
        var before = await StoredAsync(eventId);
        var counted = new SalesSums(zone.Zone);
        for (var (at, last) = (DateTimeOffset.MinValue, Guid.Empty); ;)
        {
            var page = await db
                .Orders.Where(order =>
                    order.EventId == eventId && order.PlacedAt >= at && (order.PlacedAt > at || order.Id.CompareTo(last) > 0)
                )
                .OrderBy(order => order.PlacedAt)
                .ThenBy(order => order.Id)
                .Take(LedgerWalk.PageSize)
                .ToListAsync(cancellationToken);
            if (page.Count == 0)
            {
                break;
            }

            page.ForEach(order => counted.Add(null, order));
            (at, last) = (page[^1].PlacedAt, page[^1].Id);
            await walk.StepAsync();
        }

        // Every order that is placed or ends changes a sum.
        var after = await StoredAsync(eventId);
        if (before.Count == after.Count && !before.Except(after).Any())
        {
            walk.Report(LedgerComparison.OfSums(counted.BySpan(), after, minutesFrom));
        }
    }

    private async Task<Dictionary<SalesKey, SalesFigures>> StoredAsync(Guid eventId) =>
        (await db.Sales.Where(sales => sales.EventId == eventId).ToListAsync(cancellationToken))
            .Where(sales => sales.Figures != SalesFigures.None)
            .ToDictionary(sales => new SalesKey(sales.EventId, sales.TierId, sales.Span, sales.At), sales => sales.Figures);

    /// <summary>The first event behind an id that has orders or sums. A list of all of them would read every row.</summary>
    private async Task<Guid?> NextAsync(Guid after)
    {
        var withSums = await FirstAsync(db.Sales.Select(sales => sales.EventId).Where(id => id.CompareTo(after) > 0));
        var withOrders = await FirstAsync(db.Orders.Select(order => order.EventId).Where(id => id.CompareTo(after) > 0));
        return withSums is null || withOrders < withSums ? withOrders : withSums;
    }

    private Task<Guid?> FirstAsync(IQueryable<Guid> ids) =>
        ids.OrderBy(id => id).Select(id => (Guid?)id).FirstOrDefaultAsync(cancellationToken);
}
