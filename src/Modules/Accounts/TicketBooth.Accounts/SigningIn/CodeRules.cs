using FluentValidation;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>What holds for every code that somebody types.</summary>
internal static class CodeRules
{
    public static void Code<T>(this IRuleBuilder<T, string> rule) =>
        rule.NotEmpty().WithMessage("Needed.").MaximumLength(AccountRules.LongestCode).WithMessage("At most 64 characters.");
}
