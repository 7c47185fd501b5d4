using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Locks somebody out for good: an account without roles cannot sign in.</summary>
internal static class DisableAccount
{
    internal sealed class Validator : AbstractValidator<Contracts.DisableAccount>
    {
        public Validator() => RuleFor(command => command.By).NotNull().SetValidator(new ActorRules());
    }

    internal sealed class Handler(AccountsDbContext db, TimeProvider clock) : IRequestHandler<Contracts.DisableAccount, Result<UserView>>
    {
        // In isolation: of two administrators who disable each other at the same moment, one must stay.
        public Task<Result<UserView>> Handle(Contracts.DisableAccount request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(attempt => DisableAsync(request, attempt), cancellationToken);

        private async Task<Result<UserView>> DisableAsync(Contracts.DisableAccount request, CancellationToken cancellationToken)
        {
            if (!await db.MayAdministerAsync(request.By, cancellationToken))
            {
                return AccountsErrors.RoleLost;
            }

            if (request.UserId == request.By.Id)
            {
                return AccountsErrors.OwnAccount;
            }

            if (await db.ViewsOfAsync(db.Users.Where(user => user.Id == request.UserId), cancellationToken) is not [var account])
            {
                return AccountsErrors.NoSuchAccount;
            }

            if (await db.IsLastAdminAsync(account, cancellationToken))
            {
                return AccountsErrors.LastAdmin;
            }

            await db.UserRoles.Where(role => role.UserId == account.Id).ExecuteDeleteAsync(cancellationToken);
            await db.EndSignInsAsync(account.Id, clock.GetUtcNow(), cancellationToken);
            await db.RestampAsync(account.Id, cancellationToken);
            return account with { Roles = [] };
        }
    }
}
