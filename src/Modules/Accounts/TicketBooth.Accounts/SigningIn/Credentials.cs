using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>
/// Verifies passwords and second factors. Every way to sign in goes through here, so that all failed attempts count together.
/// </summary>
internal sealed class Credentials(
    AccountsDbContext db,
    Passwords passwords,
    SecondFactors secondFactors,
    ILookupNormalizer normalizer,
    TimeProvider clock
)
{
    /// <summary>The user with this address and password. A user with a second factor must prove that too.</summary>
    public async Task<Result<User>> ProvePasswordAsync(string email, string password, CancellationToken cancellationToken)
    {
        using var place = await passwords.EnterAsync(cancellationToken);
        if (place is null)
        {
            return AccountsErrors.Busy;
        }

        // Read after the wait for a place, so that many guesses sent at once cannot evade the lockout.
        var normalized = AccountRules.IsEmail(email) ? normalizer.NormalizeEmail(email) : "";
        var user = await db.FindByEmailAsync(normalized, cancellationToken);
        var now = clock.GetUtcNow();
        if (user?.LockoutEnd > now)
        {
            return AccountsErrors.LockedOut(user.LockoutEnd.Value - now);
        }

        var verdict = await place.VerifyAsync(user?.PasswordHash, password);
        if (verdict == PasswordVerificationResult.Failed)
        {
            await CountFailureAsync(user?.Id ?? Guid.Empty, now);
            await LockOutAsync(user?.Id ?? Guid.Empty, now);
            return AccountsErrors.InvalidCredentials;
        }

        if (!await db.UserRoles.AnyAsync(role => role.UserId == user!.Id, cancellationToken))
        {
            return AccountsErrors.AccountDisabled;
        }

        // With a second factor only a right code resets the count: otherwise the right password would allow any number of codes.
        if (!user!.TwoFactorEnabled)
        {
            await ForgetFailuresAsync(user, cancellationToken);
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = await place.HashAsync(password);

            // Only if it is still what was read: a password that another host has set since then stays.
            await db
                .Users.Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), cancellationToken);
        }

        return user;
    }

    /// <summary>The user, when the code is theirs. The caller has already verified the password.</summary>
    public async Task<Result<User>> ProveSecondFactorAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(u => u.Id == userId, cancellationToken);
        if (user is not { TwoFactorEnabled: true })
        {
            return AccountsErrors.SecondFactorOff;
        }

        var now = clock.GetUtcNow();
        if (user.LockoutEnd > now)
        {
            return AccountsErrors.LockedOut(user.LockoutEnd.Value - now);
        }

        // Counted before it is checked: checking is quick, so many guesses at once would be checked before the first failure is counted.
        if (!await CountFailureAsync(userId, now))
        {
            await LockOutAsync(userId, now);
            return AccountsErrors.LockedOut(AccountRules.Lockout);
        }

        if (!await secondFactors.AcceptAsync(userId, code, cancellationToken))
        {
            await LockOutAsync(userId, now);
            return AccountsErrors.SecondFactorWrong;
        }

        await db
            .Users.Where(u => u.Id == userId && u.LockoutEnd == user.LockoutEnd)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null),
                CancellationToken.None
            );
        return user;
    }

    /// <remarks>Only if it is still what was read: a lockout that another host has set since then stays.</remarks>
    private async Task ForgetFailuresAsync(User user, CancellationToken cancellationToken)
    {
        if (user.AccessFailedCount > 0 || user.LockoutEnd is not null)
        {
            await db
                .Users.Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash && u.LockoutEnd == user.LockoutEnd)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null),
                    cancellationToken
                );
        }
    }

    /// <summary>False when there were already too many failures, counting those since the user was read.</summary>
    /// <remarks>
    /// The database counts, so that attempts at the same moment and at other hosts all count; a caller who disconnects cannot cancel it.
    /// <see cref="LockOutAsync"/> is a statement of its own: in one statement MySQL would let the second assignment read what the first one
    /// wrote. An attempt in between finds the count and locks out too.
    /// </remarks>
    private async Task<bool> CountFailureAsync(Guid userId, DateTimeOffset now) =>
        await db
            .Users.Where(u =>
                u.Id == userId && u.AccessFailedCount < AccountRules.FailuresUntilLockout && (u.LockoutEnd == null || u.LockoutEnd <= now)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1), CancellationToken.None)
        == 1;

    private Task LockOutAsync(Guid userId, DateTimeOffset now) =>
        db
            .Users.Where(u => u.Id == userId && u.AccessFailedCount >= AccountRules.FailuresUntilLockout)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.LockoutEnd, now + AccountRules.Lockout).SetProperty(u => u.AccessFailedCount, 0),
                CancellationToken.None
            );
}
