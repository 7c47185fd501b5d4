using FsCheck;
using FsCheck.Fluent;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Tests.Domain.Pricing;

/// <summary>A policy, and a tier at a moment of its sale whose price is what its parts make.</summary>
internal sealed record PricingCase(PricingPolicy Policy, TierDemand Tier)
{
    public PriceDecision Decide() => PriceEngine.Decide(Policy, Tier);

    public PricingCase With(Func<TierDemand, TierDemand> change) => this with { Tier = change(Tier) };

    /// <summary>The case after the decision and a step's time in which nothing else happened, so that only the price is another.</summary>
    public PricingCase After(PriceDecision decision) => this with { Tier = Tier.After(decision) with { ChangedAt = null } };

    /// <summary>The case with the price that its parts make.</summary>
    public PricingCase Repriced() =>
        With(tier => tier with { Price = PriceEngine.PriceOf(tier.Base, tier.Demand, tier.Adjustment, tier.Floor, tier.Ceiling, Policy.RoundingUnit) });

    /// <summary>A case in which each sold ticket of the 10,000 moves the target by one basis point: for tests that say where demand points to.</summary>
    public PricingCase PointingTo(int target) => new(
        Policy with { SharePercent = 100, PacePercent = 0, MaxIncreasePercent = 100 },
        Tier with { Released = 10_000, Held = 0, Sold = target, ChangedAt = null });

    /// <summary>Less than this between target and demand moves nothing, in basis points.</summary>
    public decimal Band => Math.Max(Policy.BandPercent * 100, Policy.RoundingUnit * 10_000 / Tier.Scale);

    /// <summary>The most that one step may change the price, in cents.</summary>
    public decimal Step => Math.Max(Policy.RoundingUnit, Tier.Scale * Policy.MaxStepPercent / 100);
}

/// <summary>Makes random cases, the odd ones included: prices of a cent, units larger than prices, bounds that leave no choice.</summary>
internal static class PricingCases
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static Arbitrary<PricingCase> PricingCase() => Arb.From(
        from policy in Policies()
        from tier in Tiers()
        from demand in Gen.OneOf(Gen.Constant(0), Gen.Choose(-(int)(policy.MaxDecreasePercent * 100), (int)(policy.MaxIncreasePercent * 100)))
        select new PricingCase(policy, tier with { Demand = demand }).Repriced());

    private static Gen<PricingPolicy> Policies() =>
        from allowFalling in Gen.Elements(true, true, false)
        from maxIncrease in Points(0, 50_000)
        from maxDecrease in Points(0, 9_000)
        from share in Points(0, 50_000)
        from pace in Points(0, 10_000)
        from window in Gen.Choose(1, 1_440)
        from maxStep in Points(10, 2_000)
        from interval in Gen.Choose(5, 3_600)
        from band in Points(0, 1_000)
        from unit in Gen.OneOf(Gen.Elements(1, 50, 100), Gen.Choose(1, 2_000))
        select new PricingPolicy(
            PricingMode.Demand, false, allowFalling, maxIncrease, maxDecrease, share, pace, window, maxStep, interval, band, unit);

    private static Gen<TierDemand> Tiers() =>
        from basePrice in Gen.OneOf(Gen.Choose(1, 200), Gen.Choose(200, 50_000), Gen.Choose(1, 2_000).Select(units => units * 50), Gen.Choose(50_000, 100_000_000))
        from floor in Gen.OneOf(Gen.Constant((long?)null), Gen.Choose(50, 100).Select(percent => (long?)Math.Max(1, basePrice * (long)percent / 100)))
        from ceiling in Gen.OneOf(Gen.Constant((long?)null), Gen.Choose(100, 200).Select(percent => (long?)(basePrice * (long)percent / 100)))
        from adjustment in Gen.OneOf(Gen.Constant(PriceEngine.NoAdjustment), Gen.Choose(300_000, 3_000_000).Select(parts => (long)parts))
        from released in Gen.OneOf(Gen.Choose(1, 300), Gen.Choose(300, 10_000))
        from taken in Gen.Choose(0, released)
        from held in Gen.Choose(0, taken)
        from inWindow in Gen.Choose(-10, taken)
        from minutesOpen in Gen.Choose(0, 43_200)
        from minutesLeft in Gen.Choose(1, 43_200)
        select new TierDemand
        {
            Base = basePrice,
            Floor = floor,
            Ceiling = ceiling,
            Adjustment = adjustment,
            Price = 0,
            Released = released,
            Held = held,
            Sold = taken - held,
            TakenInWindow = inWindow,
            SaleOpensAt = Now.AddMinutes(-minutesOpen),
            SaleClosesAt = Now.AddMinutes(minutesLeft),
            Now = Now,
        };

    private static Gen<decimal> Points(int least, int most) => Gen.Choose(least, most).Select(points => points / 100m);
}
