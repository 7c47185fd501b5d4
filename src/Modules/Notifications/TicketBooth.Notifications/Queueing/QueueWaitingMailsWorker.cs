using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>
/// Queues the mails of orders that are not paid: a minute after they were placed, and again when their hold is about to end, unless their
/// buyers are paying then.
/// </summary>
internal sealed class QueueWaitingMailsWorker(OrderWriter writer, IOptions<NotificationsOptions> options, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(5)) { Lease = "notifications-queue-waiting-mails" }, services)
{
    private const int AtOnce = 500;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        while (await writer.WriteAsync(QueuePageAsync, cancellationToken) == AtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<int> QueuePageAsync(OrderTables tables)
    {
        var (now, beforeEnd) = (Clock.GetUtcNow(), TimeSpan.FromMinutes(options.Value.ReminderMinutes));
        var due = await tables.FindDueAsync(now, AtOnce);

        // Of those that have just been paid nothing is due any more.
        var orders = (await tables.FindAsync(due)).Values.Where(order => order.NextMailAt <= now).ToList();
        await tables.AddAsync(orders.ConvertAll(order => WaitingMails.TakeFrom(order, now, beforeEnd)).OfType<MailRow>());
        await tables.ChangeAsync(orders);
        return due.Count;
    }
}
