using FluentValidation;

namespace TicketBooth.Events.Pricing;

internal static class PercentageRules
{
    private const string TwoDigits = "At most two digits after the point.";

    /// <summary>The rules of every percentage that prices are adjusted by.</summary>
    public static IRuleBuilderOptions<T, decimal> IsPercentage<T>(this IRuleBuilder<T, decimal> rule) =>
        rule.GreaterThan(-100)
            .LessThanOrEqualTo(1_000)
            .PrecisionScale(6, 2, ignoreTrailingZeros: true)
            .WithMessage(TwoDigits)
            .NotEqual(0)
            .WithMessage("Zero percent would change nothing.");

    /// <summary>The precision of every percentage of a policy.</summary>
    public static IRuleBuilderOptions<T, decimal> HasPrecision<T>(this IRuleBuilder<T, decimal> rule) =>
        rule.PrecisionScale(5, 2, ignoreTrailingZeros: true).WithMessage(TwoDigits);
}
