using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Maintenance;

/// <summary>
/// Removes the sales of minutes that no chart shows any more. They are most of the rows of sales: an order adds two or more, while days and
/// sums of all time stay as many as events and days.
/// </summary>
internal sealed class ForgetMinutesWorker(IServiceScopeFactory scopes, WorkServices services)
    : PeriodicWork(
        new WorkSchedule(TimeSpan.FromHours(1)) { Lease = "dashboard-forget-minutes", Timeout = TimeSpan.FromMinutes(10) },
        services
    )
{
    /// <summary>Charts show a day, and a comparison that was put off for long still finds what has sold since the last one.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private const int AtOnce = 500;

    /// <summary>The first minute that a comparison looks at. It may last for hours, and minutes are removed meanwhile.</summary>
    public static long ComparedFrom(TimeProvider clock) => Contributions.MinuteOf(clock.GetUtcNow() - Kept + TimeSpan.FromDays(1));

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DashboardDbContext>();
        var before = Contributions.MinuteOf(Clock.GetUtcNow() - Kept);
        var old = db.Sales.Where(sales => sales.Span == SalesSpan.Minute && sales.At < before);

        // In portions of whole minutes, so that the followers never wait long for the table.
        var oldest = old.OrderBy(sales => sales.At).Select(sales => sales.At).Take(AtOnce);
        while (await oldest.ToListAsync(cancellationToken) is { Count: > 0 } some)
        {
            var last = some[^1];
            await old.Where(sales => sales.At <= last).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
