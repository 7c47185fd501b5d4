using FluentValidation;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Pricing;

/// <summary>The rules of every pricing policy.</summary>
internal sealed class PolicyRules : AbstractValidator<PricingPolicy>
{
    public PolicyRules()
    {
        RuleFor(policy => policy.Mode).IsInEnum();
        RuleFor(policy => policy.MaxIncreasePercent).InclusiveBetween(0, 500).PrecisionScale(5, 2, ignoreTrailingZeros: true);
        RuleFor(policy => policy.MaxDecreasePercent).InclusiveBetween(0, 90).PrecisionScale(5, 2, ignoreTrailingZeros: true);
        RuleFor(policy => policy.SharePercent).InclusiveBetween(0, 500).PrecisionScale(5, 2, ignoreTrailingZeros: true);
        RuleFor(policy => policy.PacePercent).InclusiveBetween(0, 500).PrecisionScale(5, 2, ignoreTrailingZeros: true);
        RuleFor(policy => policy.WindowMinutes).InclusiveBetween(1, 1_440);
        RuleFor(policy => policy.MaxStepPercent).InclusiveBetween(0.1m, 100).PrecisionScale(5, 2, ignoreTrailingZeros: true);
        RuleFor(policy => policy.StepSeconds).InclusiveBetween(5, 86_400);
        RuleFor(policy => policy.BandPercent).InclusiveBetween(0, 50).PrecisionScale(5, 2, ignoreTrailingZeros: true);
        RuleFor(policy => policy.RoundingUnit).InclusiveBetween(1, 100_000);
    }
}
