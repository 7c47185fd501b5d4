using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.SigningUp;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Invites somebody to the staff.</summary>
internal static class InviteStaff
{
    /// <summary>Which no rule refuses: the invited person chooses their own.</summary>
    private const string AnyPassword = "correct horse battery staple 9";

    internal sealed class Validator : AbstractValidator<Contracts.InviteStaff>
    {
        public Validator()
        {
            // Names and addresses have the rules of a sign-up.
            RuleFor(command => new RegisterUser(command.Name, command.Email, AnyPassword))
                .SetValidator(new SignUp.Validator())
                .OverridePropertyName("");
            RuleFor(command => command.Role).Must(role => role is Roles.Clerk or Roles.Admin).WithMessage("One of clerk, admin.");
            RuleFor(command => command.By).NotNull().SetValidator(new ActorRules());
        }
    }

    internal sealed class Handler(AccountsDbContext db, InvitationTokens tokens, ILookupNormalizer normalizer, TimeProvider clock)
        : IRequestHandler<Contracts.InviteStaff, Result<Invitation>>
    {
        // In isolation: a dismissed administrator invites nobody.
        public Task<Result<Invitation>> Handle(Contracts.InviteStaff request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(attempt => InviteAsync(request, attempt), cancellationToken);

        private async Task<Result<Invitation>> InviteAsync(Contracts.InviteStaff request, CancellationToken cancellationToken)
        {
            if (!await db.MayAdministerAsync(request.By, cancellationToken))
            {
                return AccountsErrors.RoleLost;
            }

            var user = User.New(request.Name, request.Email, "", normalizer, clock.GetUtcNow());
            user.PasswordHash = null;
            if (!await db.TryAddAsync(user, request.Role, cancellationToken))
            {
                return AccountsErrors.EmailTaken;
            }

            var (token, expiresAt) = tokens.Issue(user);
            var view = new UserView(user.Id, user.Name, user.Email!, [request.Role], HasSecondFactor: false, IsInvited: true);
            return new Invitation(view, token, expiresAt);
        }
    }
}
