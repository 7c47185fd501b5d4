using System.Text.Json;
using FsCheck;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain.Pricing;
using TicketBooth.Events.Pricing;

namespace TicketBooth.Events.Tests.Domain.Pricing;

#pragma warning disable NUnit1027 // FsCheck supplies the arguments
/// <summary>The rules that every price keeps, whatever the policy, the tier and the sales.</summary>
[FsCheck.NUnit.Properties(Arbitrary = [typeof(PricingCases)], MaxTest = 1_000)]
internal sealed class PriceEngineProperties
{
    private const int Forever = 20_000;

    [FsCheck.NUnit.Property]
    public void More_tickets_taken_or_a_faster_pace_never_give_a_lower_price(PricingCase quiet, NonNegativeInt more, NonNegativeInt faster)
    {
        var busy = quiet.With(tier => tier with
        {
            Sold = tier.Sold + (more.Get % (tier.Available + 1)),
            TakenInWindow = tier.TakenInWindow + faster.Get,
        });

        Assert.That(busy.Decide().Price, Is.GreaterThanOrEqualTo(quiet.Decide().Price));
    }

    [FsCheck.NUnit.Property]
    public void A_price_is_within_its_floor_and_ceiling(PricingCase any)
    {
        foreach (var tier in PathOf(any, 50))
        {
            Assert.That(tier.Price, Is.InRange(Math.Max(1, tier.Floor ?? 1), tier.Ceiling ?? long.MaxValue));
        }
    }

    [FsCheck.NUnit.Property]
    public void Demand_stays_within_what_the_policy_adds_and_takes_off(PricingCase any)
    {
        foreach (var tier in PathOf(any, 50))
        {
            Assert.That(tier.Demand / 100m, Is.InRange(-any.Policy.MaxDecreasePercent, any.Policy.MaxIncreasePercent));
        }
    }

    [FsCheck.NUnit.Property]
    public void A_price_moves_by_one_step_at_most(PricingCase any)
    {
        var decision = any.Decide();

        Assert.That(Math.Abs(decision.Price - decision.Before), Is.LessThanOrEqualTo(any.Step));
    }

