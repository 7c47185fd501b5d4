using FluentValidation;
using TicketBooth.Accounts.Domain;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>The validation rules of every code that a user types.</summary>
internal static class CodeRules
{
    public static void Code<T>(this IRuleBuilder<T, string> rule) =>
        rule.NotEmpty().WithMessage("Needed.").MaximumLength(AccountRules.LongestCode).WithMessage("At most 64 characters.");
}
