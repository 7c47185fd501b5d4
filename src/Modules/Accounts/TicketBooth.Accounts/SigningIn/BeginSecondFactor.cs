using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Gives out the key that an authenticator app computes codes from.</summary>
internal static class BeginSecondFactor
{
    private const string Issuer = "TicketBooth";

    internal sealed class Handler(AccountsDbContext db, SecondFactors secondFactors)
        : IRequestHandler<Contracts.BeginSecondFactor, Result<SecondFactorSetup>>
    {
        public Task<Result<SecondFactorSetup>> Handle(Contracts.BeginSecondFactor request, CancellationToken cancellationToken) =>
            db.IsolatedAsync(attempt => BeginAsync(request.UserId, attempt), cancellationToken);

        private async Task<Result<SecondFactorSetup>> BeginAsync(Guid userId, CancellationToken cancellationToken)
        {
            var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == userId, cancellationToken);
            if (user is null)
            {
                return AccountsErrors.NoSuchAccount;
            }

            if (user.TwoFactorEnabled)
            {
                return AccountsErrors.SecondFactorOn;
            }

            var key = await secondFactors.FindKeyAsync(userId, cancellationToken)
                ?? await secondFactors.AddKeyAsync(userId, cancellationToken);
            return new SecondFactorSetup(
                key,
                $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(user.Email!)}?secret={key}&issuer={Issuer}&digits={Totp.Digits}"
            );
        }
    }
}
