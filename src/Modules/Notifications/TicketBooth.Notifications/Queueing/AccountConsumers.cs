using MassTransit;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Notifications.Composing;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Queueing;

/// <summary>Adds the mail that a message about an account makes. Its key is the message, so a repeated one adds nothing.</summary>
internal sealed class AccountMails(NotificationsDbContext db, MailQueue queue)
{
    /// <param name="context">Of the message.</param>
    /// <param name="kind">Of the mail.</param>
    /// <param name="data">As the kind has them.</param>
    /// <param name="hasAccount">Whether the id of the message is that of an account.</param>
    public async Task AddAsync<T>(ConsumeContext<T> context, string kind, object data, bool hasAccount = true)
        where T : class, IAccountMessage
    {
        var message = context.Message;
        await queue.AddNewAsync(
            [
                new MailRow
                {
                    UniqueKey = $"{kind}/{context.MessageId}",
                    Kind = kind,
                    AccountId = hasAccount ? message.AccountId : null,
                    Name = message.Name,
                    Email = message.Email,
                    Language = message.Language,
                    Data = MailQueue.ToJson(data),
                    CreatedAt = message.At,
                    NextTryAt = message.At,
                },
            ],
            context.CancellationToken
        );

        // Where another host was faster, the mail is there.
        await db.TrySaveAsync(context.CancellationToken);
    }
}

internal sealed class MailTokenWhenEmailConfirmationAsked(AccountMails mails) : IConsumer<EmailConfirmationAsked>
{
    public Task Consume(ConsumeContext<EmailConfirmationAsked> context) =>
        mails.AddAsync(context, MailKinds.ConfirmAddress, new TokenData(context.Message.Token, context.Message.ExpiresAt));
}

internal sealed class MailTokenWhenEmailChangeAsked(AccountMails mails) : IConsumer<EmailChangeAsked>
{
    public Task Consume(ConsumeContext<EmailChangeAsked> context) =>
        mails.AddAsync(context, MailKinds.ConfirmNewAddress, new TokenData(context.Message.Token, context.Message.ExpiresAt));
}

internal sealed class MailFormerAddressWhenEmailChanged(AccountMails mails) : IConsumer<EmailChanged>
{
    public Task Consume(ConsumeContext<EmailChanged> context) =>
        mails.AddAsync(context, MailKinds.AddressChanged, new MomentData(context.Message.At, Address: context.Message.NewEmail));
}

internal sealed class MailTokenWhenPasswordResetAsked(AccountMails mails) : IConsumer<PasswordResetAsked>
{
    public Task Consume(ConsumeContext<PasswordResetAsked> context) =>
        mails.AddAsync(context, MailKinds.ResetPassword, new TokenData(context.Message.Token, context.Message.ExpiresAt));
}

internal sealed class MailTokenWhenGuestAccessAsked(AccountMails mails) : IConsumer<GuestAccessAsked>
{
    public Task Consume(ConsumeContext<GuestAccessAsked> context) =>
        mails.AddAsync(context, MailKinds.GuestAccess, new TokenData(context.Message.Token, context.Message.ExpiresAt), hasAccount: false);
}

internal sealed class MailHolderWhenPasswordChanged(AccountMails mails) : IConsumer<PasswordChanged>
{
    public Task Consume(ConsumeContext<PasswordChanged> context) =>
        mails.AddAsync(context, MailKinds.PasswordChanged, new MomentData(context.Message.At));
}

internal sealed class MailInvitationWhenStaffInvited(AccountMails mails) : IConsumer<StaffInvited>
{
    public Task Consume(ConsumeContext<StaffInvited> context) =>
        mails.AddAsync(
            context,
            MailKinds.StaffInvitation,
            new TokenData(context.Message.Token, context.Message.ExpiresAt, context.Message.Role)
        );
}

internal sealed class MailHolderWhenSignedInOnNewDevice(AccountMails mails) : IConsumer<SignedInOnNewDevice>
{
    public Task Consume(ConsumeContext<SignedInOnNewDevice> context) =>
        mails.AddAsync(context, MailKinds.NewDevice, new MomentData(context.Message.At, context.Message.Device, context.Message.Address));
}
