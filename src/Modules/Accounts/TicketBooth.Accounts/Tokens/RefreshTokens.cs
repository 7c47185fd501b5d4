using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Tokens;

/// <summary>
/// Refresh tokens: each is valid for one exchange; all that descend from one sign-in form a family that is revoked together.
/// </summary>
internal sealed class RefreshTokens(
    AccountsDbContext db,
    EndedSignIns ended,
    NewDevices devices,
    IOptions<AccountsOptions> options,
    TimeProvider clock
)
{
    private const int Bytes = 32;

    /// <summary>The first token of a new family. Deletes the user's expired tokens as well.</summary>
    /// <param name="user">As read before the password was verified.</param>
    /// <param name="device">What the client calls itself, and where it is; null when that is known already.</param>
    /// <param name="cancellationToken">Of the request.</param>
    /// <remarks>
    /// In isolation: verifying takes a while, and a sign-in that begins before the second factor is on, or before a sign-out everywhere,
    /// must not outlive it.
    /// </remarks>
    public async Task<Result<IssuedRefreshToken>> StartFamilyAsync(User user, ClientDevice? device, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var now = clock.GetUtcNow();
        await db.RefreshTokens.Where(token => token.UserId == user.Id && token.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        return await db.IsolatedAsync(attempt => StartFamilyAsync(user, device, now, attempt), cancellationToken);
    }

    /// <summary>
    /// Exchanges a token for its successor. Of several attempts at once one succeeds; the others show that there are copies, and revoke the
    /// family.
    /// </summary>
    public async Task<Result<IssuedRefreshToken>> ExchangeAsync(string token, CancellationToken cancellationToken) =>
        HashOf(token) is { } hash
            ? await db.IsolatedAsync(attempt => ExchangeAsync(hash, attempt), cancellationToken)
            : AccountsErrors.RefreshTokenInvalid;

    /// <summary>
    /// Revokes the family of a token, and ends its access tokens at this host at once; does nothing for an unknown token.
    /// </summary>
    public async Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        if (
            HashOf(token) is { } hash
            && await db.RefreshTokens.AsNoTracking().FirstOrDefaultAsync(known => known.Hash == hash, cancellationToken) is { } stored
        )
        {
            var now = clock.GetUtcNow();
            await RevokeFamilyAsync(stored.FamilyId, now, cancellationToken);
            ended.Add(stored.FamilyId, now);
        }
    }

    /// <summary>
    /// Ends every sign-in and every session of the user whom a token belongs to. Only a valid token can do that.
    /// </summary>
    public async Task<Result<Done>> RevokeAllAsync(string token, CancellationToken cancellationToken) =>
        HashOf(token) is { } hash
            ? await db.IsolatedAsync(attempt => RevokeAllAsync(hash, attempt), cancellationToken)
            : AccountsErrors.RefreshTokenInvalid;

    private async Task<Result<IssuedRefreshToken>> StartFamilyAsync(
        User user,
        ClientDevice? device,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!await db.Users.AnyAsync(u => u.Id == user.Id && u.SecurityStamp == user.SecurityStamp, cancellationToken))
        {
            return AccountsErrors.SessionEnded;
        }

        if (device is { } client && await IsStaffAsync(user.Id, cancellationToken))
        {
            await devices.KnowAsync(user, client.Name, client.Address, now, cancellationToken);
        }

        return await AddAsync(user.Id, Guid.CreateVersion7(now), signedInAt: now, now, cancellationToken);
    }

    private async Task<bool> IsStaffAsync(Guid userId, CancellationToken cancellationToken) =>
        await db.FindBearerAsync(userId, cancellationToken) is { } bearer && bearer.Roles.Any(role => role != Roles.Customer);

    private async Task<Result<Done>> RevokeAllAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var stored = await db
            .RefreshTokens.AsNoTracking()
            .FirstOrDefaultAsync(
                known => known.Hash == hash && known.UsedAt == null && known.RevokedAt == null && known.ExpiresAt > now,
                cancellationToken
            );
        if (stored is null)
        {
            return AccountsErrors.RefreshTokenInvalid;
        }

        await db.EndSignInsAsync(stored.UserId, now, cancellationToken);
        await db.RestampAsync(stored.UserId, cancellationToken);
        return default(Done);
    }

    private async Task<Result<IssuedRefreshToken>> ExchangeAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var won = await db
            .RefreshTokens.Where(known => known.Hash == hash && known.UsedAt == null && known.RevokedAt == null && known.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.UsedAt, now), cancellationToken);
        var stored = await db.RefreshTokens.AsNoTracking().FirstOrDefaultAsync(known => known.Hash == hash, cancellationToken);
        if (won == 1)
        {
            return await AddAsync(stored!.UserId, stored.FamilyId, stored.SignedInAt, now, cancellationToken);
        }

        if (stored?.UsedAt is null)
        {
            return AccountsErrors.RefreshTokenInvalid;
        }

        await RevokeFamilyAsync(stored.FamilyId, now, cancellationToken);
        return AccountsErrors.RefreshTokenReused;
    }

    private Task<int> RevokeFamilyAsync(Guid familyId, DateTimeOffset now, CancellationToken cancellationToken) =>
        db
            .RefreshTokens.Where(token => token.FamilyId == familyId && token.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, now), cancellationToken);

    private async Task<IssuedRefreshToken> AddAsync(
        Guid userId,
        Guid familyId,
        DateTimeOffset signedInAt,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (idle, whole) = (now.AddDays(options.Value.RefreshTokenDays), signedInAt.AddDays(options.Value.LongestSignInDays));
        var secret = RandomNumberGenerator.GetBytes(Bytes);
        db.RefreshTokens.Add(
            new RefreshToken
            {
                Hash = SHA256.HashData(secret),
                FamilyId = familyId,
                UserId = userId,
                SignedInAt = signedInAt,
                ExpiresAt = idle < whole ? idle : whole,
            }
        );
        await db.SaveChangesAsync(cancellationToken);
        return new IssuedRefreshToken(Base64UrlEncoder.Encode(secret), userId, familyId);
    }

    /// <summary>Null when the text cannot be one of our tokens.</summary>
    private static byte[]? HashOf(string token)
    {
        Span<byte> secret = stackalloc byte[Bytes];
        return
            System.Buffers.Text.Base64Url.IsValid(token, out var length)
            && length == Bytes
            && System.Buffers.Text.Base64Url.TryDecodeFromChars(token, secret, out _)
            ? SHA256.HashData(secret)
            : null;
    }
}

/// <summary>What a client calls itself, cut to what is stored of it, and the network address that it comes from.</summary>
internal readonly record struct ClientDevice(string Name, string Address);

/// <param name="Token">The only time that it is readable.</param>
/// <param name="SignIn">Its family.</param>
internal sealed record IssuedRefreshToken(string Token, Guid UserId, Guid SignIn);