    [FsCheck.NUnit.Property]
    public void A_price_moves_once_in_an_interval_at_most(PricingCase any, NonNull<byte[]> sales)
    {
        var tier = any.Tier;
        foreach (var sale in sales.Get)
        {
            tier = tier with { Now = tier.Now.AddSeconds(sale), TakenInWindow = tier.TakenInWindow + (sale % 9) - 4, SaleClosesAt = tier.Now.AddDays(1) };
            var decision = PriceEngine.Decide(any.Policy, tier);
            if (decision.IsChange && tier.ChangedAt is { } before)
            {
                Assert.That(tier.Now - before, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(any.Policy.StepSeconds)));
            }

            tier = tier.After(decision);
        }
    }

    [FsCheck.NUnit.Property]
    public void A_price_is_a_multiple_of_the_unit_or_the_base_price(PricingCase any)
    {
        foreach (var price in PathOf(any, 20).Select(step => step.Price).Where(price => price != any.Tier.Base))
        {
            Assert.That(price % any.Policy.RoundingUnit, Is.Zero);
        }
    }

    [FsCheck.NUnit.Property]
    public void A_price_falls_only_if_the_policy_allows_it(PricingCase any)
    {
        var rising = any with { Policy = any.Policy with { AllowFalling = false } };

        Assert.That(PathOf(rising, 50).Select(tier => tier.Price), Is.Ordered);
    }

    [FsCheck.NUnit.Property]
    public void Deciding_again_at_once_changes_nothing(PricingCase any)
    {
        var decided = any.With(tier => tier.After(any.Decide()));

        Assert.That(decided.Decide().IsChange, Is.False);
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Demand_that_stays_the_same_moves_the_price_straight_to_where_it_then_stays(PricingCase any)
    {
        var path = PathOf(any, Forever).ToList();
        Assert.That(path, Has.Count.LessThan(Forever), "it never settles");

        var end = path[^1];
        var prices = path.Select(tier => tier.Price).ToList();
        Assert.That(prices, Is.Unique.And.Ordered.Or.Ordered.Descending);

        // It stops where demand points to, or as close as the band and the ban on falling let it; each of the two prices is rounded.
        var target = PriceEngine.PriceOf(end.Base, PriceEngine.Decide(any.Policy, end).Reasons.Target, end.Adjustment, end.Floor, end.Ceiling, any.Policy.RoundingUnit);
        var isHeldUp = target < end.Price && !any.Policy.AllowFalling;
        Assert.That(isHeldUp || Math.Abs(target - end.Price) <= (any.Band * end.Scale / 10_000) + (2 * any.Policy.RoundingUnit), $"{end.Price} is far from {target}");
    }

    [FsCheck.NUnit.Property]
    public void Demand_that_wobbles_within_the_band_never_turns_the_price_around(PricingCase any, NonNegativeInt where, NonNull<byte[]> wobbles)
    {
        var wobbling = any.PointingTo(0);
        var band = (int)Math.Min(10_000, Math.Ceiling(wobbling.Band)) - 1;
        var lowest = where.Get * 97 % (10_000 - band);
        var prices = new List<long> { wobbling.Tier.Price };
        foreach (var wobble in wobbles.Get)
        {
            wobbling = wobbling.PointingTo(lowest + (band * wobble / byte.MaxValue));
            wobbling = wobbling.After(wobbling.Decide());
            prices.Add(wobbling.Tier.Price);
        }

        Assert.That(prices, Is.Ordered.Or.Ordered.Descending);
    }

    [FsCheck.NUnit.Property(MaxTest = 25)]
    public void Ten_thousand_steps_up_and_down_again_and_again_end_where_they_began(PricingCase any)
    {
        var exact = any with
        {
            Policy = any.Policy with { AllowFalling = true, BandPercent = 0, RoundingUnit = 1 },
            Tier = any.Tier with { Base = Math.Max(40_000, any.Tier.Base) }, // a cent is less than a basis point
        };

        Assert.That(EndsOfSwings(exact), Is.All.Zero);
    }

    [FsCheck.NUnit.Property(MaxTest = 25)]
    public void Ten_thousand_steps_up_and_down_again_and_again_end_within_the_band(PricingCase any)
    {
        var band = any.Band;

        Assert.That(EndsOfSwings(any with { Policy = any.Policy with { AllowFalling = true } }), Is.All.LessThanOrEqualTo(band));
    }

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public void Ten_thousand_adjustments_up_and_down_again_end_where_they_began(PricingCase any)
    {
        var (tier, adjustment) = (any.Tier, any.Tier.Adjustment);

        for (var i = 0; i < 10_000; i += 2)
        {
            adjustment = PriceEngine.Adjusted(PriceEngine.Adjusted(adjustment, 25), -20);
        }

        Assert.That(PriceEngine.PriceOf(tier.Base, tier.Demand, adjustment, tier.Floor, tier.Ceiling, any.Policy.RoundingUnit), Is.EqualTo(tier.Price));
    }

    [FsCheck.NUnit.Property]
    public void A_price_is_always_what_its_parts_make(PricingCase any)
    {
        foreach (var tier in PathOf(any, 50))
        {
            Assert.That(tier.Price, Is.EqualTo(PriceEngine.PriceOf(tier.Base, tier.Demand, tier.Adjustment, tier.Floor, tier.Ceiling, any.Policy.RoundingUnit)));
        }
    }

    [FsCheck.NUnit.Property]
    public void Nothing_moves_while_prices_are_paused_or_the_sale_is_not_open(PricingCase any)
    {
        var paused = any with { Policy = any.Policy with { Paused = true } };
        var early = any.With(tier => tier with { SaleOpensAt = tier.Now.AddTicks(1) });
        var late = any.With(tier => tier with { SaleClosesAt = tier.Now });

        Assert.Multiple(() =>
        {
            Assert.That((paused.Decide().IsChange, paused.Decide().Reasons.Limits), Is.EqualTo((false, PriceLimits.Paused)));
            Assert.That((early.Decide().IsChange, early.Decide().Reasons.Limits), Is.EqualTo((false, PriceLimits.NotOpen)));
            Assert.That((late.Decide().IsChange, late.Decide().Reasons.Limits), Is.EqualTo((false, PriceLimits.Closed)));
        });
    }

    [FsCheck.NUnit.Property]
    public void Switching_off_takes_demand_out_of_the_price_at_once(PricingCase any)
    {
        var off = any with { Policy = any.Policy with { Mode = PricingMode.Off } };
        var (tier, decision) = (any.Tier, off.Decide());

        Assert.Multiple(() =>
        {
            Assert.That(decision.Demand, Is.Zero);
            Assert.That(decision.Price, Is.EqualTo(PriceEngine.PriceOf(tier.Base, 0, tier.Adjustment, tier.Floor, tier.Ceiling, any.Policy.RoundingUnit)));
            Assert.That(off.After(decision).Decide().IsChange, Is.False);
        });
    }

    [FsCheck.NUnit.Property]
    public void A_price_that_nobody_touched_is_the_base_price(PricingCase any)
    {
        var (tier, unit) = (any.Tier, any.Policy.RoundingUnit);

        Assert.That(PriceEngine.PriceOf(tier.Base, 0, PriceEngine.NoAdjustment, tier.Floor, tier.Ceiling, unit), Is.EqualTo(tier.Base));
    }

    [FsCheck.NUnit.Property]
    public void Reasons_are_read_back_from_their_JSON_and_have_words(PricingCase any)
    {
        var reasons = any.Decide().Reasons;

        Assert.That(JsonSerializer.Deserialize<PriceReasons>(JsonSerializer.Serialize(reasons)), Is.EqualTo(reasons));
        Assert.That(PriceWords.Explain(reasons), Does.EndWith("."));
    }

    /// <summary>The demand part whenever demand has swung from nothing to its height and back, in 10,000 steps.</summary>
    private static List<int> EndsOfSwings(PricingCase any)
    {
        var unbounded = any.With(tier => tier with { Floor = null, Ceiling = null }).Repriced();
        var (low, high) = (unbounded.PointingTo(0), unbounded.PointingTo(10_000));
        var (tier, ends) = (low.Tier, new List<int>());
        for (var steps = 0; steps < 10_000;)
        {
            steps += Settle(high) + Settle(low);
            ends.Add(tier.Demand);
        }

        return ends;

        int Settle(PricingCase demand)
        {
            var path = PathOf(demand.With(asked => asked with { Price = tier.Price, Demand = tier.Demand }), Forever).ToList();
            tier = path[^1];
            return path.Count;
        }
    }

    /// <summary>The tier after each decision while demand stays the same and an interval passes between decisions, until nothing moves any more.</summary>
    private static IEnumerable<TierDemand> PathOf(PricingCase start, int most)
    {
        yield return start.Tier;
        for (var (now, steps) = (start, 1); steps < most && now.Decide() is { IsChange: true } decision; steps++)
        {
            now = now.After(decision);
            yield return now.Tier;
        }
    }
}
