using MediatR;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Hands out the key that an authenticator app makes codes from.</summary>
internal static class SetUpSecondFactor
{
    private const string Issuer = "TicketBooth";

    internal sealed class Handler(AccountsDbContext db, SecondFactors secondFactors)
        : IRequestHandler<BeginSecondFactor, Result<SecondFactorSetup>>
    {
        public Task<Result<SecondFactorSetup>> Handle(BeginSecondFactor request, CancellationToken cancellationToken) =>
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
