using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Switches the second factor on, once a code has shown that the user's app has the key.</summary>
internal static partial class EnableSecondFactor
{
    internal sealed class Validator : AbstractValidator<Contracts.EnableSecondFactor>
    {
        public Validator() => RuleFor(request => request.Code).Code();
    }

    internal sealed partial class Handler(AccountsDbContext db, SecondFactors secondFactors, TimeProvider clock, ILogger<Handler> logger)
        : IRequestHandler<Contracts.EnableSecondFactor, Result<EnabledSecondFactor>>
    {
        public async Task<Result<EnabledSecondFactor>> Handle(Contracts.EnableSecondFactor request, CancellationToken cancellationToken)
        {
            var enabled = await db.IsolatedAsync(attempt => EnableAsync(request, attempt), cancellationToken);
            if (enabled.IsSuccess)
            {
                LogOn(logger, request.UserId);
            }

            return enabled;
        }

        [LoggerMessage(EventId = 2021, Level = LogLevel.Information, Message = "User {UserId} switched the second factor on")]
        private static partial void LogOn(ILogger logger, Guid userId);

        private async Task<Result<EnabledSecondFactor>> EnableAsync(
            Contracts.EnableSecondFactor request,
            CancellationToken cancellationToken
        )
        {
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == request.UserId, cancellationToken);
            if (user is null)
            {
                return AccountsErrors.NoSuchAccount;
            }

            if (user.TwoFactorEnabled)
            {
                return AccountsErrors.SecondFactorOn;
            }

            if (await secondFactors.FindKeyAsync(user.Id, cancellationToken) is not { } key)
            {
                return AccountsErrors.SecondFactorNotBegun;
            }

            if (await secondFactors.ConfirmAsync(user.Id, key, request.Code, cancellationToken) is not { } codes)
            {
                return AccountsErrors.SecondFactorWrong;
            }

            await db
                .Users.Where(u => u.Id == user.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.TwoFactorEnabled, true), cancellationToken);
            await db.EndSignInsAsync(user.Id, clock.GetUtcNow(), cancellationToken);
            return new EnabledSecondFactor(
                codes,
                await db.ToSessionAsync(await db.RestampAsync(user.Id, cancellationToken), needsSecondFactor: false, cancellationToken)
            );
        }
    }
}
