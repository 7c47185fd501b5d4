using FluentValidation;

namespace TicketBooth.Events.Pricing;

internal static class PercentageRules
{
    /// <summary>The rules of every percentage that prices are adjusted by.</summary>
    public static IRuleBuilderOptions<T, decimal> IsPercentage<T>(this IRuleBuilder<T, decimal> rule) =>
        rule.GreaterThan(-100)
            .LessThanOrEqualTo(1_000)
            .PrecisionScale(6, 2, ignoreTrailingZeros: true)
            .NotEqual(0)
            .WithMessage("Zero percent would change nothing.");
}
