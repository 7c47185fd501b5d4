using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>
/// The second factors, in the columns and token rows where ASP.NET Core Identity keeps them. Identity's UserManager is not used: it accepts
/// a code twice, reads the system's clock, stores recovery codes in plain text, and overwrites what another sign-in has counted meanwhile.
/// </summary>
internal sealed class SecondFactors(AccountsDbContext db, StoredSecrets secrets, TimeProvider clock)
{
    // Identity's own names.
    private const string IdentityProvider = "[AspNetUserStore]";
    private const string KeyName = "AuthenticatorKey";
    private const string RecoveryName = "RecoveryCodes";

    // Ours: the time step of the last accepted code, zero-padded so that text compares as numbers do.
    private const string OwnProvider = "TicketBooth";
    private const string LastStepName = "LastTotpStep";

    private IQueryable<IdentityUserToken<Guid>> Keys =>
        db.UserTokens.Where(token => token.LoginProvider == IdentityProvider && token.Name == KeyName);

    private IQueryable<IdentityUserToken<Guid>> Recovery =>
        db.UserTokens.Where(token => token.LoginProvider == IdentityProvider && token.Name == RecoveryName);

    private IQueryable<IdentityUserToken<Guid>> LastSteps =>
        db.UserTokens.Where(token => token.LoginProvider == OwnProvider && token.Name == LastStepName);

    public async Task<string?> FindKeyAsync(Guid userId, CancellationToken cancellationToken) =>
        await Keys.Where(token => token.UserId == userId).Select(token => token.Value).FirstOrDefaultAsync(cancellationToken) is { } stored
            ? secrets.Read(stored)
            : null;

    public async Task<string> AddKeyAsync(Guid userId, CancellationToken cancellationToken)
    {
        var key = Totp.NewKey();
        db.UserTokens.Add(
            new IdentityUserToken<Guid>
            {
                UserId = userId,
                LoginProvider = IdentityProvider,
                Name = KeyName,
                Value = secrets.Protect(key),
            }
        );
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }

    /// <summary>Whether the code is the user's now and was not used before. Marks it as used.</summary>
    public async Task<bool> AcceptAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        var typed = Normalize(code);
        return IsTotp(typed)
            ? await AcceptTotpAsync(userId, typed, cancellationToken)
            : await RedeemAsync(userId, typed, cancellationToken);
    }

    /// <summary>Makes the pending key the user's second factor. Returns the recovery codes, or null when the code is wrong.</summary>
    /// <remarks>Within a transaction of the caller.</remarks>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(Guid userId, string key, string code, CancellationToken cancellationToken)
    {
        if (Totp.FindStep(key, Normalize(code), clock.GetUtcNow()) is not { } step)
        {
            return null;
        }

        var codes = RecoveryCodes.New();
        await ForgetAsync(userId, keepKey: true, cancellationToken);
        db.UserTokens.AddRange(
            new IdentityUserToken<Guid>
            {
                UserId = userId,
                LoginProvider = IdentityProvider,
                Name = RecoveryName,
                Value = RecoveryCodes.Store(codes),
            },
            new IdentityUserToken<Guid>
            {
                UserId = userId,
                LoginProvider = OwnProvider,
                Name = LastStepName,
                Value = Text(step),
            }
        );
        await db.SaveChangesAsync(cancellationToken);
        return [.. codes.Select(RecoveryCodes.Display)];
    }

    /// <summary>Removes everything of a user's second factor.</summary>
    public Task ForgetAsync(Guid userId, CancellationToken cancellationToken) => ForgetAsync(userId, keepKey: false, cancellationToken);

    private static string Normalize(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static bool IsTotp(string typed) => typed.Length == Totp.Digits && typed.All(char.IsAsciiDigit);

    private static string Text(long step) => step.ToString("D12", CultureInfo.InvariantCulture);

    private async Task<bool> AcceptTotpAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        if (await FindKeyAsync(userId, cancellationToken) is not { } key || Totp.FindStep(key, code, clock.GetUtcNow()) is not { } step)
        {
            return false;
        }

        // Of several sign-ins with the same code at once, at whatever host, one succeeds.
        var text = Text(step);
#pragma warning disable CA1309 // the database compares, byte by byte; EF Core translates no other overload
        return await LastSteps
                .Where(token => token.UserId == userId && string.Compare(token.Value, text) < 0)
#pragma warning restore CA1309
                .ExecuteUpdateAsync(set => set.SetProperty(token => token.Value, text), CancellationToken.None) == 1;
    }

    private async Task<bool> RedeemAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        while (
            await Recovery.Where(token => token.UserId == userId).Select(token => token.Value).FirstOrDefaultAsync(cancellationToken)
                is { } stored
        )
        {
            if (RecoveryCodes.Use(stored, code) is not { } left)
            {
                return false;
            }

            // Retries only when another recovery code was used in between.
            if (
                await Recovery
                    .Where(token => token.UserId == userId && token.Value == stored)
                    .ExecuteUpdateAsync(set => set.SetProperty(token => token.Value, left), CancellationToken.None) == 1
            )
            {
                return true;
            }
        }

        return false;
    }

    private async Task ForgetAsync(Guid userId, bool keepKey, CancellationToken cancellationToken)
    {
        await Recovery.Where(token => token.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await LastSteps.Where(token => token.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        if (!keepKey)
        {
            await Keys.Where(token => token.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
