using MassTransit;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>Adds the mail about the transfer of a ticket. Its key is the offer and the kind, so a repeated message adds nothing.</summary>
internal sealed class TransferMails(NotificationsDbContext db, MailQueue queue)
{
    /// <param name="message">About the transfer.</param>
    /// <param name="kind">Of the mail.</param>
    /// <param name="mail">Whom it is for.</param>
    /// <param name="cancellationToken">Of the delivery.</param>
    public async Task AddAsync(ITransferMessage message, string kind, Recipient mail, CancellationToken cancellationToken)
    {
        await queue.AddNewAsync(
            [
                new MailRow
                {
                    UniqueKey = $"{kind}/{message.TransferId}",
                    Kind = kind,
                    AccountId = mail.AccountId,
                    Email = mail.Email,
                    Language = mail.Language,
                    EventId = message.EventId,
                    Data = MailQueue.ToJson(
                        new TransferData(message.TransferId, message.OwnerId, message.Email, message.TierId, message.Number)
                    ),
                    CreatedAt = message.At,
                    NextTryAt = message.At,
                },
            ],
            cancellationToken
        );

        // Where another host was faster, the mail is there.
        await db.TrySaveAsync(cancellationToken);
    }

    /// <summary>An account, or else an address and a language.</summary>
    internal readonly record struct Recipient(Guid? AccountId, string? Email = null, string? Language = null);
}

/// <summary>Tells whoever a ticket is offered to, in the language of who offers it: they may have no account.</summary>
internal sealed class MailReceiverWhenTicketTransferOffered(TransferMails mails, IMediator mediator) : IConsumer<TicketTransferOffered>
{
    public async Task Consume(ConsumeContext<TicketTransferOffered> context)
    {
        var message = context.Message;
        var owner = await mediator.Send(new GetUsers([message.OwnerId]), context.CancellationToken);
        await mails.AddAsync(
            message,
            MailKinds.TransferOffered,
            new(AccountId: null, message.Email, owner.Value is [var known] ? known.Language : null),
            context.CancellationToken
        );
    }
}

/// <summary>Tells whoever has offered a ticket what became of it.</summary>
internal sealed class MailOwnerWhenTicketTransferAnswered(TransferMails mails) : IConsumer<TicketTransferAnswered>
{
    public Task Consume(ConsumeContext<TicketTransferAnswered> context) =>
        mails.AddAsync(
            context.Message,
            context.Message.Answer switch
            {
                TransferAnswer.Accepted => MailKinds.TransferAccepted,
                TransferAnswer.Declined => MailKinds.TransferDeclined,
                _ => MailKinds.TransferWithdrawn,
            },
            new(context.Message.OwnerId),
            context.CancellationToken
        );
}
