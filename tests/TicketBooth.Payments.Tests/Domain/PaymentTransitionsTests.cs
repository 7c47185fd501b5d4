using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using static TicketBooth.Payments.Contracts.PaymentStatus;

namespace TicketBooth.Payments.Tests.Domain;

[TestFixture]
internal sealed class PaymentTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    private static readonly Payment New = new(Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), PaymentMethod.Card, 12_500, "BRL", Now.AddMinutes(15), Now);

    private static readonly PaymentFact Captured = new PaymentFact.Captured();
    private static readonly PaymentFact Declined = new PaymentFact.Declined("declined");
    private static readonly PaymentFact Refunded = new PaymentFact.Refunded();

    private static IEnumerable<TestCaseData> Table()
    {
        yield return new TestCaseData(AwaitingConfirmation, Captured, Paid, Announcement.Confirmed, false);
        yield return new TestCaseData(AwaitingConfirmation, Declined, PaymentStatus.Declined, Announcement.Declined, false);
        yield return new TestCaseData(AwaitingConfirmation, Refunded, PaymentStatus.Refunded, Announcement.Refunded, false);
        yield return new TestCaseData(PaymentStatus.Declined, Captured, Paid, Announcement.Confirmed, false);
        yield return new TestCaseData(PaymentStatus.Declined, Declined, PaymentStatus.Declined, Announcement.None, false);
        yield return new TestCaseData(PaymentStatus.Declined, Refunded, PaymentStatus.Refunded, Announcement.Refunded, false);
        yield return new TestCaseData(Paid, Captured, Paid, Announcement.None, false);
        yield return new TestCaseData(Paid, Declined, Paid, Announcement.None, true);
        yield return new TestCaseData(Paid, Refunded, PaymentStatus.Refunded, Announcement.Refunded, false);
        yield return new TestCaseData(PaymentStatus.Refunded, Captured, PaymentStatus.Refunded, Announcement.None, false);
        yield return new TestCaseData(PaymentStatus.Refunded, Declined, PaymentStatus.Refunded, Announcement.None, true);
        yield return new TestCaseData(PaymentStatus.Refunded, Refunded, PaymentStatus.Refunded, Announcement.None, false);
    }

    [TestCaseSource(nameof(Table))]
    public void Follows_the_table(PaymentStatus before, object fact, PaymentStatus after, object announcement, bool contradiction)
    {
        var step = PaymentTransitions.Apply(New with { Status = before }, (PaymentFact)fact, Now);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(step.After.Status, Is.EqualTo(after));
            Assert.That(step.Announcement, Is.EqualTo(announcement));
            Assert.That(step.Contradiction, Is.EqualTo(contradiction));
        }
    }

    [TestCase(AwaitingConfirmation, false)]
    [TestCase(PaymentStatus.Declined, false)]
    [TestCase(Paid, true)]
    public void Remembers_a_refund_that_is_due_until_there_is_money_to_give_back(PaymentStatus status, bool now)
    {
        var step = PaymentTransitions.Apply(New with { Status = status }, new PaymentFact.RefundDue("tickets-gone"), Now.AddMinutes(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(step.After, Is.EqualTo(New with { Status = status, RefundReason = "tickets-gone" }));
            Assert.That(step.After.IsRefundDue, Is.True);
            Assert.That(step.After.AwaitsRefund, Is.EqualTo(now));
            Assert.That(step.Announcement, Is.EqualTo(Announcement.None));
        }
    }

    [Test]
    public void Keeps_the_time_of_every_step()
    {
        var declined = PaymentTransitions.Apply(New, Declined, Now.AddMinutes(1)).After;
        var captured = PaymentTransitions.Apply(declined, Captured, Now.AddMinutes(2)).After;
        var refunded = PaymentTransitions.Apply(captured, Refunded, Now.AddMinutes(3)).After;

        Assert.That((refunded.DeclinedAt, refunded.CapturedAt, refunded.ChangedAt), Is.EqualTo((Now.AddMinutes(1), Now.AddMinutes(2), Now.AddMinutes(3))));
    }

    [Test]
    public void Keeps_the_first_reason_of_a_refund()
    {
        var once = PaymentTransitions.Apply(New with { Status = Paid }, new PaymentFact.RefundDue("order-canceled"), Now).After;

        Assert.That(PaymentTransitions.Apply(once, new PaymentFact.RefundDue("event-canceled"), Now.AddMinutes(1)).After, Is.EqualTo(once));
    }

    [TestCase(12_499, "BRL", "amount-mismatch")]
    [TestCase(12_500, "USD", "amount-mismatch")]
    public void Refuses_word_about_another_amount(long amount, string currency, string code) =>
        Assert.That(PaymentTransitions.ApplyNotice(New, Capture("ext-1", amount, currency), Now).Error?.Code, Is.EqualTo(code));

    [Test]
    public void Refuses_word_about_another_charge() => Assert.That(
        PaymentTransitions.ApplyNotice(New with { ExternalId = "ext-1" }, Capture("ext-2", 12_500, "BRL"), Now).Error?.Code, Is.EqualTo("external-id-mismatch"));

    [Test]
    public void Learns_the_gateways_id_from_its_first_word() =>
        Assert.That(PaymentTransitions.ApplyNotice(New, Capture("ext-1", 12_500, "BRL"), Now).Value.After.ExternalId, Is.EqualTo("ext-1"));

    private static GatewayNotice Capture(string externalId, long amount, string currency) =>
        new("Sandbox", externalId, New.Id, new GatewayFact.Captured(new GatewayCapture(externalId, amount, currency, Now)));
}
