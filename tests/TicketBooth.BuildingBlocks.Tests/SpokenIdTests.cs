using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests;

/// <summary>The numbers by which people call orders.</summary>
internal sealed class SpokenIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 14, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_number_is_short_and_has_no_letter_that_is_taken_for_a_digit()
    {
        Assert.That(SpokenId.Of(TaggedId.New(Now, 7)), Does.Match("^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$"));
        Assert.That(SpokenId.Of(new Guid("0199e2f4-5d3a-8c11-9b42-6f1d2a9c0001")), Is.EqualTo("0Q1WN-R9TR4"));
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public bool A_number_finds_its_order_and_says_when_it_was_placed_whatever_its_shard(ushort tag, uint after)
    {
        var id = TaggedId.New(Now.AddMilliseconds(after), tag);
        var found = SpokenId.TryParse(SpokenId.Of(id), out var first, out var last);
        return found && first.CompareTo(id) <= 0 && last.CompareTo(id) >= 0 && SpokenId.Of(first) == SpokenId.Of(id) && SpokenId.Of(last) == SpokenId.Of(id);
    }

    [Test]
    public void Later_orders_have_higher_numbers_and_a_number_covers_one_of_a_thousand_parts_of_a_millisecond()
    {
        var numbers = Enumerable.Range(0, 100).Select(step => SpokenId.Of(TaggedId.New(Now.AddMilliseconds(step), 1))).ToList();

        Assert.That(numbers, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(Enumerable.Range(0, 1000).Select(_ => SpokenId.Of(TaggedId.New(Now, 1))).Distinct(StringComparer.Ordinal).Count(), Is.GreaterThan(500));
    }

    [TestCase("o1cnh-8bmwr", "01CNH-8BMWR")]
    [TestCase(" 0icn h8bm wr ", "01CNH-8BMWR")]
    [TestCase("0LCNH8BMWR", "01CNH-8BMWR")]
    public void People_may_write_it_as_they_hear_it(string written, string number)
    {
        Assert.That(SpokenId.TryParse(written, out var first, out _), Is.True);
        Assert.That(SpokenId.Of(first), Is.EqualTo(number));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("maria")]
    [TestCase("1CNH8-BMWR")]
    [TestCase("1CNH8-BMWR44")]
    [TestCase("1CNH8_BMWR4")]
    [TestCase("1CNH8           BMWR4")]
    [TestCase("UUUUU-UUUUU")]
    public void Anything_else_is_no_number(string? text) => Assert.That(SpokenId.TryParse(text, out _, out _), Is.False);
}
