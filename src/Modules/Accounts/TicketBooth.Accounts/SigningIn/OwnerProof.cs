using TicketBooth.Accounts.Mails;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>
/// Whether a request that comes with an access token comes from the account's holder: the token alone may be left in a browser, or stolen.
/// </summary>
internal sealed class OwnerProof(Credentials credentials, GuestTokens tokens)
{
    public const string Needed = "Send either currentPassword or token.";

    /// <param name="user">As stored now.</param>
    /// <param name="currentPassword">The present one, of an account that has one.</param>
    /// <param name="token">Else that of a mail that <c>POST /api/v1/accounts/guest</c> asked for, of an account without a password.</param>
    /// <param name="from">The client's network address, as limits count it.</param>
    /// <param name="cancellationToken">Of the request.</param>
    /// <returns>Null when it does.</returns>
    public async Task<Error?> FindObjectionAsync(
        User user,
        string? currentPassword,
        string? token,
        string from,
        CancellationToken cancellationToken
    )
    {
        if (token is null)
        {
            return (await credentials.ProvePasswordAsync(user.Email!, currentPassword!, from, cancellationToken)).Error;
        }

        var sent = user.IsGuest ? await tokens.FindAsync(token, cancellationToken) : null;
        return sent?.NormalizedEmail == user.NormalizedEmail ? null : AccountsErrors.MailTokenInvalid;
    }
}
