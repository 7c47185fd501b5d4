using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.Staff;

/// <summary>
/// The secrets in the links of invitations. They are not stored: a token names the account and its security stamp under the keys of the
/// cookies, so it ends with everything that changes the stamp, also with its own use.
/// </summary>
internal sealed class InvitationTokens(AccountsDbContext db, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>Longer than any.</summary>
    public const int LongestToken = 1024;

    private const int IdLength = 16;
    private const int TimeLength = 8;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly IDataProtector protector = protection.CreateProtector("TicketBooth.Accounts.Invitation");

    public (string Token, DateTimeOffset ExpiresAt) Issue(User user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var expiresAt = clock.GetUtcNow() + Lifetime;
        var stamp = Encoding.ASCII.GetBytes(user.SecurityStamp!);
        var content = new byte[IdLength + TimeLength + stamp.Length];
        user.Id.TryWriteBytes(content);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(IdLength), expiresAt.UtcTicks);
        stamp.CopyTo(content, IdLength + TimeLength);
        return (Base64Url.EncodeToString(protector.Protect(content)), expiresAt);
    }

    /// <summary>The account that a token is for, and that has no password yet; null when the token is worth nothing.</summary>
    public async Task<User?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (ContentOf(token) is not { Length: > IdLength + TimeLength } content)
        {
            return null;
        }

        var id = new Guid(content.AsSpan(0, IdLength));
        var expiresAt = BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(IdLength));
        var stamp = Encoding.ASCII.GetString(content.AsSpan(IdLength + TimeLength));
        return expiresAt > clock.GetUtcNow().UtcTicks
            ? await db
                .Users.AsNoTracking()
                .FirstOrDefaultAsync(user => user.Id == id && user.SecurityStamp == stamp && user.PasswordHash == null, cancellationToken)
            : null;
    }

    private byte[]? ContentOf(string token)
    {
        if (!Base64Url.IsValid(token))
        {
            return null;
        }

        try
        {
            return protector.Unprotect(Base64Url.DecodeFromChars(token));
        }
        catch (CryptographicException)
        {
            // Not ours, or of a key that is gone. There is no other way to ask.
            return null;
        }
    }
}
