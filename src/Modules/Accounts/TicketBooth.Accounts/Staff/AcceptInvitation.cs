using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.SigningUp;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Staff;

/// <summary>Somebody who was invited chooses their password.</summary>
internal static class AcceptInvitation
{
    internal sealed class Handler(AccountsDbContext db, InvitationTokens tokens, Passwords passwords)
        : IRequestHandler<Contracts.AcceptInvitation, Result<InvitedUser>>
    {
        public async Task<Result<InvitedUser>> Handle(Contracts.AcceptInvitation request, CancellationToken cancellationToken)
        {
            if (await tokens.FindAsync(request.Token, cancellationToken) is not { } user)
            {
                return AccountsErrors.InvitationInvalid;
            }

            // A password has the rules of a sign-up, which know the name and the address that it is for.
            var rules = new SignUp.Validator().Validate(new RegisterUser(user.Name, user.Email!, request.Password));
            if (!rules.IsValid)
            {
                return AccountsErrors.WrongPassword([.. rules.Errors.Select(error => error.ErrorMessage)]);
            }

            using var place = await passwords.EnterAsync(cancellationToken);
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
