using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.PersonalData;

/// <summary>The mails to a person, oldest first, as far as they are still kept. Their texts are not.</summary>
internal sealed class MailsOfPerson(NotificationsDbContext db) : IPersonalData
{
    private const int AtOnce = 500;

    public string Section => "mails";

    public async IAsyncEnumerable<object> ReadAsync(Person person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        while (await PageAsync(person, after, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var mail in page)
            {
                yield return mail;
            }

            after = page[^1].Number;
        }
    }

    private Task<List<Item>> PageAsync(Person person, long after, CancellationToken cancellationToken) =>
        db
            .Mails.AsNoTracking()
            .Where(mail =>
                mail.Number > after && (mail.AccountId == person.AccountId || (person.Email != null && mail.Email == person.Email))
            )
            .OrderBy(mail => mail.Number)
            .Take(AtOnce)
            .Select(mail => new Item(
                mail.Number,
                mail.Kind,
                mail.State,
                mail.Email,
                mail.Language,
                mail.CreatedAt,
                mail.DoneAt,
                mail.OrderId,
                mail.EventId
            ))
            .ToListAsync(cancellationToken);

    /// <param name="Email">Where it went or goes; null while that is not known.</param>
    /// <param name="DoneAt">When it was sent or given up.</param>
    internal sealed record Item(
        long Number,
        string Kind,
        MailState State,
        string? Email,
        string? Language,
        DateTimeOffset CreatedAt,
        DateTimeOffset? DoneAt,
        Guid? OrderId,
        Guid? EventId
    );
}
