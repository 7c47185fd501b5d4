using System.Text;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Sending;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.PersonalData;

/// <summary>
/// Sends an erased person no mail any more, and removes their name and address from those that were sent. That there was a mail, of which
/// kind and when, stays as long as it does for anybody. A repeated message finds nothing any more.
/// </summary>
internal sealed class ForgetMailsWhenAccountErased(
    NotificationsDbContext db,
    IMailCarrier carrier,
    IDeadLetters deadLetters,
    TimeProvider clock
) : IConsumer<AccountErased>
{
    private const int DeadLettersAtOnce = 1_000;

    private static readonly string Own = MessageUrn.ForTypeString<AccountErased>();

    public async Task Consume(ConsumeContext<AccountErased> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (person, cancellationToken) = (context.Message, context.CancellationToken);
        // First the files, for the rows tell their addresses; and again for mails that were sent meanwhile.
        var addresses = await AddressesAsync(person, cancellationToken);
        await carrier.ForgetAsync(addresses, cancellationToken);
        await ForgetRowsAsync(person, cancellationToken);
        await carrier.ForgetAsync(addresses, cancellationToken);
        await ForgetDeadLettersAsync(person);
    }

    private IQueryable<MailRow> MailsOf(AccountErased person)
    {
        // The address of an account is plain characters, so that the database's small letters are ours.
        var email = person.EmailConfirmed ? person.Email.ToLowerInvariant() : null;
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // the database compares; EF Core translates nothing else
        return db.Mails.Where(mail =>
            mail.AccountId == person.AccountId || (email != null && mail.Email != null && mail.Email.ToLower() == email)
        );
#pragma warning restore CA1304, CA1311, CA1862, MA0011
    }

    /// <summary>Also of addresses that the account had before.</summary>
    private async Task<IReadOnlySet<string>> AddressesAsync(AccountErased person, CancellationToken cancellationToken)
    {
        var addresses = await MailsOf(person)
            .Where(mail => mail.Email != null)
            .Select(mail => mail.Email!)
            .Distinct()
            .ToListAsync(cancellationToken);
        if (person.EmailConfirmed)
        {
            addresses.Add(person.Email);
        }

        return addresses.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private async Task ForgetRowsAsync(AccountErased person, CancellationToken cancellationToken)
    {
        // Who is sending one of them at this moment has lost it: does not write the address again, and takes back what it has written.
        var now = clock.GetUtcNow();
        await MailsOf(person)
            .Where(mail => mail.State == MailState.Waiting)
            .ExecuteUpdateAsync(
                set => set.SetProperty(mail => mail.State, MailState.Skipped).SetProperty(mail => mail.DoneAt, now),
                cancellationToken
            );
        await MailsOf(person)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(mail => mail.Name, (string?)null)
                        .SetProperty(mail => mail.Email, (string?)null)
                        .SetProperty(mail => mail.Language, (string?)null)
                        .SetProperty(mail => mail.Data, (string?)null)
                        .SetProperty(mail => mail.Failure, (string?)null)
                        .SetProperty(mail => mail.Claim, (Guid?)null),
                cancellationToken
            );
        await db
            .Orders.Where(order => order.BuyerId == person.AccountId && order.Language != null)
            .ExecuteUpdateAsync(set => set.SetProperty(order => order.Language, (string?)null), cancellationToken);
    }

    /// <summary>Mails that could not even be queued: their messages hold the address.</summary>
    private async Task ForgetDeadLettersAsync(AccountErased person)
    {
        foreach (var letter in await deadLetters.ListAsync(DeadLettersAtOnce))
        {
            // The message about the erasure itself may wait for another module.
            if (letter.Entry.MessageType != Own && (letter.Entry.Key == person.AccountId || Holds(letter.Entry.Body, person)))
            {
                await deadLetters.RemoveAsync(letter.Number);
            }
        }
    }

    private static bool Holds(byte[] body, AccountErased person) =>
        person.EmailConfirmed && Encoding.UTF8.GetString(body).Contains($"\"{person.Email}\"", StringComparison.OrdinalIgnoreCase);
}
