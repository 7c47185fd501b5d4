using Microsoft.Extensions.Time.Testing;
using TicketBooth.Notifications.Domain;

namespace TicketBooth.Notifications.Tests;

/// <summary>Rules without a store: when to send, when to try again, how fast.</summary>
internal sealed class RulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 20, 0, 0, TimeSpan.Zero);

    private static readonly OrderSituation Held = new(
        OrderState.OnPayment, IsPaying: false, AwaitsPixCode: false, AwaitsTickets: false, Now.AddMinutes(5), EndedAt: null, IsEventCanceled: false, CanceledAt: null);

    private static readonly OrderSituation Paid = Held with { State = OrderState.Paid };

    private static IEnumerable<TestCaseData> Situations =>
    [
        Case(MailKinds.OrderPlaced, Held, Delivery.Send, "held"),
        Case(MailKinds.OrderPlaced, Paid, Delivery.Skip, "paid meanwhile"),
        Case(MailKinds.OrderPlaced, Held with { ExpiresAt = Now }, Delivery.Skip, "the hold is over"),
        Case(MailKinds.OrderPlaced, Held with { IsPaying = true, AwaitsPixCode = true }, Delivery.Wait, "the code is not known yet"),
        Case(MailKinds.OrderPlaced, Held with { IsEventCanceled = true }, Delivery.Skip, "the event is canceled"),
        Case(MailKinds.HoldEnding, Held, Delivery.Send, "held"),
        Case(MailKinds.HoldEnding, Held with { IsPaying = true }, Delivery.Skip, "paying already"),
        Case(MailKinds.PaymentDeclined, Held, Delivery.Send, "held"),
        Case(MailKinds.PaymentDeclined, Held with { IsPaying = true }, Delivery.Skip, "the next attempt runs"),
        Case(MailKinds.PaymentDeclined, Paid, Delivery.Skip, "paid meanwhile"),
        Case(MailKinds.OrderPaid, Paid, Delivery.Send, "paid"),
        Case(MailKinds.OrderPaid, Paid with { AwaitsTickets = true }, Delivery.Wait, "tickets are not made yet"),
        Case(MailKinds.OrderPaid, Paid with { State = OrderState.Refunded }, Delivery.Skip, "refunded meanwhile"),
        Case(MailKinds.OrderRefunded, Paid with { State = OrderState.Refunded, EndedAt = Now }, Delivery.Send, "by itself"),
        Case(MailKinds.OrderRefunded, Paid with { EndedAt = Now, IsEventCanceled = true }, Delivery.Wait, "of a cancelation that is not known yet"),
        Case(MailKinds.OrderRefunded, Paid with { EndedAt = Now, IsEventCanceled = true, CanceledAt = Now }, Delivery.Skip, "told by the event's mail"),
        Case(MailKinds.OrderRefunded, Paid with { EndedAt = Now.AddHours(-1), IsEventCanceled = true, CanceledAt = Now }, Delivery.Send, "before the cancelation"),
        Case(MailKinds.EventCanceled, Paid with { IsEventCanceled = true }, Delivery.Send, "always"),
    ];

    [TestCaseSource(nameof(Situations))]
    public void A_mail_is_sent_while_it_says_what_holds(string kind, object situation, object expected) =>
        Assert.That(DeliveryRules.Decide(kind, (OrderSituation)situation, Now, Now), Is.EqualTo(expected));

    [Test]
    public void Nothing_is_waited_for_long()
    {
        var later = Now.AddMinutes(3);
        var held = Held with { IsPaying = true, AwaitsPixCode = true };

        Assert.That(DeliveryRules.Decide(MailKinds.OrderPlaced, held, Now, later), Is.EqualTo(Delivery.Send));
        Assert.That(DeliveryRules.Decide(MailKinds.OrderPaid, Paid with { AwaitsTickets = true }, Now, later), Is.EqualTo(Delivery.Send));
    }

    [Test]
    public void Pauses_grow_and_end()
    {
        var pauses = Enumerable.Range(1, RetryRules.MostTries).Select(RetryRules.PauseAfter).ToList();

        Assert.That(pauses[..^1], Is.Ordered.And.All.Not.Null);
        Assert.That(pauses[^1], Is.Null);
        Assert.That(pauses.Sum(pause => pause?.TotalHours ?? 0), Is.GreaterThan(47), "a weekend");
    }

    [Test]
    public void A_pace_fills_steadily_and_holds_two_seconds()
    {
        var clock = new FakeTimeProvider(Now);
        var pace = new SendingPace(600, clock);
        clock.Advance(TimeSpan.FromHours(1));
        var burst = pace.Allowed();
        pace.Use(burst);
        var none = pace.Allowed();
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That((burst, none, pace.Allowed()), Is.EqualTo((20, 0, 10)));
    }

    [Test]
    public void A_slow_pace_sends_too()
    {
        var clock = new FakeTimeProvider(Now);
        var pace = new SendingPace(1, clock);
        pace.Use(pace.Allowed());
        clock.Advance(TimeSpan.FromSeconds(59));
        var early = pace.Allowed();
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That((early, pace.Allowed()), Is.EqualTo((0, 1)));
    }

    private static TestCaseData Case(string kind, OrderSituation situation, Delivery expected, string name) =>
        new TestCaseData(kind, situation, expected).SetName($"{kind}: {name}");
}
