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
    PasswordDelays delays,
    SecondFactors secondFactors,
    ILookupNormalizer normalizer,
    TimeProvider clock
)
{
    /// <summary>The user with this address and password. A user with a second factor must prove that too.</summary>
    /// <param name="from">The client's network address, as limits count it.</param>
    public async Task<Result<User>> ProvePasswordAsync(string email, string password, string from, CancellationToken cancellationToken)
    {
        using var place = await passwords.EnterAsync(from, cancellationToken);
        if (place is null)
        {
            return AccountsErrors.Busy;
        }

        // Read after the wait for a place, so that many guesses sent at once cannot evade the delay.
        var normalized = TextRules.IsOneLine(email) ? normalizer.NormalizeEmail(email.Trim()) : "";
        var key = PasswordDelays.KeyOf(normalized, from);
        if (await delays.FindAsync(key, clock.GetUtcNow(), cancellationToken) is { } wait)
        {
            return AccountsErrors.LockedOut(wait);
        }

        var user = await db.FindByEmailAsync(normalized, cancellationToken);
        var verdict = await place.VerifyAsync(user?.PasswordHash, password);
        if (verdict == PasswordVerificationResult.Failed)
        {
            await delays.CountAsync(key, clock.GetUtcNow());
            return AccountsErrors.InvalidCredentials;
        }

        if (!await db.UserRoles.AnyAsync(role => role.UserId == user!.Id, cancellationToken))
        {
            return AccountsErrors.AccountDisabled;
        }

        await delays.ForgetAsync(key, cancellationToken);
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = await place.HashAsync(password);

            // Only if it is still what was read: a password that another host has set since then stays.
            await db
                .Users.Where(u => u.Id == user!.Id && u.PasswordHash == user.PasswordHash)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), cancellationToken);
        }

        return user!;
    }

    /// <summary>The user, when the code is theirs. The caller has already verified the password.</summary>
    /// <remarks>
    /// Wrong codes lock the second step for the whole account, wherever they come from: a code has six digits only, and who may guess it
    /// knows the password already.
    /// </remarks>
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

    /// <summary>False when there were already too many failures, counting those since the user was read.</summary>
    /// <remarks>
    /// The database counts, so that attempts at the same moment and at other hosts all count; a caller who disconnects cannot cancel it.
    /// <see cref="LockOutAsync"/> is a statement of its own: in one statement MySQL would let the second assignment read what the first one
    /// wrote. An attempt in between finds the count and locks out too.
    /// </remarks>
    private async Task<bool> CountFailureAsync(Guid userId, DateTimeOffset now) =>
        await db
            .Users.Where(u =>
                u.Id == userId && u.AccessFailedCount < AccountRules.FreeFailures && (u.LockoutEnd == null || u.LockoutEnd <= now)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1), CancellationToken.None)
        == 1;

    private Task LockOutAsync(Guid userId, DateTimeOffset now) =>
        db
            .Users.Where(u => u.Id == userId && u.AccessFailedCount >= AccountRules.FreeFailures)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.LockoutEnd, now + AccountRules.Lockout).SetProperty(u => u.AccessFailedCount, 0),
                CancellationToken.None
            );
}
