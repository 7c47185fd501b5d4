using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.Mails;

/// <summary>The secrets in mails to guests, who may have no account yet: valid once and for a short time, and stored as hashes.</summary>
internal sealed class GuestTokens(AccountsDbContext db, TimeProvider clock)
{
    /// <summary>As long as somebody may look for the mail who wants to buy now.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private const int Bytes = 32;

    /// <summary>Makes a token for a mail to an address. Former ones are worth nothing any more.</summary>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> IssueAsync(
        string email,
        string normalizedEmail,
        string? name,
        string? language,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await db
            .GuestTokens.Where(token => token.NormalizedEmail == normalizedEmail || token.ExpiresAt <= now)
            .ExecuteDeleteAsync(cancellationToken);
        var secret = RandomNumberGenerator.GetBytes(Bytes);
        db.GuestTokens.Add(
            new GuestToken
            {
                Hash = SHA256.HashData(secret),
                Email = email,
                NormalizedEmail = normalizedEmail,
                Name = name,
                Language = language,
                ExpiresAt = now + Lifetime,
            }
        );
        await db.SaveChangesAsync(cancellationToken);
        return (Base64Url.EncodeToString(secret), now + Lifetime);
    }

    /// <summary>What a token was made for, without using it; null when it is worth nothing.</summary>
    public async Task<GuestToken?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return HashOf(token) is { } hash
            ? await db
                .GuestTokens.AsNoTracking()
                .FirstOrDefaultAsync(known => known.Hash == hash && known.ExpiresAt > now, cancellationToken)
            : null;
    }

    /// <summary>Uses a token. Of several at once, one gets true.</summary>
    public async Task<bool> UseAsync(GuestToken token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        return await db.GuestTokens.Where(known => known.Hash == token.Hash).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    private static byte[]? HashOf(string token) =>
        Base64Url.IsValid(token, out var length) && length == Bytes ? SHA256.HashData(Base64Url.DecodeFromChars(token)) : null;
}
