using Microsoft.EntityFrameworkCore;

namespace TicketBooth.Accounts.Storage;

/// <summary>What ends when somebody is signed out.</summary>
internal static class SignInEnds
{
    /// <summary>Ends all sign-ins of a user over REST, but for one that is kept: every other client must sign in again.</summary>
    /// <remarks>Mails with a token that are on their way end, too: whom this shuts out may have asked for them.</remarks>
    public static async Task EndSignInsAsync(
        this AccountsDbContext db,
        Guid userId,
        DateTimeOffset now,
        CancellationToken cancellationToken,
        Guid? kept = null
    )
    {
        await db
            .RefreshTokens.Where(token => token.UserId == userId && token.RevokedAt == null && token.FamilyId != kept)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, now), cancellationToken);
        await db
            .MailTokens.Where(token => token.UserId == userId && token.Purpose != MailToken.Confirmation)
            .ExecuteDeleteAsync(cancellationToken);
    }
}
