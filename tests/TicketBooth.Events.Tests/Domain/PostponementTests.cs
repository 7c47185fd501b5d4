using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.Tests.Domain;

/// <summary>The show starts in 30 days; a move by more than a day opens a window of two weeks.</summary>
internal sealed class PostponementTests
{
    private static readonly PostponementRule Rule = FakeBooking.Rule;

    [TestCase(25, true)]
    [TestCase(-25, true)]
    [TestCase(24, false)]
    [TestCase(-24, false)]
    public void A_start_that_moves_by_more_than_a_day_opens_a_window(int hours, bool opens)
    {
        var moved = Move(Sold(), hours);

        Assert.That(moved.Refunds.WindowUntil, Is.EqualTo(opens ? Sample.Now.AddDays(14) : (DateTimeOffset?)null));
    }

    [Test]
    public void A_window_ends_at_the_new_start_at_the_latest()
    {
        var moved = Move(Sold(), -(30 - 3) * 24);

        Assert.That(moved.Refunds.WindowUntil, Is.EqualTo(moved.StartsAt).And.EqualTo(Sample.Now.AddDays(3)));
    }

    [Test]
    public void Nobody_needs_a_window_before_tickets_are_sold()
    {
        Assert.That(Move(Sample.Published(), 240).Refunds.WindowUntil, Is.Null);
        Assert.That(Move(Sample.Draft(), 240).Refunds.WindowUntil, Is.Null);
    }

    [Test]
    public void Many_small_moves_are_a_large_one()
    {
        var once = Move(Sold(), 20);
        Assert.That(once.Refunds.WindowUntil, Is.Null);

        Assert.That(Move(once, 20).Refunds.WindowUntil, Is.EqualTo(Sample.Now.AddDays(14)));
        Assert.That(Move(once, -20).Refunds, Is.EqualTo(Sold().Refunds), "back where it was");
        Assert.That(Move(Move(once, -20), 20).Refunds.WindowUntil, Is.Null);
    }

    [Test]
    public void A_further_move_opens_a_further_window_and_shortens_none_but_to_the_start()
    {
        var first = Move(Sold(), 48);

        Assert.That(Move(first, 48, Sample.Now.AddDays(5)).Refunds.WindowUntil, Is.EqualTo(Sample.Now.AddDays(19)));
        Assert.That(Move(first, 1, Sample.Now.AddDays(5)).Refunds.WindowUntil, Is.EqualTo(Sample.Now.AddDays(14)));
        Assert.That(Move(first, -(32 - 7) * 24, Sample.Now.AddDays(5)).Refunds.WindowUntil, Is.EqualTo(Sample.Now.AddDays(7)));
    }

    [Test]
    public void Zero_days_switch_windows_off() =>
        Assert.That(Move(Sold(), 48, rule: Rule with { Lasts = TimeSpan.Zero }).Refunds.WindowUntil, Is.Null);

    private static Event Sold()
    {
        var shown = Sample.Published();
        return shown with { Tiers = [shown.Tiers[0] with { Sold = 1 }] };
    }

    private static Event Move(Event shown, int hours, DateTimeOffset? now = null, PostponementRule? rule = null)
    {
        var at = now ?? Sample.Now;
        var form = Sample.FormOf(shown) with { StartsAt = shown.StartsAt.AddHours(hours), EndsSellingAt = Earlier(shown.EndsSellingAt, shown.StartsAt.AddHours(hours)) };
        return shown.Edit(form, at).Value.Following(shown, rule ?? Rule, at);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
