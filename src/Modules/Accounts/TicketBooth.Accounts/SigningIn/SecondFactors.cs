using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>
/// The second factors, in the columns and token rows where ASP.NET Core Identity keeps them. Its UserManager is not asked: it takes a code twice, reads the
/// system's clock, stores recovery codes as they are, and writes whole users over what another sign-in has counted meanwhile.
/// </summary>
internal sealed class SecondFactors(AccountsDbContext db, TimeProvider clock)
{
    private const int RecoveryCodes = 10;
    private const int RecoveryCodeLength = 16;

    // Without the letters and digits that people mix up: 16 of 32 are 80 bits, too many to guess and to find from a hash.
    private const string RecoveryCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    // Identity's own names.
    private const string IdentityProvider = "[AspNetUserStore]";
    private const string KeyName = "AuthenticatorKey";
    private const string RecoveryName = "RecoveryCodes";

    // Ours: the step of the last code that was accepted, in digits of one length, so that text compares as numbers do.
    private const string OwnProvider = "TicketBooth";
    private const string LastStepName = "LastTotpStep";

    private IQueryable<IdentityUserToken<Guid>> Keys =>
        db.UserTokens.Where(token => token.LoginProvider == IdentityProvider && token.Name == KeyName);

    private IQueryable<IdentityUserToken<Guid>> Recovery =>
        db.UserTokens.Where(token => token.LoginProvider == IdentityProvider && token.Name == RecoveryName);

    private IQueryable<IdentityUserToken<Guid>> LastSteps =>
        db.UserTokens.Where(token => token.LoginProvider == OwnProvider && token.Name == LastStepName);

    public Task<string?> FindKeyAsync(Guid userId, CancellationToken cancellationToken) =>
        Keys.Where(token => token.UserId == userId).Select(token => token.Value).FirstOrDefaultAsync(cancellationToken);

    public async Task<string> AddKeyAsync(Guid userId, CancellationToken cancellationToken)
    {
        var key = Totp.NewKey();
        db.UserTokens.Add(
            new IdentityUserToken<Guid>
            {
                UserId = userId,
                LoginProvider = IdentityProvider,
                Name = KeyName,
                Value = key,
            }
        );
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }

    /// <summary>Whether the code is the user's, now and for the first time. Uses it up.</summary>
    public async Task<bool> AcceptAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        var typed = Normalize(code);
        return IsTotp(typed)
            ? await AcceptTotpAsync(userId, typed, cancellationToken)
            : await RedeemAsync(userId, HashOf(typed), cancellationToken);
    }

    /// <summary>Makes the pending key the user's second factor; the codes to recover it by, or null when the code is not one of the key's.</summary>
    /// <remarks>Within a transaction of the caller.</remarks>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(Guid userId, string key, string code, CancellationToken cancellationToken)
    {
        if (Totp.FindStep(key, Normalize(code), clock.GetUtcNow()) is not { } step)
        {
            return null;
        }

        string[] codes =
        [
            .. Enumerable.Range(0, RecoveryCodes).Select(_ => RandomNumberGenerator.GetString(RecoveryCharacters, RecoveryCodeLength)),
        ];
        await ForgetAsync(userId, keepKey: true, cancellationToken);
        db.UserTokens.AddRange(
            new IdentityUserToken<Guid>
            {
                UserId = userId,
                LoginProvider = IdentityProvider,
                Name = RecoveryName,
                Value = string.Join(';', codes.Select(HashOf)),
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
        return [.. codes.Select(plain => string.Join('-', plain.Chunk(4).Select(part => new string(part))))];
    }

    /// <summary>Removes everything of a user's second factor.</summary>
    public Task ForgetAsync(Guid userId, CancellationToken cancellationToken) => ForgetAsync(userId, keepKey: false, cancellationToken);

    private static string Normalize(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static bool IsTotp(string typed) => typed.Length == Totp.Digits && typed.All(char.IsAsciiDigit);

    private static string Text(long step) => step.ToString("D12", CultureInfo.InvariantCulture);

    private static string HashOf(string recoveryCode) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(recoveryCode)));

    private async Task<bool> AcceptTotpAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        if (await FindKeyAsync(userId, cancellationToken) is not { } key || Totp.FindStep(key, code, clock.GetUtcNow()) is not { } step)
        {
            return false;
        }

        // Of several who send the code at once, at whatever host, one gets in.
        var text = Text(step);
#pragma warning disable CA1309 // the database compares, byte by byte; EF Core translates no other overload
        return await LastSteps
                .Where(token => token.UserId == userId && string.Compare(token.Value, text) < 0)
#pragma warning restore CA1309
                .ExecuteUpdateAsync(set => set.SetProperty(token => token.Value, text), CancellationToken.None) == 1;
    }

    private async Task<bool> RedeemAsync(Guid userId, string hash, CancellationToken cancellationToken)
    {
        while (
            await Recovery.Where(token => token.UserId == userId).Select(token => token.Value).FirstOrDefaultAsync(cancellationToken)
                is { } stored
        )
        {
            var hashes = stored.Split(';');
            if (!hashes.Contains(hash, StringComparer.Ordinal))
            {
                return false;
            }

            // Goes round again only when another code was used up in between.
            var left = string.Join(';', hashes.Where(each => each != hash));
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
