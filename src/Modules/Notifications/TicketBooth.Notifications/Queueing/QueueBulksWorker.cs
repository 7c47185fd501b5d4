using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>Queues the mails of bulks, page by page. A host that dies leaves the rest to another one.</summary>
internal sealed class QueueBulksWorker(IServiceScopeFactory scopes, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(1)) { Lease = "notifications-queue-bulks" }, services)
{
    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var tables = scope.ServiceProvider.GetRequiredService<BulkTables>();
        var bulks = await db.Bulks.Where(bulk => !bulk.IsQueued).OrderBy(bulk => bulk.Number).ToListAsync(cancellationToken);
        await EachAsync(
            bulks,
            async (bulk, ct) =>
            {
                while (await tables.QueuePageAsync(bulk, ct))
                {
                    ct.ThrowIfCancellationRequested();
                }
            },
            cancellationToken
        );
    }
}
