using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Switches the second factor off, so that the password alone signs in again.</summary>
internal static partial class DisableSecondFactor
{
    internal sealed class Validator : AbstractValidator<Contracts.DisableSecondFactor>
    {
        public Validator() => RuleFor(request => request.Code).Code();
    }

    internal sealed partial class Handler(
        AccountsDbContext db,
        Credentials credentials,
        SecondFactors secondFactors,
        ILogger<Handler> logger
    ) : IRequestHandler<Contracts.DisableSecondFactor, Result<SessionUser>>
    {
        public async Task<Result<SessionUser>> Handle(Contracts.DisableSecondFactor request, CancellationToken cancellationToken)
        {
            var proven = await credentials.ProveSecondFactorAsync(request.UserId, request.Code, cancellationToken);
            if (proven.Error is { } error)
            {
                return error;
            }

            var session = await db.IsolatedAsync(attempt => DisableAsync(request.UserId, attempt), cancellationToken);
            LogOff(logger, request.UserId);
            return session;
        }

        [LoggerMessage(EventId = 2022, Level = LogLevel.Information, Message = "User {UserId} switched the second factor off")]
        private static partial void LogOff(ILogger logger, Guid userId);

        private async Task<SessionUser> DisableAsync(Guid userId, CancellationToken cancellationToken)
        {
            await db
                .Users.Where(u => u.Id == userId)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.TwoFactorEnabled, false), cancellationToken);
            await secondFactors.ForgetAsync(userId, cancellationToken);
            return await db.ToSessionAsync(await db.RestampAsync(userId, cancellationToken), needsSecondFactor: false, cancellationToken);
        }
    }
}
