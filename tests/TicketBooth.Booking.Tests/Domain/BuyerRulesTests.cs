using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Domain;

internal sealed class BuyerRulesTests
{
    private static readonly DateTimeOffset Now = SampleOrder.Now;
    private static readonly BuyerLimits Tickets = new(MaxTickets: 4, MaxHolds: 0, TimeSpan.Zero);
    private static readonly BuyerLimits Holds = new(MaxTickets: 0, MaxHolds: 2, TimeSpan.Zero);
    private static readonly BuyerLimits Pauses = new(MaxTickets: 0, MaxHolds: 0, TimeSpan.FromSeconds(30));

    [TestCase(OrderStatus.OnPayment, true)]
    [TestCase(OrderStatus.Paid, true)]
    [TestCase(OrderStatus.Expired, false)]
    [TestCase(OrderStatus.Canceled, false)]
    [TestCase(OrderStatus.Refunded, false)]
    public void Tickets_count_that_are_held_or_owned(OrderStatus status, bool counts)
    {
        Order[] theirs = [SampleOrder.In(status)];

        Assert.That(Why(theirs, Tickets, quantity: 2), Is.Null);
        Assert.That(Why(theirs, Tickets, quantity: 3), Is.EqualTo(counts ? "ticket-limit" : null));
        Assert.That(Why(theirs, Tickets, quantity: 5), Is.EqualTo("ticket-limit"));
    }

    [Test]
    public void A_hold_that_is_over_counts_no_more_unless_its_payment_is_under_way()
    {
        var later = Now + SampleOrder.Hold + SampleOrder.PaymentTime;

        Assert.That(Why([SampleOrder.Placed()], Tickets, quantity: 4, later), Is.Null);
        Assert.That(Why([SampleOrder.UnderWay(SampleOrder.NewId())], Tickets, quantity: 4, later), Is.EqualTo("ticket-limit"));
    }

    [Test]
    public void Unpaid_orders_are_bounded_and_paid_ones_are_not()
    {
        Assert.That(Why([SampleOrder.Placed(1)], Holds), Is.Null);
        Assert.That(Why([SampleOrder.Placed(1), SampleOrder.UnderWay(SampleOrder.NewId())], Holds), Is.EqualTo("hold-limit"));
        Assert.That(Why([SampleOrder.Placed(1), SampleOrder.Paid(SampleOrder.NewId()), SampleOrder.Canceled(), SampleOrder.Expired()], Holds), Is.Null);
    }

    [TestCase(1, 30)]
    [TestCase(2, 60)]
    [TestCase(3, 120)]
    [TestCase(7, 1_920)]
    [TestCase(8, 3_600)]
    [TestCase(500, 3_600)]
    public void A_pause_doubles_with_each_lapse_up_to_an_hour(int lapses, int seconds)
    {
        var theirs = Enumerable.Range(0, lapses).Select(_ => SampleOrder.Expired()).ToList();
        var end = theirs[0].EndedAt!.Value;

        var paused = BuyerRules.WhyNot(theirs, 1, Pauses, end)!;
        Assert.That((paused.Code, paused.Kind, paused.RetryAfter), Is.EqualTo(("hold-pause", ErrorKind.TooManyRequests, (TimeSpan?)TimeSpan.FromSeconds(seconds))));
        Assert.That(Why(theirs, Pauses, at: end.AddSeconds(seconds) - TimeSpan.FromTicks(1)), Is.EqualTo("hold-pause"));
        Assert.That(Why(theirs, Pauses, at: end.AddSeconds(seconds)), Is.Null);
    }

    [Test]
    public void A_hold_that_is_over_and_not_yet_released_is_a_lapse()
    {
        var placed = SampleOrder.Placed();

        Assert.That(Why([placed], Pauses, at: placed.ExpiresAt), Is.EqualTo("hold-pause"));
        Assert.That(Why([placed], Pauses, at: placed.ExpiresAt.AddSeconds(30)), Is.Null);
    }

    [Test]
    public void A_late_release_does_not_prolong_the_pause()
    {
        var expired = SampleOrder.Expired();
        var late = expired with { EndedAt = expired.ExpiresAt.AddMinutes(1) };

        Assert.That(Why([late], Pauses, at: expired.ExpiresAt.AddSeconds(30) - TimeSpan.FromTicks(1)), Is.EqualTo("hold-pause"));
        Assert.That(Why([late], Pauses, at: expired.ExpiresAt.AddSeconds(30)), Is.Null);
    }

    [Test]
    public void Three_canceled_holds_are_as_one_that_lapsed()
    {
        var canceled = Enumerable.Range(0, 3).Select(_ => SampleOrder.Canceled()).ToList();

        Assert.That(Why(canceled.Take(2).ToList(), Pauses), Is.Null);
        Assert.That(Why(canceled, Pauses), Is.EqualTo("hold-pause"));
        Assert.That(Why([SampleOrder.Refunded(SampleOrder.NewId()), SampleOrder.Paid(SampleOrder.NewId())], Pauses), Is.Null, "what was paid is no lapse");
    }

    [Test]
    public void A_lapse_is_forgotten_after_a_day()
    {
        var lapsed = Enumerable.Range(0, 9).Select(_ => SampleOrder.Expired()).ToList();
        var another = SampleOrder.Expired() with { ExpiresAt = lapsed[0].ExpiresAt.AddDays(1) };

        var paused = BuyerRules.WhyNot([.. lapsed, another], 1, Pauses, another.ExpiresAt)!;

        Assert.That(paused.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    private static string? Why(IReadOnlyCollection<Order> theirs, BuyerLimits limits, int quantity = 1, DateTimeOffset? at = null) =>
        BuyerRules.WhyNot(theirs, quantity, limits, at ?? Now)?.Code;
}
