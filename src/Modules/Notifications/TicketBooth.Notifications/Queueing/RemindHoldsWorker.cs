using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>Reminds buyers whose hold is about to end, unless they are paying.</summary>
internal sealed class RemindHoldsWorker(IServiceScopeFactory scopes, IOptions<NotificationsOptions> options, WorkServices services)
    : PeriodicWork(new WorkSchedule(TimeSpan.FromSeconds(15)) { Lease = "notifications-remind-holds" }, services)
{
    private const int AtOnce = 1_000;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var before = TimeSpan.FromMinutes(options.Value.ReminderMinutes);
        if (before == TimeSpan.Zero)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var (now, until) = (Clock.GetUtcNow(), Clock.GetUtcNow() + before);
        var ending = await db
            .Orders.AsNoTracking()
            .Where(order =>
                order.State == OrderState.OnPayment
                && order.ExpiresAt > now
                && order.ExpiresAt <= until
                && !order.IsPaying
                && !db.Mails.Any(mail => mail.OrderId == order.Id && mail.Kind == MailKinds.HoldEnding)
            )
            .OrderBy(order => order.ExpiresAt)
            .Take(AtOnce)
            .ToListAsync(cancellationToken);

        // A hold that is hardly longer than the reminder is not worth one.
        var due = ending.Where(order => order.ExpiresAt - order.PlacedAt >= 2 * before).ToList();
        await scope
            .ServiceProvider.GetRequiredService<MailQueue>()
            .AddNewAsync([.. due.Select(order => Reminder(order, now))], cancellationToken);
        await db.TrySaveAsync(cancellationToken);
    }

    private static MailRow Reminder(OrderRow order, DateTimeOffset now) =>
        new()
        {
            UniqueKey = $"{MailKinds.HoldEnding}/{order.Id}",
            Kind = MailKinds.HoldEnding,
            AccountId = order.BuyerId,
            OrderId = order.Id,
            CreatedAt = now,
            NextTryAt = now,
        };
}
