using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Sending;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Keeping;

/// <summary>
/// Removes mails that were done with days ago, as rows and as files, and what is known of orders that ended, or whose event is over, as
/// long ago.
/// </summary>
internal sealed class ForgetMailsWorker(
    IServiceScopeFactory scopes,
    IMailCarrier carrier,
    IOptions<NotificationsOptions> options,
    WorkServices services
)
    : PeriodicWork(
        new WorkSchedule(TimeSpan.FromHours(1)) { Lease = "notifications-forget-mails", Timeout = TimeSpan.FromMinutes(10) },
        services
    )
{
    private const int AtOnce = 1_000;

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var before = Clock.GetUtcNow() - TimeSpan.FromDays(options.Value.KeepDays);
        carrier.ForgetOld(before);
        await LearnEventsAsync(db, scope.ServiceProvider.GetRequiredService<IMediator>(), cancellationToken);
        var over = db.Events.Where(each => each.StartsAt < before).Select(each => each.Id);
        await InPortionsAsync(
            db.Mails.Where(mail => mail.State != MailState.Waiting && mail.DoneAt < before).Select(mail => mail.Number),
            numbers => db.Mails.Where(mail => numbers.Contains(mail.Number)).ExecuteDeleteAsync(cancellationToken),
            cancellationToken
        );
        await InPortionsAsync(
            db.Orders.Where(order => order.EndedAt < before || over.Contains(order.EventId)).Select(order => order.Id),
            ids => db.Orders.Where(order => ids.Contains(order.Id)).ExecuteDeleteAsync(cancellationToken),
            cancellationToken
        );
        await db
            .Bulks.Where(bulk => bulk.IsQueued && bulk.At < before && !db.Mails.Any(mail => mail.BulkNumber == bulk.Number))
            .ExecuteDeleteAsync(cancellationToken);
        await db
            .Events.Where(each => each.StartsAt < before && !db.Orders.Any(order => order.EventId == each.Id))
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Events that were published before this module was switched on: when they are over is not known yet.</summary>
    private static async Task LearnEventsAsync(NotificationsDbContext db, IMediator mediator, CancellationToken cancellationToken)
    {
        var unknown = await db
            .Orders.Where(order => order.Revision > 0 && !db.Events.Any(each => each.Id == order.EventId))
            .Select(order => order.EventId)
            .Distinct()
            .Take(AtOnce)
            .ToListAsync(cancellationToken);
        foreach (var facts in (await mediator.Send(new GetEventFacts(unknown), cancellationToken)).Value)
        {
            db.Events.Add(
                new EventRow
                {
                    Id = facts.Id,
                    Version = facts.Version,
                    Name = facts.Name,
                    Venue = facts.Venue,
                    StartsAt = facts.StartsAt,
                }
            );
        }

        // Where a message about one of them was faster, the next round learns the others.
        await db.TrySaveAsync(cancellationToken);
    }

    /// <summary>So that nobody who sends or queues waits long for the tables.</summary>
    private static async Task InPortionsAsync<T>(IQueryable<T> found, Func<List<T>, Task<int>> delete, CancellationToken cancellationToken)
    {
        while (await found.Take(AtOnce).ToListAsync(cancellationToken) is { Count: > 0 } portion)
        {
            await delete(portion);
        }
    }
}
