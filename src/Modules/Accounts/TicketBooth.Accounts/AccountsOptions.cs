using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Accounts;

/// <summary>Section <c>Accounts</c>.</summary>
internal sealed class AccountsOptions
{
    /// <summary>How long an access token is good for. Roles that were taken away live on for at most this long.</summary>
    [Range(1, 24 * 60)]
    public int AccessTokenMinutes { get; set; } = 15;

    /// <summary>How long a client may stay away before it must sign in with the password again.</summary>
    [Range(1, 365)]
    public int RefreshTokenDays { get; set; } = 30;

    /// <summary>PBKDF2 rounds of new password hashes; older hashes are brought up to it when their owner signs in.</summary>
    [Range(10_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 100_000;

    /// <summary>The <c>iss</c> of our access tokens; the same on every host of an installation.</summary>
    [Required]
    public string Issuer { get; set; } = "ticketbooth";

    /// <summary>The <c>aud</c> of our access tokens.</summary>
    [Required]
    public string Audience { get; set; } = "ticketbooth-api";
}

/// <summary>Section <c>Accounts:Admin</c>: the administrator that a start makes when it is missing.</summary>
internal sealed class AdminOptions
{
    /// <summary>Unset: <c>admin@localhost</c> is made when there is no administrator at all.</summary>
    [EmailAddress]
    [StringLength(AccountRules.LongestEmail)]
    public string? Email { get; set; }

    /// <summary>Unset: a random one is made up and printed once.</summary>
    [StringLength(AccountRules.LongestPassword, MinimumLength = AccountRules.ShortestPassword)]
    public string? Password { get; set; }
}
