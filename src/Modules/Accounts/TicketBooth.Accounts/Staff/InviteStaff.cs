using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Invites somebody to the staff.</summary>
internal static class InviteStaff
{
    internal sealed class Validator : AbstractValidator<Contracts.InviteStaff>
    {
        public Validator()
        {
            RuleFor(command => command.Name)
                .MaximumLength(AccountRules.LongestName)
                .WithMessage("At most 200 characters.")
                .Must(TextRules.IsName)
                .WithMessage("A name is needed.");
            RuleFor(command => command.Email)
                .MaximumLength(AccountRules.LongestEmail)
                .WithMessage("At most 254 characters.")
                .Must(email => TextRules.IsEmail(email.Trim()))
                .WithMessage("Not an e-mail address.");
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

            var user = User.New(request.Name.Trim().Normalize(), request.Email.Trim(), "", normalizer, clock.GetUtcNow());
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
