using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>Who somebody is, proven by a password and a second factor. Every way to sign in leads through here, so that all failures count together.</summary>
internal sealed class Credentials(
    AccountsDbContext db,
    Passwords passwords,
    SecondFactors secondFactors,
    ILookupNormalizer normalizer,
    TimeProvider clock
)
{
    /// <summary>The user with this address and password. Who has a second factor must prove that too.</summary>
    public async Task<Result<User>> ProvePasswordAsync(string email, string password, CancellationToken cancellationToken)
    {
        using var place = await passwords.EnterAsync(cancellationToken);
        if (place is null)
        {
            return AccountsErrors.Busy;
        }

        // Read after the wait for a place, so that guesses sent all at once cannot slip past the lockout in a crowd.
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

        // With a second factor the code decides: a right password in between would give whoever has it any number of guesses.
        if (!user!.TwoFactorEnabled)
        {
            await ForgetFailuresAsync(user, cancellationToken);
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = await place.HashAsync(password);

            // Only over what was read: a password that another host has set since then stays.
            await db
                .Users.Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), cancellationToken);
        }

        return user;
    }

    /// <summary>The user, when the code is one of theirs now. The caller knows already that the password was right.</summary>
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

        // Counted before it is checked: checking is quick, so a crowd of guesses would all be checked before the first failure shows.
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

    /// <remarks>Only over what was read: a lockout that another host has set since then stays.</remarks>
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

    /// <summary>False when there were too many already, or somebody else's was the one too many since the user was read.</summary>
    /// <remarks>
    /// By the database, so that failures at the same moment and at other hosts all count, and not to be canceled by hanging up. <see cref="LockOutAsync"/> is a
    /// statement of its own, because in one MySQL would show the second assignment what the first one wrote; whoever comes in between finds the count and
    /// locks out too.
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
