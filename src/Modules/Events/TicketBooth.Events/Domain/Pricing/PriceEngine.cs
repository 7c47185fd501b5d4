using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Domain.Pricing;

/// <summary>
/// Decides prices from demand. Pure: the same tier at the same moment always gets the same price, and the same reasons for it.
/// </summary>
/// <remarks>
/// <para>
/// A price is its parts: round(clamp(base x (1 + demand) x adjustment, floor, ceiling)). Only the parts are stored and never computed from
/// a rounded price, so that rounding errors do not add up. Of the parts the engine moves demand alone.
/// </para>
/// <para>
/// Where demand points to follows G. Gallego and G. van Ryzin, "Optimal Dynamic Pricing of Inventories with Stochastic Demand over Finite
/// Horizons", Management Science 40(8), 1994, and K. Talluri and G. van Ryzin, "The Theory and Practice of Revenue Management", 2004,
/// chapter 5. When the number of buyers falls exponentially with the price, the price that just sells out differs from the present one by
/// theta x ln(pace / sell-out pace), theta being how much dearer a ticket gets before one buyer in e is left; and the best price rises as
/// the stock falls. Hence
/// </para>
/// <code>
/// hours  = the policy's window, or what there is of it: since the sale opened, until it closes
/// target = SharePercent x share taken + PacePercent x ln((pace x hours + 5) / (sell-out pace x hours + 5))
/// </code>
/// <para>
/// The five tickets on both sides keep it calm while little has been seen, and defined when nothing was sold: a single ticket moves the
/// target by less than the default band. The target is measured from the base price and not from the present one: the price settles below
/// the one that just sells out, and in return does not swing around it, although the window shows buyers' answers to a price only after a
/// while.
/// </para>
/// <para>
/// An example, with the default policy. Of 200 tickets at 100.00, 72 are taken, 40 of them in the last 24 hours; the sale closes in 10
/// days, so that 128 / 10 = 12.8 in 24 hours would sell out. The target is 30 % x 0.36 + 10 % x ln(45 / 17.8) = 10.8 % + 9.27 % = +20.07 %.
/// The price is 110.00, demand +10 %: it goes up by one step, to +15 % and 115.00; a quarter of an hour later to +20 % and 120.00; there it
/// stays, for +20.07 % is within the band.
/// </para>
/// </remarks>
internal static class PriceEngine
{
    /// <summary>The adjustment of a price that nobody adjusted, in parts per million.</summary>
    public const long NoAdjustment = 1_000_000;

    /// <summary>The base price in basis points of itself.</summary>
    private const int Whole = 10_000;

    /// <summary>How many tickets are added to both paces.</summary>
    private const int Calm = 5;

    /// <summary>Where nobody set a ceiling, in cents: far above what a price can be, far below what overflows.</summary>
    private const long HighestPrice = 1_000_000_000_000;

    public static PriceDecision Decide(PricingPolicy policy, TierDemand tier)
    {
        var seen = Observe(policy, tier);
        if (policy.Mode == PricingMode.Off)
        {
            return new PriceDecision(tier.Price, PriceAt(0), seen with { Target = 0, To = 0, Limits = PriceLimits.Off });
        }

        if (StandstillOf(policy, tier) is var standstill and not PriceLimits.None)
        {
            return Stay(standstill);
        }

        // The demand part within the bounds: beyond a bound there is nothing to move.
        var (low, _, high) = RangeOf(tier.Base, tier.Floor, tier.Ceiling, policy.RoundingUnit);
        var (lowest, highest) = (Math.Floor(DemandAt(low)), Math.Ceiling(DemandAt(high)));
        var present = (int)Math.Clamp(tier.Demand, lowest, highest);

        var (target, limits) = ((int)Math.Round(WantedOf(policy, seen)), PriceLimits.None);
        Limit(
            -BasisPoints(policy.MaxDecreasePercent),
            PriceLimits.MaxDecrease,
            BasisPoints(policy.MaxIncreasePercent),
            PriceLimits.MaxIncrease
        );
        Limit(lowest, PriceLimits.Floor, highest, PriceLimits.Ceiling);
        seen = seen with { Target = target };

        if (target < present && !policy.AllowFalling)
        {
            return Stay(PriceLimits.NoFalling);
        }

        decimal distance = Math.Abs(target - present);
        if (distance <= BasisPoints(policy.BandPercent) || distance * tier.Scale < (decimal)policy.RoundingUnit * Whole)
        {
            return Stay(limits | PriceLimits.Band);
        }

        if (tier.Now - tier.ChangedAt < TimeSpan.FromSeconds(policy.StepSeconds))
        {
            return Stay(limits | PriceLimits.Interval);
        }

        // A step is at least one unit, else a cheap ticket could never move; and rounding must not stretch it.
        var longest = Math.Max(policy.RoundingUnit, tier.Scale * BasisPoints(policy.MaxStepPercent) / Whole);
        var reach = (int)Math.Min(distance, Math.Ceiling(longest * Whole / tier.Scale));
        while (reach > 0 && Math.Abs(PriceAt(Moved()) - tier.Price) > longest)
        {
            reach--;
        }

        var price = PriceAt(Moved());
        return price == tier.Price
            ? Stay(limits)
            : new PriceDecision(
                tier.Price,
                price,
                seen with
                {
                    To = Moved(),
                    Limits = reach < distance ? limits | PriceLimits.Step : limits,
                }
            );

        int Moved() => present + (Math.Sign(target - present) * reach);

        long PriceAt(int demand) => PriceOf(tier.Base, demand, tier.Adjustment, tier.Floor, tier.Ceiling, policy.RoundingUnit);

        decimal DemandAt(decimal price) => Math.Clamp((price / tier.Scale * Whole) - Whole, -Whole, int.MaxValue);

        PriceDecision Stay(PriceLimits why) => new(tier.Price, tier.Price, seen with { Limits = why });

        void Limit(decimal low, PriceLimits whenLow, decimal high, PriceLimits whenHigh)
        {
            limits |=
                target < low ? whenLow
                : target > high ? whenHigh
                : PriceLimits.None;
            target = (int)Math.Clamp(target, low, high);
        }
    }

