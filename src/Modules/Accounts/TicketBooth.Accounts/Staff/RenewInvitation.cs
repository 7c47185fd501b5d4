using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Makes a new link for somebody whose link was lost or has expired.</summary>
internal static class RenewInvitation
{
    internal sealed class Validator : AbstractValidator<Contracts.RenewInvitation>
    {
        public Validator() => RuleFor(command => command.By).NotNull().SetValidator(new ActorRules());
    }

    internal sealed class Handler(AccountsDbContext db, InvitationTokens tokens)
        : IRequestHandler<Contracts.RenewInvitation, Result<Invitation>>
    {
        // In isolation: an invitation that is accepted meanwhile ends no session that began with it.
        public Task<Result<Invitation>> Handle(Contracts.RenewInvitation request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(attempt => RenewAsync(request, attempt), cancellationToken);

        private async Task<Result<Invitation>> RenewAsync(Contracts.RenewInvitation request, CancellationToken cancellationToken)
        {
            if (!await db.MayAdministerAsync(request.By, cancellationToken))
            {
                return AccountsErrors.RoleLost;
            }

            if (await db.ViewsOfAsync(db.Users.Where(user => user.Id == request.UserId), cancellationToken) is not [var view])
            {
                return AccountsErrors.NoSuchAccount;
            }

            if (!view.IsInvited)
            {
                return AccountsErrors.InvitationAccepted;
            }

            var (token, expiresAt) = tokens.Issue(await db.RestampAsync(view.Id, cancellationToken));
            return new Invitation(view, token, expiresAt);
        }
    }
}
