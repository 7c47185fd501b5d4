using TicketBooth.Events.Contracts;
using TicketBooth.Events.Managing;

namespace TicketBooth.Events.Tests.Managing;

[TestFixture]
internal sealed class EventFormRulesTests
{
    private static readonly EventFormRules Rules = new();

    [Test]
    public void Accepts_a_form_within_every_bound()
    {
        var widest = Sample.Form(Sample.Tier(new string('t', 100), 100_000_000, 10_000, floor: 1, ceiling: 100_000_000)) with
        {
            Name = new string('n', 200),
            Venue = "Salão Nobre, 東京 🎭",
            Description = "One\nTwo\tThree\r\n" + new string('d', 9_000),
            PublishedAt = Sample.Now.AddDays(1),
            EndsSellingAt = Sample.Now.AddDays(31),
            Capacity = 10_000,
            Currency = "JPY",
        };

        Assert.That(FieldsOf(widest), Is.Empty);
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(price: 1, tickets: 1))), Is.Empty);
        Assert.That(FieldsOf(Sample.Form() with { Description = null }), Is.Empty);
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("Line\nbreak")]
    [TestCase("Bell\u0007")]
    [TestCase("Jazz \u202egnp.exe")]
    [TestCase("Jazz\u0378")]
    [TestCase("\u200b")]
    [TestCase(null)]
    public void Refuses_a_name_or_venue_that_is_empty_or_hides_control_characters(string? text)
    {
        Assert.That(FieldsOf(Sample.Form() with { Name = text! }), Is.EqualTo(new[] { "Name" }));
        Assert.That(FieldsOf(Sample.Form() with { Venue = text! }), Is.EqualTo(new[] { "Venue" }));
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(text!))), Is.EqualTo(new[] { "Tiers[0].Name" }));
    }

    [Test]
    public void Refuses_text_that_is_too_long()
    {
        Assert.That(FieldsOf(Sample.Form() with { Name = new string('n', 201) }), Is.EqualTo(new[] { "Name" }));
        Assert.That(FieldsOf(Sample.Form() with { Venue = new string('n', 201) }), Is.EqualTo(new[] { "Venue" }));
        Assert.That(FieldsOf(Sample.Form() with { Description = new string('n', 10_001) }), Is.EqualTo(new[] { "Description" }));
        Assert.That(FieldsOf(Sample.Form() with { Description = "\u001b[31m" }), Is.EqualTo(new[] { "Description" }));
        Assert.That(FieldsOf(Sample.Form() with { Description = "Jazz \u202egnp.exe" }), Is.EqualTo(new[] { "Description" }));
        Assert.That(FieldsOf(Sample.Form() with { Description = "Two\r\nlines\tand a tab" }), Is.Empty);
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(new string('n', 101)))), Is.EqualTo(new[] { "Tiers[0].Name" }));
    }

    [Test]
    public void Takes_a_free_tier_that_stays_free()
    {
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(price: 0))), Is.Empty);
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(price: 0, ceiling: 100))), Is.EqualTo(new[] { "Tiers[0].Ceiling" }));
    }

    [TestCase(-1)]
    [TestCase(100_000_001)]
    [TestCase(long.MaxValue)]
    [TestCase(long.MinValue)]
    public void Refuses_a_price_out_of_bounds(long price) =>
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(price: price))), Is.EqualTo(new[] { "Tiers[0].Price" }));

    [Test]
    public void Refuses_a_floor_above_or_a_ceiling_below_the_price()
    {
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(price: 100, floor: 101))), Is.EqualTo(new[] { "Tiers[0].Floor" }));
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(price: 100, ceiling: 99))), Is.EqualTo(new[] { "Tiers[0].Ceiling" }));
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(price: 100, floor: 0))), Is.EqualTo(new[] { "Tiers[0].Floor" }));
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(price: 100, ceiling: 100_000_001))), Is.EqualTo(new[] { "Tiers[0].Ceiling" }));
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(price: 100, floor: 100, ceiling: 100))), Is.Empty);
    }

    [TestCase(0)]
    [TestCase(-5)]
    public void Refuses_a_tier_without_tickets(int tickets) =>
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(tickets: tickets))), Is.EqualTo(new[] { "Tiers[0].Tickets" }));

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(10_001)]
    public void Refuses_a_capacity_out_of_bounds(int capacity) =>
        Assert.That(FieldsOf(Sample.Form(Sample.Tier(tickets: 1)) with { Capacity = capacity }), Is.EqualTo(new[] { "Capacity" }));

    [Test]
    public void Refuses_to_release_more_tickets_than_the_venue_takes()
    {
        Assert.That(FieldsOf(Sample.Form(Sample.Tier("A", tickets: 6), Sample.Tier("B", tickets: 5)) with { Capacity = 10 }), Is.EqualTo(new[] { "Capacity" }));
        Assert.That(
            FieldsOf(Sample.Form() with { Tiers = [Sample.Tier("A", tickets: int.MaxValue), Sample.Tier("B", tickets: int.MaxValue)] }),
            Is.EqualTo(new[] { "Capacity" }), "sums beyond 32 bits do not wrap round");
    }

    [Test]
    public void Refuses_no_tiers_too_many_tiers_and_tiers_that_are_null()
    {
        Assert.That(FieldsOf(Sample.Form() with { Tiers = [] }), Is.EqualTo(new[] { "Tiers" }));
        Assert.That(FieldsOf(Sample.Form([.. Enumerable.Range(0, 51).Select(i => Sample.Tier("Tier " + i, tickets: 1))])), Is.EqualTo(new[] { "Tiers" }));
        Assert.That(FieldsOf(Sample.Form() with { Tiers = [null!] }), Is.EqualTo(new[] { "Tiers[0]" }));
    }

    [Test]
    public void Refuses_two_tiers_of_one_name_or_one_id()
    {
        var id = Sample.NewId();
        Assert.That(FieldsOf(Sample.Form(Sample.Tier("Front"), Sample.Tier("FRONT "))), Is.EqualTo(new[] { "Tiers" }));
        Assert.That(FieldsOf(Sample.Form(Sample.Tier("Front", id: id), Sample.Tier("Back", id: id))), Is.EqualTo(new[] { "Tiers" }));
    }

    [TestCase("XXX")]
    [TestCase("brl")]
    [TestCase("")]
    [TestCase("R$")]
    public void Refuses_what_is_no_currency(string currency) => Assert.That(FieldsOf(Sample.Form() with { Currency = currency }), Is.EqualTo(new[] { "Currency" }));

    [Test]
    public void Refuses_a_sale_that_closes_before_it_opens() =>
        Assert.That(FieldsOf(Sample.Form() with { PublishedAt = Sample.Now.AddDays(29) }), Is.EqualTo(new[] { "EndsSellingAt" }));

    private static string[] FieldsOf(EventForm form) => [.. Rules.Validate(form).Errors.Select(failure => failure.PropertyName).Distinct(StringComparer.Ordinal)];
}
