using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Accounts;

/// <summary>Section <c>Accounts</c>.</summary>
internal sealed class AccountsOptions
{
    /// <summary>How long an access token is valid.</summary>
    [Range(1, 24 * 60)]
    public int AccessTokenMinutes { get; set; } = 15;

    /// <summary>How long a refresh token is valid: a client that stays away longer must sign in with the password again.</summary>
    [Range(1, 365)]
    public int RefreshTokenDays { get; set; } = 30;

    /// <summary>How long a client may go on renewing its tokens: after this time the password is needed again.</summary>
    [Range(1, 3650)]
    public int LongestSignInDays { get; set; } = 90;

    /// <summary>
    /// PBKDF2 iterations (HMAC-SHA-512) of new password hashes; an older hash is renewed when its owner signs in. The default is what OWASP
    /// recommends.
    /// </summary>
    [Range(10_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>
    /// How many sign-ups of one network address within a day may find that their e-mail address has an account; after that it gets one a
    /// minute. 0 is no limit.
    /// </summary>
    [Range(0, 1_000_000)]
    public int FreeTakenSignUps { get; set; } = 10;

    /// <summary>The <c>iss</c> of our access tokens; the same on every host of an installation.</summary>
    [Required]
    public string Issuer { get; set; } = "ticketbooth";

    /// <summary>The <c>aud</c> of our access tokens.</summary>
    [Required]
    public string Audience { get; set; } = "ticketbooth-api";
}
