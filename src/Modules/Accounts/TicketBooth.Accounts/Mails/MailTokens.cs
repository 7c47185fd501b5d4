using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.Mails;

/// <summary>The secrets in mails: valid once and for a short time, and stored as hashes.</summary>
internal sealed class MailTokens(AccountsDbContext db, TimeProvider clock)
{
    /// <summary>Longer than any.</summary>
    public const int LongestToken = 100;

    private const int Bytes = 32;

    private static readonly Dictionary<string, TimeSpan> Lifetimes = new(StringComparer.Ordinal)
    {
        [MailToken.PasswordReset] = TimeSpan.FromHours(1),
        [MailToken.Confirmation] = TimeSpan.FromDays(7),
        [MailToken.EmailChange] = TimeSpan.FromDays(1),
    };

    /// <summary>Makes a token for a mail to an address. Former ones for the same purpose are worth nothing any more.</summary>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> IssueAsync(
        Guid userId,
        string email,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await db
            .MailTokens.Where(token => (token.UserId == userId && token.Purpose == purpose) || token.ExpiresAt <= now)
            .ExecuteDeleteAsync(cancellationToken);
        var secret = RandomNumberGenerator.GetBytes(Bytes);
        var expiresAt = now + Lifetimes[purpose];
        db.MailTokens.Add(
            new MailToken
            {
                Hash = SHA256.HashData(secret),
                UserId = userId,
                Purpose = purpose,
                Email = email,
                ExpiresAt = expiresAt,
            }
        );
        await db.SaveChangesAsync(cancellationToken);
        return (Base64Url.EncodeToString(secret), expiresAt);
    }

    /// <summary>What a token is for, without using it; null when it is worth nothing.</summary>
    public async Task<MailToken?> FindAsync(string token, string purpose, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return HashOf(token) is { } hash
            ? await db
                .MailTokens.AsNoTracking()
                .FirstOrDefaultAsync(known => known.Hash == hash && known.Purpose == purpose && known.ExpiresAt > now, cancellationToken)
            : null;
    }

    /// <summary>Uses a token. Of several at once, one gets true.</summary>
    public async Task<bool> UseAsync(MailToken token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.MailTokens.Where(known => known.Hash == token.Hash && known.ExpiresAt > now).ExecuteDeleteAsync(cancellationToken)
            == 1;
    }

    private static byte[]? HashOf(string token) =>
        Base64Url.IsValid(token, out var length) && length == Bytes ? SHA256.HashData(Base64Url.DecodeFromChars(token)) : null;
}
