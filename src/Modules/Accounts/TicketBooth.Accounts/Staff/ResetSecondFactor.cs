using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

/// <summary>Removes the second factor of somebody who has lost both their phone and their recovery codes.</summary>
internal static partial class ResetSecondFactor
{
    internal sealed class Validator : AbstractValidator<Contracts.ResetSecondFactor>
    {
        public Validator() => RuleFor(request => request.By!).SetValidator(new ActorRules()).When(request => request.By is not null);
    }

    internal sealed partial class Handler(AccountsDbContext db, SecondFactors secondFactors, ILogger<Handler> logger)
        : IRequestHandler<Contracts.ResetSecondFactor, Result<UserView>>
    {
        public async Task<Result<UserView>> Handle(Contracts.ResetSecondFactor request, CancellationToken cancellationToken)
        {
            var reset = await db.IsolatedAsync(attempt => ResetAsync(request, attempt), cancellationToken);
            if (reset.IsSuccess)
            {
                LogReset(logger, request.UserId);
            }

            return reset;
        }

        [LoggerMessage(EventId = 2020, Level = LogLevel.Information, Message = "An administrator removed the second factor of {UserId}")]
        private static partial void LogReset(ILogger logger, Guid userId);

        private async Task<Result<UserView>> ResetAsync(Contracts.ResetSecondFactor request, CancellationToken cancellationToken)
        {
            if (!await db.MayAdministerAsync(request.By, cancellationToken))
            {
                return AccountsErrors.RoleLost;
            }

            var userId = request.UserId;
            if (await db.ViewsOfAsync(db.Users.Where(u => u.Id == userId), cancellationToken) is not [var view])
            {
                return AccountsErrors.NoSuchAccount;
            }

            if (view.HasSecondFactor)
            {
                await db
                    .Users.Where(u => u.Id == userId)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(u => u.TwoFactorEnabled, false)
                                .SetProperty(u => u.AccessFailedCount, 0)
                                .SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null),
                        cancellationToken
                    );
                await secondFactors.ForgetAsync(userId, cancellationToken);
                await db.RestampAsync(userId, cancellationToken);
            }

            return view with
            {
                HasSecondFactor = false,
            };
        }
    }
}
