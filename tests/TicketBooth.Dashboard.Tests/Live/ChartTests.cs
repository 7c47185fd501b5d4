using TicketBooth.Dashboard.Live.Views;

namespace TicketBooth.Dashboard.Tests.Live;

/// <summary>The axes of charts, and the windows of time that they show.</summary>
internal sealed class ChartTests
{
    [TestCase(0, new long[] { 4, 3, 2, 1, 0 })]
    [TestCase(1, new long[] { 4, 3, 2, 1, 0 })]
    [TestCase(7, new long[] { 8, 6, 4, 2, 0 })]
    [TestCase(100, new long[] { 100, 50, 0 })]
    [TestCase(99, new long[] { 100, 50, 0 })]
    [TestCase(1234, new long[] { 1500, 1000, 500, 0 })]
    public void Counts_have_an_axis_of_a_few_round_numbers(long most, long[] values) =>
        Assert.That(ChartScale.UpTo(most).Values, Is.EqualTo(values));

    [TestCase(9_850, 11_200, new long[] { 11_500, 11_000, 10_500, 10_000, 9_500 })]
    [TestCase(10_000, 10_000, new long[] { 11_000, 10_500, 10_000, 9_500, 9_000 })]
    [TestCase(1, 1, new long[] { 2, 1, 0 })]
    [TestCase(0, 0, new long[] { 1, 0 })]
    [TestCase(1, 100_000_000, new long[] { 100_000_000, 50_000_000, 0 })]
    public void Prices_have_an_axis_around_them(long least, long most, long[] values) =>
        Assert.That(ChartScale.Between(least, most).Values, Is.EqualTo(values));

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public bool Every_value_lies_within_its_axis_which_is_short(int one, int other)
    {
        var (least, most) = (Math.Min((long)one, other), Math.Max((long)one, other));
        var scale = ChartScale.Between(least, most);
        return scale.Bottom <= least && scale.Top >= most && scale.Steps is >= 1 and <= 6 && scale.Below(scale.Top, 200) == 0 && scale.Below(scale.Bottom, 200) == 200;
    }

    [Test]
    public void A_window_has_a_bar_for_each_part_of_it_and_sums_what_is_of_the_same_part()
    {
        var now = new DateTimeOffset(2026, 11, 28, 12, 7, 30, TimeSpan.Zero);
        var counts = new[] { (now.AddMinutes(-5), 1L, 0L), (now.AddMinutes(-6), 2L, 1L), (now.AddHours(-23), 4L, 4L), (now.AddDays(-2), 8L, 8L) };

        var hour = ChartWindow.OfMinutes("Last hour", counts, now, isByQuarter: false);
        var day = ChartWindow.OfMinutes("Last 24 hours", counts, now, isByQuarter: true);

        Assert.That((hour.Bars.Count, hour.Bars.Sum(bar => bar.First), hour.Bars[^6].First, hour.Bars[^7].Second), Is.EqualTo((60, 3L, 1L, 1L)));
        Assert.That((day.Bars.Count, day.Bars.Sum(bar => bar.First), day.Bars[^1].First), Is.EqualTo((96, 7L, 3L)));
        Assert.That(day.Bars[^1].At, Is.EqualTo(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public void Days_without_sales_have_their_place_too()
    {
        var today = new DateOnly(2026, 3, 2);

        var window = ChartWindow.OfDays("Last 30 days", [(new DateOnly(2026, 2, 28), 3, 2), (new DateOnly(2026, 1, 1), 9, 9)], today);

        Assert.That(window.Bars.Select(bar => bar.First), Is.EqualTo(Enumerable.Repeat(0L, 27).Concat([3L, 0, 0])));
        Assert.That(DateOnly.FromDateTime(window.Bars[^1].At.DateTime), Is.EqualTo(today));
    }
}
