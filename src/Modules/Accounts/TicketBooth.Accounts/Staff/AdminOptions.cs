using System.ComponentModel.DataAnnotations;
using TicketBooth.Accounts.Domain;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Staff;

/// <summary>Section <c>Accounts:Admin</c>: the administrator that the start creates when it is missing.</summary>
internal sealed class AdminOptions : IValidatableObject
{
    /// <summary>Not set: <c>admin@localhost</c> is created when there is no administrator at all.</summary>
    [StringLength(AccountRules.LongestEmail)]
    public string? Email { get; set; }

    /// <summary>Not set: a random one is generated and printed once.</summary>
    public string? Password { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Email is not null && !EmailRules.IsEmail(Email))
        {
            yield return new ValidationResult("Not an e-mail address.", [nameof(Email)]);
        }

        if (Password is not null && PasswordRules.FindObjection(Password, Email ?? "", "Administrator") is { } objection)
        {
            yield return new ValidationResult(objection, [nameof(Password)]);
        }
    }
}
