using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Staff;

/// <summary>Somebody who was invited chooses their password.</summary>
internal static class AcceptInvitation
{
    internal sealed class Validator : AbstractValidator<Contracts.AcceptInvitation>
    {
        public Validator()
        {
            RuleFor(command => command.Token).MaximumLength(InvitationTokens.LongestToken).WithMessage("Not an invitation.");
            RuleFor(command => command.Password).NotNull().WithMessage("Needed.");
        }
    }

    internal sealed class Handler(AccountsDbContext db, InvitationTokens tokens, Passwords passwords)
        : IRequestHandler<Contracts.AcceptInvitation, Result<InvitedUser>>
    {
        public async Task<Result<InvitedUser>> Handle(Contracts.AcceptInvitation request, CancellationToken cancellationToken)
        {
            if (await tokens.FindAsync(request.Token, cancellationToken) is not { } user)
            {
                return AccountsErrors.InvitationInvalid;
            }

            if (PasswordRules.FindObjection(request.Password, user.Email!, user.Name) is { } objection)
            {
                return AccountsErrors.WrongPassword(objection);
            }

            using var place = await passwords.EnterAsync(request.From, cancellationToken);
            if (place is null)
            {
                return AccountsErrors.Busy;
            }

            var hash = await place.HashAsync(request.Password);
            var stamp = User.NewStamp();
            var accepted = await db
                .Users.Where(u => u.Id == user.Id && u.SecurityStamp == user.SecurityStamp && u.PasswordHash == null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(u => u.PasswordHash, hash).SetProperty(u => u.SecurityStamp, stamp),
                    cancellationToken
                );
            return accepted == 1 ? new InvitedUser(user.Name, user.Email!) : AccountsErrors.InvitationInvalid;
        }
    }
}
