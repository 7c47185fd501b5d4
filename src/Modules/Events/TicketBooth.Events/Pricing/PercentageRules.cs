using FluentValidation;

namespace TicketBooth.Events.Pricing;

/// <summary>The rules of every percentage that prices are adjusted by.</summary>
internal sealed class PercentageRules : AbstractValidator<decimal>
{
    public PercentageRules() =>
        RuleFor(percentage => percentage)
            .GreaterThan(-100)
            .LessThanOrEqualTo(1_000)
            .PrecisionScale(6, 2, ignoreTrailingZeros: true)
            .NotEqual(0)
            .WithMessage("Zero percent would change nothing.")
            .OverridePropertyName("")
            .WithName("Percentage");
}
