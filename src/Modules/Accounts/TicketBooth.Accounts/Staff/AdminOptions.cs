using System.ComponentModel.DataAnnotations;
using TicketBooth.Accounts.Domain;

namespace TicketBooth.Accounts.Staff;

/// <summary>Section <c>Accounts:Admin</c>: the administrator that the start creates when it is missing.</summary>
internal sealed class AdminOptions
{
    /// <summary>Not set: <c>admin@localhost</c> is created when there is no administrator at all.</summary>
    [EmailAddress]
    [StringLength(AccountRules.LongestEmail)]
    public string? Email { get; set; }

    /// <summary>Not set: a random one is generated and printed once.</summary>
    [StringLength(AccountRules.LongestPassword, MinimumLength = AccountRules.ShortestPassword)]
    public string? Password { get; set; }
}
