using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Staff;

/// <summary>How far mails to many are, and how many mails wait.</summary>
internal static class ListBulkMails
{
    private const int Most = 20;

    internal sealed class Handler(NotificationsDbContext db, IOptions<NotificationsOptions> options, TimeProvider clock)
        : IRequestHandler<Contracts.ListBulkMails, Result<IReadOnlyList<BulkMails>>>
    {
        public async Task<Result<IReadOnlyList<BulkMails>>> Handle(Contracts.ListBulkMails request, CancellationToken cancellationToken)
        {
            var bulks = await db
                .Bulks.AsNoTracking()
                .OrderByDescending(bulk => bulk.Number)
                .Take(Most)
                .Select(bulk => new
                {
                    Bulk = bulk,
                    Name = db.Events.Where(each => each.Id == bulk.EventId).Select(each => each.Name).FirstOrDefault(),
                })
                .ToListAsync(cancellationToken);
            var numbers = bulks.ConvertAll(each => each.Bulk.Number);
            var counts = (
                await db
                    .Mails.Where(mail => mail.BulkNumber != null && numbers.Contains(mail.BulkNumber.Value))
                    .GroupBy(mail => new { mail.BulkNumber, mail.State })
                    .Select(same => new
                    {
                        same.Key.BulkNumber,
                        same.Key.State,
                        Count = same.Count(),
                    })
                    .ToListAsync(cancellationToken)
            ).ToLookup(each => each.BulkNumber!.Value, each => (each.State, each.Count));
            return bulks.ConvertAll(each => View(each.Bulk, each.Name, counts[each.Bulk.Number].ToDictionary()));
        }

        private BulkMails View(BulkRow bulk, string? name, Dictionary<MailState, int> counts)
        {
            var waiting = counts.GetValueOrDefault(MailState.Waiting);
            return new BulkMails(
                bulk.Number,
                bulk.Kind,
                bulk.EventId,
                name ?? "",
                bulk.At,
                bulk.IsQueued,
                counts.Values.Sum(),
                counts.GetValueOrDefault(MailState.Sent),
                counts.GetValueOrDefault(MailState.Dead),
                counts.GetValueOrDefault(MailState.Skipped),
                waiting == 0 ? null : clock.GetUtcNow() + TimeSpan.FromMinutes((double)waiting / options.Value.PerMinute)
            );
        }
    }

    internal sealed class FiguresHandler(NotificationsDbContext db, IOptions<NotificationsOptions> options)
        : IRequestHandler<GetMailFigures, Result<MailFigures>>
    {
        public async Task<Result<MailFigures>> Handle(GetMailFigures request, CancellationToken cancellationToken) =>
            new MailFigures(
                await db.Mails.LongCountAsync(mail => mail.State == MailState.Waiting, cancellationToken),
                await db.Mails.LongCountAsync(mail => mail.State == MailState.Dead, cancellationToken),
                options.Value.PerMinute
            );
    }
}
