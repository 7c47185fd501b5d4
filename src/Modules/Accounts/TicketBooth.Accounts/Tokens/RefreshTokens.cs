using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Tokens;

/// <summary>
/// Refresh tokens: each is valid for one exchange; all that descend from one sign-in form a family that is revoked together.
/// </summary>
internal sealed class RefreshTokens(AccountsDbContext db, IOptions<AccountsOptions> options, TimeProvider clock)
{
    private const int Bytes = 32;

    /// <summary>The first token of a new family. Deletes the user's expired tokens as well.</summary>
    public async Task<string> StartFamilyAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.RefreshTokens.Where(token => token.UserId == userId && token.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        return await AddAsync(userId, Guid.CreateVersion7(now), signedInAt: now, now, cancellationToken);
    }

    /// <summary>
    /// Exchanges a token for its successor. Of several attempts at once one succeeds; the others show that there are copies, and revoke the
    /// family.
    /// </summary>
    public async Task<Result<(Guid UserId, string Token)>> ExchangeAsync(string token, CancellationToken cancellationToken) =>
        HashOf(token) is { } hash
            ? await db.IsolatedAsync(attempt => ExchangeAsync(hash, attempt), cancellationToken)
            : AccountsErrors.RefreshTokenInvalid;

    /// <summary>Revokes the family of a token; does nothing for an unknown token.</summary>
    public async Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        if (
            HashOf(token) is { } hash
            && await db.RefreshTokens.AsNoTracking().FirstOrDefaultAsync(known => known.Hash == hash, cancellationToken) is { } stored
        )
        {
            await RevokeFamilyAsync(stored.FamilyId, clock.GetUtcNow(), cancellationToken);
        }
    }

    /// <summary>Revokes all of a user's families: every client must sign in again.</summary>
    public Task RevokeAllAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db
            .RefreshTokens.Where(token => token.UserId == userId && token.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, now), cancellationToken);
    }

    private async Task<Result<(Guid UserId, string Token)>> ExchangeAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var won = await db
            .RefreshTokens.Where(known => known.Hash == hash && known.UsedAt == null && known.RevokedAt == null && known.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.UsedAt, now), cancellationToken);
        var stored = await db.RefreshTokens.AsNoTracking().FirstOrDefaultAsync(known => known.Hash == hash, cancellationToken);
        if (won == 1)
        {
            return (stored!.UserId, await AddAsync(stored.UserId, stored.FamilyId, stored.SignedInAt, now, cancellationToken));
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

    private async Task<string> AddAsync(
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
        return Base64UrlEncoder.Encode(secret);
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
