using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using static TicketBooth.Payments.Contracts.PaymentStatus;

namespace TicketBooth.Payments.Tests.Domain;

[TestFixture]
internal sealed class PaymentTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    private static readonly Payment New = new(Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), PaymentMethod.Card, 12_500, "BRL", Now.AddMinutes(15), Now);

    private static readonly GatewayFact Captured = Capture("ext-1");
    private static readonly GatewayFact Declined = new GatewayFact.Declined("declined");
    private static readonly GatewayFact Refunded = Refund("re-1", 12_500);

    [TestCase(true)]
    [TestCase(false)]
    public void A_superseded_payment_is_that_whether_the_gateways_word_of_its_end_comes_before_or_after(bool before)
    {
        var superseded = new PaymentFact.Declined("superseded");
        var first = before ? PaymentTransitions.Apply(New, Notice(new GatewayFact.Canceled()), Now) : PaymentTransitions.Apply(New, superseded, Now);
        var second = before ? PaymentTransitions.Apply(first.After, superseded, Now) : PaymentTransitions.Apply(first.After, Notice(new GatewayFact.Canceled()), Now);

        Assert.That(second.After.IsSuperseded, Is.True);
        Assert.That(second.Messages, Is.Empty, "it is declined once");
    }

    [TestCase(12_500)]
    [TestCase(12_499)]
    public void What_a_superseded_payment_captures_goes_back_exactly(long amount)
    {
        var superseded = PaymentTransitions.Apply(New, new PaymentFact.Declined("superseded"), Now).After;

        var (after, messages, contradiction) = PaymentTransitions.Apply(superseded, Notice(Capture("ext-1", amount)), Now);

        Assert.That((after.Status, after.Money.Paying, contradiction), Is.EqualTo((PaymentStatus.Declined, (Capture?)null, false)));
        Assert.That(after.Money.Refunds.Select(refund => (refund.Amount, refund.Reason, refund.State)), Is.EqualTo(new[] { (amount, "superseded", RefundState.Asked) }));
        Assert.That(messages, Is.Empty);
    }

    private static GatewayNotice Notice(GatewayFact fact) => new("Sandbox", "ext-1", New.Id, fact);

    private static IEnumerable<TestCaseData> Table()
    {
        yield return new TestCaseData(Array.Empty<object>(), Captured, Paid, nameof(PaymentConfirmed), false);
        yield return new TestCaseData(Array.Empty<object>(), Declined, PaymentStatus.Declined, nameof(PaymentDeclined), false);
        yield return new TestCaseData(Array.Empty<object>(), Refunded, AwaitingConfirmation, "", false);
        yield return new TestCaseData(Array.Empty<object>(), Capture("ext-1", 12_501), PaymentStatus.Declined, nameof(PaymentDeclined), false);
        yield return new TestCaseData(Array.Empty<object>(), Capture("ext-1", 12_500, "USD"), PaymentStatus.Declined, nameof(PaymentDeclined), false);
        yield return new TestCaseData(new object[] { Declined }, Captured, Paid, nameof(PaymentConfirmed), false);
        yield return new TestCaseData(new object[] { Declined }, Declined, PaymentStatus.Declined, "", false);
        yield return new TestCaseData(new object[] { Capture("ext-0", 12_501) }, Captured, Paid, nameof(PaymentConfirmed), false);
        yield return new TestCaseData(new object[] { Captured }, Captured, Paid, "", false);
        yield return new TestCaseData(new object[] { Captured }, Capture("ext-2"), Paid, "", false);
        yield return new TestCaseData(new object[] { Captured }, Capture("ext-2", 1), Paid, "", false);
        yield return new TestCaseData(new object[] { Captured }, Declined, Paid, "", true);
        yield return new TestCaseData(new object[] { Captured }, Refunded, PaymentStatus.Refunded, nameof(PaymentRefunded), false);
        yield return new TestCaseData(new object[] { Captured }, Refund("re-1", 500), Paid, nameof(PaymentPartlyRefunded), false);
        yield return new TestCaseData(new object[] { Captured, Refund("re-1", 500) }, Refund("re-1", 500), Paid, "", false);
        yield return new TestCaseData(
            new object[] { Captured, Refund("re-1", 500) }, Refund("re-2", 12_000), PaymentStatus.Refunded, "PaymentRefunded PaymentPartlyRefunded", false);
        yield return new TestCaseData(new object[] { Captured, Refunded }, Captured, PaymentStatus.Refunded, "", false);
        yield return new TestCaseData(new object[] { Captured, Refunded }, Declined, PaymentStatus.Refunded, "", true);
        yield return new TestCaseData(new object[] { Captured, Refunded }, Refunded, PaymentStatus.Refunded, "", false);
        yield return new TestCaseData(new object[] { Captured, Refunded }, Capture("ext-2"), PaymentStatus.Refunded, "", false);
        yield return new TestCaseData(new object[] { Refunded }, Captured, PaymentStatus.Refunded, nameof(PaymentRefunded), false);
        yield return new TestCaseData(new object[] { Captured }, Dispute(DisputeState.Opened), Paid, nameof(PaymentDisputed), false);
        yield return new TestCaseData(new object[] { Captured, Dispute(DisputeState.Opened) }, Dispute(DisputeState.Opened), Paid, "", false);
        yield return new TestCaseData(new object[] { Captured, Dispute(DisputeState.Opened) }, Dispute(DisputeState.Won), Paid, nameof(PaymentDisputed), false);
        yield return new TestCaseData(
            new object[] { Captured, Dispute(DisputeState.Opened) }, Dispute(DisputeState.Lost), PaymentStatus.Refunded, "PaymentRefunded PaymentDisputed", false);
        yield return new TestCaseData(new object[] { Captured, Dispute(DisputeState.Won) }, Dispute(DisputeState.Opened), Paid, "", false);
    }

    [TestCaseSource(nameof(Table))]
    public void Follows_the_table(object[] before, object fact, PaymentStatus after, string said, bool contradiction)
    {
        var payment = before.Aggregate(New, (known, one) => Tell(known, (GatewayFact)one).After);

        var step = Tell(payment, (GatewayFact)fact);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(step.After.Status, Is.EqualTo(after));
            Assert.That(string.Join(' ', step.Messages.Select(message => message.GetType().Name)), Is.EqualTo(said));
            Assert.That(step.Contradiction, Is.EqualTo(contradiction));
        }
    }

    [TestCase(12_501, "BRL", "other-amount")]
    [TestCase(1, "BRL", "other-amount")]
    [TestCase(12_500, "USD", "other-amount")]
    public void Another_amount_goes_back_exactly_and_the_buyer_can_pay_again(long amount, string currency, string reason)
    {
        var step = Tell(New, Capture("ext-1", amount, currency));

        var refund = step.After.Money.Refunds.Single();
        Assert.That((refund.CaptureId, refund.Amount, refund.Currency, refund.Reason, refund.State), Is.EqualTo(("ext-1", amount, currency, reason, RefundState.Asked)));
        Assert.That(((PaymentDeclined)step.Messages.Single()).Reason, Is.EqualTo("other-amount"));
    }

    [Test]
    public void A_second_capture_goes_back_and_the_first_stays()
    {
        var payment = Tell(Tell(New, Captured).After, Capture("ext-2")).After;

        Assert.That(payment.Money.Paying!.Id, Is.EqualTo("ext-1"));
        Assert.That(payment.Money.Refunds.Select(refund => (refund.CaptureId, refund.Amount, refund.Reason)), Is.EqualTo(new[] { ("ext-2", 12_500L, "paid-twice") }));
    }

    [Test]
    public void What_the_console_gave_back_is_not_given_back_again()
    {
        var payment = Tell(Tell(New, Captured).After, Refund("re-1", 500)).After;

        var due = PaymentTransitions.Apply(payment, new PaymentFact.RefundDue("order-canceled"), Now).After;

        Assert.That(due.Money.Refunds.Single(refund => refund.IsOurs).Amount, Is.EqualTo(12_000));
    }

    [Test]
    public void A_refused_refund_fails_can_be_tried_again_and_be_paid_back_by_hand()
    {
        var due = PaymentTransitions.Apply(Tell(New, Captured).After, new PaymentFact.RefundDue("order-canceled"), Now).After;

        var failed = PaymentTransitions.Apply(due, new PaymentFact.RefundNotDone(New.Id, "no funds", IsFinal: true), Now);
        var again = PaymentTransitions.Apply(failed.After, new PaymentFact.RefundTriedAgain(0, Guid.Parse("0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d"), "Carla"), Now);
        var byHand = PaymentTransitions.Apply(failed.After, new PaymentFact.PaidBackByHand(0, "TED 1", "Carla"), Now);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((due.Status, failed.After.Status, again.After.Status, byHand.After.Status), Is.EqualTo((Paid, PaymentStatus.RefundFailed, Paid, PaymentStatus.Refunded)));
            Assert.That(failed.Messages.Single(), Is.EqualTo(new Contracts.RefundFailed(New.Id, New.OrderId, New.Id, 12_500, "BRL", "no funds", Now) { Status = PaymentStatus.RefundFailed }));
            Assert.That(again.After.AwaitsRefund, Is.True);
            Assert.That(byHand.Messages.Single(), Is.InstanceOf<PaymentRefunded>());
            Assert.That(MoneyCases.IsOpen(failed.After), Is.True);
            Assert.That(MoneyCases.IsOpen(byHand.After), Is.False);
        }
    }

    [Test]
    public void The_plain_payment_has_nothing_on_record_to_store()
    {
        var captured = Tell(New with { ExternalId = "ext-1" }, Captured).After;
        var due = PaymentTransitions.Apply(captured, new PaymentFact.RefundDue("order-canceled"), Now).After;
        var refunded = PaymentTransitions.Apply(due, new PaymentFact.RefundAccepted(New.Id, New.Id.ToString("N"), 12_500, IsSettled: true), Now.AddMinutes(1)).After;

        Assert.That(new[] { captured, due, refunded }.Select(payment => payment.Recorded), Is.All.Null);
        Assert.That((refunded.Status, refunded.Money.Refunds.Single().State), Is.EqualTo((PaymentStatus.Refunded, RefundState.Settled)));
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
            Assert.That(step.Messages, Is.Empty);
        }
    }

    [Test]
    public void Keeps_the_time_of_every_step()
    {
        var declined = Tell(New, Declined, Now.AddMinutes(1)).After;
        var captured = Tell(declined, Captured, Now.AddMinutes(2)).After;
        var refunded = Tell(captured, Refunded, Now.AddMinutes(3)).After;

        Assert.That((refunded.DeclinedAt, refunded.CapturedAt, refunded.ChangedAt), Is.EqualTo((Now.AddMinutes(1), Now.AddMinutes(2), Now.AddMinutes(3))));
    }

    [Test]
    public void Keeps_the_first_reason_of_a_refund()
    {
        var once = PaymentTransitions.Apply(New with { Status = Paid }, new PaymentFact.RefundDue("order-canceled"), Now).After;

        Assert.That(PaymentTransitions.Apply(once, new PaymentFact.RefundDue("event-canceled"), Now.AddMinutes(1)).After, Is.EqualTo(once));
    }

    [Test]
    public void Learns_the_gateways_id_from_its_first_word() => Assert.That(Tell(New, Captured).After.ExternalId, Is.EqualTo("ext-1"));

    private static Step Tell(Payment payment, GatewayFact fact, DateTimeOffset? at = null) =>
        PaymentTransitions.Apply(payment, new GatewayNotice("Sandbox", "ext-1", payment.Id, fact), at ?? Now);

    private static GatewayFact Capture(string id, long amount = 12_500, string currency = "BRL") =>
        new GatewayFact.Captured(new GatewayCapture(id, amount, currency, Now));

    private static GatewayFact Refund(string id, long amount) =>
        new GatewayFact.Refund(new GatewayRefund(id, null, "ext-1", amount, "BRL", GatewayRefundState.Settled, null, Now));

    private static GatewayFact Dispute(DisputeState state) =>
        new GatewayFact.Dispute(new GatewayDispute("dp-1", "ext-1", 12_500, "BRL", state, "fraudulent", Now));
}
