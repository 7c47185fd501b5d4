using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain.Pricing;

namespace TicketBooth.Events.Tests.Domain.Pricing;

/// <summary>The engine with figures that a person can follow.</summary>
[TestFixture]
internal sealed class PriceEngineTests
{
    private static readonly PricingPolicy Policy = new(PricingMode.Demand);
    private static readonly PricingPolicy Falling = Policy with { AllowFalling = true };

    /// <summary>The example of the engine's comment.</summary>
    private static readonly TierDemand Example = new()
    {
        Base = 10_000,
        Demand = 1_000,
        Price = 11_000,
        ChangedAt = Sample.Now.AddHours(-1),
        Released = 200,
        Held = 2,
        Sold = 70,
        TakenInWindow = 40,
        SaleOpensAt = Sample.Now.AddDays(-5),
        SaleClosesAt = Sample.Now.AddDays(10),
        Now = Sample.Now,
    };

    private static readonly TierDemand Cold = Example with { Demand = 0, Price = 10_000, Held = 0, Sold = 10, TakenInWindow = 0 };

    [Test]
    public void The_example_of_the_comment_is_right()
    {
        var first = PriceEngine.Decide(Policy, Example);
        var later = Example.After(first) with { Now = Sample.Now.AddMinutes(15), SaleClosesAt = Example.SaleClosesAt.AddMinutes(15) };
        var second = PriceEngine.Decide(Policy, later);
        var last = later.After(second) with { ChangedAt = null };

        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(new PriceDecision(11_000, 11_500, new PriceReasons(0.36, 40, 1_440, 128, 14_400, 2_007, 1_000, 1_500, PriceLimits.Step))));
            Assert.That(first.Reasons.PacePerHour, Is.EqualTo(40 / 24.0).Within(0.001));
            Assert.That(first.Reasons.SellOutPacePerHour, Is.EqualTo(12.8 / 24).Within(0.001));
            Assert.That((second.Price, second.Demand), Is.EqualTo((12_000, 2_000)));
            Assert.That((PriceEngine.Decide(Policy, last).IsChange, PriceEngine.Decide(Policy, last).Reasons.Limits), Is.EqualTo((false, PriceLimits.Band)));
        });
    }

    [Test]
    public void What_is_free_stays_free()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var released = random.Next(1, 1_000);
            var sold = random.Next(released + 1);
            var free = Example with
            {
                Base = 0,
                Price = 0,
                Demand = 0,
                Adjustment = random.NextInt64(1, 100 * PriceEngine.NoAdjustment),
                Released = released,
                Sold = sold,
                Held = 0,
                TakenInWindow = sold,
                ChangedAt = null,
            };

            foreach (var policy in new[] { Policy, Falling, Policy with { Mode = PricingMode.Off }, Policy with { RoundingUnit = 500 } })
            {
                var decision = PriceEngine.Decide(policy, free);
                Assert.That((decision.IsChange, decision.Price), Is.EqualTo((false, 0L)), $"seed {seed}");
            }

            Assert.That(PriceEngine.PriceOf(0, random.Next(-9_999, 100_000), free.Adjustment, floor: null, ceiling: null, unit: 100), Is.Zero);
        }
    }

    [Test]
    public void Too_soon_after_a_change_nothing_moves()
    {
        var decision = PriceEngine.Decide(Policy, Example with { ChangedAt = Sample.Now.AddSeconds(-899) });

        Assert.That((decision.Price, decision.Reasons.Limits), Is.EqualTo((11_000, PriceLimits.Interval)));
    }

    [Test]
    public void A_ceiling_ends_the_climb_and_rounds_inwards()
    {
        var decision = PriceEngine.Decide(Policy, Example with { Ceiling = 11_444 });

        Assert.That((decision.Price, decision.Demand, decision.Reasons.Limits), Is.EqualTo((11_400, 1_400, PriceLimits.Ceiling)));
    }

    [Test]
    public void The_policy_limits_what_demand_adds()
    {
        var decision = PriceEngine.Decide(Policy with { MaxIncreasePercent = 14 }, Example);

        Assert.That((decision.Price, decision.Demand, decision.Reasons.Limits), Is.EqualTo((11_400, 1_400, PriceLimits.MaxIncrease)));
    }

    [Test]
    public void A_cold_show_gets_cheaper_only_where_that_is_allowed()
    {
        var (rising, falling) = (PriceEngine.Decide(Policy, Cold), PriceEngine.Decide(Falling, Cold));

        Assert.Multiple(() =>
        {
            Assert.That((rising.IsChange, rising.Reasons.Limits), Is.EqualTo((false, PriceLimits.NoFalling)));
            Assert.That((falling.Price, falling.Demand), Is.EqualTo((9_500, -500)));
        });
    }

    [Test]
    public void A_floor_ends_the_fall()
    {
        var decision = PriceEngine.Decide(Falling, Cold with { Floor = 9_580 });

        Assert.That((decision.Price, decision.Reasons.Limits), Is.EqualTo((9_600, PriceLimits.Floor)));
    }

    [Test]
    public void A_price_leaves_its_floor_although_the_floor_lies_between_two_units()
    {
        var decision = PriceEngine.Decide(Policy with { RoundingUnit = 1_000 }, Example with { Floor = 8_100, Demand = -2_500, Price = 9_000 });

        Assert.That((decision.Price, decision.Demand), Is.EqualTo((10_000, 0)));
    }

    [Test]
    public void In_the_last_hours_only_what_can_still_be_sold_counts()
    {
        var lastHour = Example with { SaleClosesAt = Sample.Now.AddHours(1) };

        // 40 in 24 hours are less than 2 in the hour that is left for 128 tickets.
        Assert.That(PriceEngine.Decide(Policy, lastHour).Reasons.Target, Is.EqualTo(-1_913).Within(1));
    }

    [Test]
    public void A_tier_without_tickets_and_a_sale_that_opens_now_have_no_demand()
    {
        var empty = Example with { Released = 0, Held = 0, Sold = 0, TakenInWindow = 0, SaleOpensAt = Sample.Now };

        Assert.That(PriceEngine.Decide(Falling, empty).Reasons.Target, Is.Zero);
    }

    [TestCase(10_000, 0, 1_000_000, null, null, 50, ExpectedResult = 10_000)]
    [TestCase(10_000, 1_234, 1_000_000, null, null, 50, ExpectedResult = 11_250, Description = "112.34")]
    [TestCase(10_000, 0, 1_100_000, null, null, 50, ExpectedResult = 11_000)]
    [TestCase(10_000, 1_000, 900_000, null, null, 50, ExpectedResult = 9_900)]
    [TestCase(10_025, 1, 1_000_000, null, null, 50, ExpectedResult = 10_025, Description = "the base price counts as a multiple")]
    [TestCase(1_990, 0, 1_100_000, null, null, 50, ExpectedResult = 2_200, Description = "21.89")]
    [TestCase(10_000, 5_000, 1_000_000, null, 12_345, 50, ExpectedResult = 12_300, Description = "bounds round inwards")]
    [TestCase(10_000, -5_000, 1_000_000, 7_777, null, 50, ExpectedResult = 7_800)]
    [TestCase(1_990, 5_000, 1_000_000, 1_960, 1_999, 50, ExpectedResult = 1_990, Description = "no multiple in between")]
    [TestCase(10, 0, 1_000_000, null, null, 50, ExpectedResult = 10)]
    [TestCase(10, -9_000, 1, null, null, 50, ExpectedResult = 10, Description = "never nothing")]
    [TestCase(100_000_000, 50_000, long.MaxValue, null, 200_000_000, 50, ExpectedResult = 200_000_000)]
    public long The_parts_make_the_price(long basePrice, int demand, long adjustment, long? floor, long? ceiling, int unit) =>
        PriceEngine.PriceOf(basePrice, demand, adjustment, floor, ceiling, unit);

    [TestCase(1_000_000, "10", ExpectedResult = 1_100_000)]
    [TestCase(1_100_000, "-5", ExpectedResult = 1_045_000)]
    [TestCase(1_000_000, "-99.99999999", ExpectedResult = 1)]
    [TestCase(1_000_000_000_000, "1000", ExpectedResult = 1_000_000_000_000)]
    public long Percentages_of_people_multiply(long adjustment, decimal percentage) => PriceEngine.Adjusted(adjustment, percentage);

    [Test]
    public void Recorded_sales_are_played_against_a_policy()
    {
        var start = Example with { Demand = 0, Price = 10_000, ChangedAt = null, Held = 0, Sold = 0, TakenInWindow = 0, SaleOpensAt = Sample.Now.AddHours(-1) };
        TakenMinute[] minutes =
        [
            new(Sample.Now.AddMinutes(-30), 0, 0),
            new(Sample.Now.AddMinutes(20), 40, 0),
            new(Sample.Now.AddMinutes(25), -40, 40),
            new(Sample.Now.AddMinutes(50), 5, 0),
        ];

        var path = PriceReplay.Run(Policy, start, minutes, Sample.Now.AddHours(2)).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(path.Select(change => (change.At - Sample.Now).TotalMinutes), Is.EqualTo([30, 45, 60, 75, 90]).AsCollection);
            Assert.That(path.Select(change => change.Decision.Price), Is.EqualTo([10_500, 11_000, 11_500, 12_000, 12_500]).AsCollection);
            Assert.That(path[0].Decision.Reasons.Taken, Is.EqualTo(40), "paying for a ticket does not take it again");
        });
    }

    [Test]
    public void A_replay_starts_with_what_its_window_holds_and_forgets_it_in_time()
    {
        var policy = Falling with { WindowMinutes = 60 };
        var start = Cold with { Sold = 40, SaleClosesAt = Sample.Now.AddDays(1) };

        var path = PriceReplay.Run(policy, start, [new(Sample.Now.AddMinutes(-10), 0, 40)], Sample.Now.AddHours(12)).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(path[0].Decision.Reasons.Taken, Is.EqualTo(40));
            Assert.That(path[0].Decision.Price, Is.EqualTo(10_500));
            Assert.That(path[^1].Decision.Reasons.Taken, Is.Zero);
            Assert.That(path[^1].Decision.Price, Is.LessThan(path[^1].Decision.Before));
            Assert.That(path[^1].Decision.Reasons.ShareTaken, Is.EqualTo(0.2), "they are not taken twice");
        });
    }
}
