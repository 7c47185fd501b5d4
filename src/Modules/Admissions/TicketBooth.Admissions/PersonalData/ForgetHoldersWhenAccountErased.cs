using MassTransit;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;

namespace TicketBooth.Admissions.PersonalData;

/// <summary>
/// Removes the names on the tickets of an erased person, their offers, and the offers to their address. The tickets stay, and so does what
/// the door knows of them. A repeated message finds nothing any more.
/// </summary>
internal sealed class ForgetHoldersWhenAccountErased(TicketsOf tickets, ITicketStore store) : IConsumer<AccountErased>
{
    public async Task Consume(ConsumeContext<AccountErased> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (accountId, email) = (context.Message.AccountId, context.Message.Email);
        await foreach (var ticket in tickets.PersonAsync(accountId, context.CancellationToken))
        {
            await ChangeAsync(ticket, each => each.IsOf(accountId) ? WithoutOffer(each) with { HolderName = null } : each);
        }

        foreach (var ticket in context.Message.EmailConfirmed ? await store.OfferedToAsync(email) : [])
        {
            await ChangeAsync(ticket, each =>
                string.Equals(each.TransferEmail, email, StringComparison.OrdinalIgnoreCase) ? WithoutOffer(each) : each
            );
        }
    }

    private static IssuedTicket WithoutOffer(IssuedTicket ticket) => ticket with { TransferId = null, TransferEmail = null };

    /// <summary>Again when somebody else was faster.</summary>
    private async Task ChangeAsync(IssuedTicket ticket, Func<IssuedTicket, IssuedTicket> change)
    {
        var now = ticket;
        while (change(now) is var after && after != now && !await store.TryChangeAsync(after))
        {
            now = (await store.OfOrderAsync(ticket.OrderId)).Single(each => each.Number == ticket.Number);
        }
    }
}
