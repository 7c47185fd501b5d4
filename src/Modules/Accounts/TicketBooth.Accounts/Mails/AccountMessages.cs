using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Mails;

/// <summary>Tells the other modules what happened to accounts.</summary>
internal sealed class AccountMessages([FromKeyedServices(AccountsDbContext.Module)] RelationalOutbox outbox, AccountsDbContext db)
{
    /// <summary>Adds messages to the transaction that the change is made in.</summary>
    public Task TellAsync(CancellationToken cancellationToken, params IReadOnlyList<IAccountMessage> messages) =>
        outbox.AppendAsync(
            db,
            cancellationToken,
            [.. messages.Select(message => MessageCodec.Encode(message, message.AccountId, message.At))]
        );
}
