using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Tests.Domain;

/// <summary>Taking back the last change of prices by staff.</summary>
[TestFixture]
internal sealed class PriceUndoTests
{
    private static readonly Actor Ana = new(Sample.NewId(), "Ana");
    private static readonly DateTimeOffset Later = Sample.Now.AddHours(1);

    [TestCase("10")]
    [TestCase("-33.33")]
    [TestCase("1000")]
    public void Takes_an_adjustment_back_exactly_also_of_a_tier_whose_price_did_not_move(decimal percentage)
    {
        var shown = Sample.Published(Sample.Tier("Free", 9_990), Sample.Tier("Fixed", 10_000, floor: 10_000, ceiling: 10_000));
        var adjusted = Changed(shown, shown.Adjust(percentage, Sample.Now).Value, PriceChangeReason.Adjusted);

        var undone = adjusted.UndoChange(Sample.Now, Later).Value;

        Assert.That(undone.Tiers.Select(tier => tier.Pricing), Is.EqualTo(shown.Tiers.Select(tier => tier.Pricing)));
        Assert.That(undone.Version, Is.EqualTo(adjusted.Version + 1));
    }

    [Test]
    public void Keeps_what_demand_has_added_since()
    {
        var shown = Sample.Published(Sample.Tier(price: 10_000)) with { Policy = new PricingPolicy(PricingMode.Demand) };
        var adjusted = Changed(shown, shown.Adjust(50, Sample.Now).Value, PriceChangeReason.Adjusted);
        var moved = adjusted with { Tiers = [adjusted.Tiers[0] with { Pricing = adjusted.Tiers[0].Pricing with { Demand = 1_000, MovedAt = Later } }] };

        var undone = moved.UndoChange(Sample.Now, Later).Value.Tiers.Single().Pricing;

        Assert.That((undone.Price, undone.Demand, undone.MovedAt), Is.EqualTo((11_000L, 1_000, (DateTimeOffset?)Later)));
    }

    [Test]
    public void Takes_base_price_and_bounds_of_an_edit_back_and_leaves_the_rest_of_it()
    {
        var shown = Sample.Published(Sample.Tier("Front", 10_000, 10));
        var form = Sample.Form(Sample.Tier("Front", 500, 12, floor: 400), Sample.Tier("New", 700, 1)) with { Name = "New name" };
        var edited = Changed(shown, shown.Edit(form, Sample.Now).Value, PriceChangeReason.Edited);

        var undone = edited.UndoChange(Sample.Now, Later).Value;

        Assert.That(undone.Tiers.Select(tier => (tier.Price, tier.Pricing.Floor, tier.Released)), Is.EqualTo(new[] { (10_000L, (long?)null, 12), (700L, null, 1) }));
        Assert.That(undone.Name, Is.EqualTo("New name"));
    }

    [Test]
    public void A_policy_comes_back_with_what_demand_had_added_under_it()
    {
        var shown = Sample.Published(Sample.Tier(price: 10_000)) with { Policy = new PricingPolicy(PricingMode.Demand) };
        shown = shown with { Tiers = [shown.Tiers[0] with { Pricing = shown.Tiers[0].Pricing with { Price = 12_000, Demand = 2_000, MovedAt = Sample.Now } }] };
        var off = Changed(shown, shown.WithPolicy(PricingPolicy.Off, Sample.Now).Value, PriceChangeReason.PolicyChanged);

        var undone = off.UndoChange(Sample.Now, Later).Value;

        Assert.That(off.Tiers[0].Price, Is.EqualTo(10_000));
        Assert.That((undone.Policy.Mode, undone.Tiers[0].Price), Is.EqualTo((PricingMode.Demand, 12_000L)));
    }

    [Test]
    public void Only_the_last_change_is_taken_back_and_an_edit_of_other_things_is_none()
    {
        var shown = Sample.Published();
        var first = Changed(shown, shown.Adjust(10, Sample.Now).Value, PriceChangeReason.Adjusted);
        var renamed = EventChange.Of(first, first.Edit(Sample.FormOf(first) with { Name = "Renamed" }, Later).Value, Later, new PriceCause(PriceChangeReason.Edited, Ana)).After;
        var second = EventChange.Of(renamed, renamed.Adjust(10, Later).Value, Later, new PriceCause(PriceChangeReason.Adjusted, Ana, 10)).After;

        Assert.That(renamed.UndoChange(Sample.Now, Later).IsSuccess, Is.True);
        Assert.That(second.UndoChange(Sample.Now, Later).Error, Is.EqualTo(EventsErrors.PricesChanged));
        Assert.That(second.UndoChange(Later, Later).Value.Tiers[0].Price, Is.EqualTo(first.Tiers[0].Price));
        Assert.That(shown.UndoChange(Sample.Now, Later).Error, Is.EqualTo(EventsErrors.PricesChanged), "nothing was changed yet");
    }

    private static Event Changed(Event before, Event after, PriceChangeReason reason) =>
        EventChange.Of(before, after, Sample.Now, new PriceCause(reason, Ana)).After;
}
