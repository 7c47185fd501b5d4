using FluentValidation;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Pricing;

/// <summary>The rules of every pricing policy.</summary>
internal sealed class PolicyRules : AbstractValidator<PricingPolicy>
{
    public PolicyRules()
    {
        RuleFor(policy => policy.Mode).IsInEnum();
        RuleFor(policy => policy.MaxIncreasePercent).InclusiveBetween(0, 500).HasPrecision();
        RuleFor(policy => policy.MaxDecreasePercent).InclusiveBetween(0, 90).HasPrecision();
        RuleFor(policy => policy.SharePercent).InclusiveBetween(0, 500).HasPrecision();
        RuleFor(policy => policy.PacePercent).InclusiveBetween(0, 500).HasPrecision();
        RuleFor(policy => policy.WindowMinutes).InclusiveBetween(1, 1_440);
        RuleFor(policy => policy.MaxStepPercent).InclusiveBetween(0.1m, 100).HasPrecision();
        RuleFor(policy => policy.StepSeconds).InclusiveBetween(5, 86_400);
        RuleFor(policy => policy.BandPercent).InclusiveBetween(0, 50).HasPrecision();
        RuleFor(policy => policy.RoundingUnit).InclusiveBetween(1, 100_000);
    }
}