    /// <summary>The price that these parts make: the nearest multiple of the unit, or the base price, within the bounds.</summary>
    /// <param name="demand">In basis points of the base price.</param>
    /// <param name="adjustment">In parts per million.</param>
    public static long PriceOf(long basePrice, int demand, long adjustment, long? floor, long? ceiling, int unit)
    {
        if (basePrice == 0)
        {
            // What is free stays free: percentages of nothing are nothing, and the lowest price of others is one cent.
            return 0;
        }

        var exact = basePrice * (1 + (demand / (decimal)Whole)) * (adjustment / (decimal)NoAdjustment);
        var (low, anchor, high) = RangeOf(basePrice, floor, ceiling, unit);
        var rounded = Math.Clamp(Math.Round(exact / unit, MidpointRounding.AwayFromZero) * unit, low, high);
        return (long)(Math.Abs(anchor - exact) < Math.Abs(rounded - exact) ? anchor : rounded);
    }

    /// <summary>
    /// The adjustment after one more percentage, such as 10 or -5; at least a millionth, at most a million times the base price.
    /// </summary>
    public static long Adjusted(long adjustment, decimal percentage) =>
        (long)Math.Clamp(Math.Round(adjustment * (1 + (percentage / 100))), 1, NoAdjustment * NoAdjustment);

    /// <summary>The lowest and the highest price, rounded inwards to the unit but not past the base price, and the base price.</summary>
    private static (decimal Low, decimal Base, decimal High) RangeOf(long basePrice, long? floor, long? ceiling, int unit)
    {
        decimal lowest = Math.Max(1, floor ?? 1);
        decimal highest = ceiling ?? HighestPrice;
        var anchor = Math.Clamp(basePrice, lowest, highest);
        return (Math.Min(anchor, Math.Ceiling(lowest / unit) * unit), anchor, Math.Max(anchor, Math.Floor(highest / unit) * unit));
    }

    private static PriceReasons Observe(PricingPolicy policy, TierDemand tier) =>
        new(
            tier.Released > 0 ? (tier.Released - tier.Available) / (double)tier.Released : 0,
            Math.Max(0, tier.TakenInWindow),
            Math.Clamp((tier.Now - tier.SaleOpensAt).TotalMinutes, 0, policy.WindowMinutes),
            tier.Available,
            Math.Max(0, (tier.SaleClosesAt - tier.Now).TotalMinutes),
            tier.Demand,
            tier.Demand,
            tier.Demand,
            PriceLimits.None
        );

    private static PriceLimits StandstillOf(PricingPolicy policy, TierDemand tier) =>
        tier.Base == 0 ? PriceLimits.Free
        : policy.Paused ? PriceLimits.Paused
        : tier.Now < tier.SaleOpensAt ? PriceLimits.NotOpen
        : tier.Now >= tier.SaleClosesAt ? PriceLimits.Closed
        : PriceLimits.None;

    /// <summary>Where demand points to before any bound, in basis points.</summary>
    private static double WantedOf(PricingPolicy policy, PriceReasons seen)
    {
        var hours = Math.Min(seen.Minutes, seen.MinutesLeft) / 60;
        var ratio = ((seen.PacePerHour * hours) + Calm) / ((seen.SellOutPacePerHour * hours) + Calm);
        return (BasisPoints(policy.SharePercent) * seen.ShareTaken) + (BasisPoints(policy.PacePercent) * Math.Log(ratio));
    }

    private static int BasisPoints(decimal percent) => (int)(percent * 100);
}
