using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Tests.Domain;

/// <summary>A refund that was done comes back: the buyer's account is closed, or the bank returns it. The other modules learn of that.</summary>
[TestFixture]
internal sealed class LateFailureTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);
    private static readonly Payment New = new(Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), PaymentMethod.Card, 1_000, "BRL", Now, Now) { ExternalId = "c1" };

    [Test]
    public void All_of_the_money_fails_is_tried_again_and_goes_back_after_all()
    {
        var refunded = Run(Captured, new PaymentFact.RefundDue("order-canceled"), new PaymentFact.RefundAccepted(New.Id, "re-1", 1_000, IsSettled: true)).End;
        var (failed, said) = Run(refunded, Refund(New.Id, GatewayRefundState.Refused));
        var (again, saidAgain) = Run(failed, new PaymentFact.RefundTriedAgain(0, Guid.CreateVersion7(Now), "Carla"));
        var (back, saidBack) = Run(again, new PaymentFact.RefundAccepted(again.Money.Refunds[0].KnownAs!.Value, "re-2", 1_000, IsSettled: true));

        Assert.That((refunded.Status, failed.Status, again.Status, back.Status), Is.EqualTo((PaymentStatus.Refunded, PaymentStatus.RefundFailed, PaymentStatus.Paid, PaymentStatus.Refunded)));
        Assert.That(said.Cast<RefundFailed>().Select(one => (one.RefundId, one.Amount, one.Reason, one.Status, one.GatewaysId)), Is.EqualTo(new[] { (New.Id, 1_000L, "closed account", (PaymentStatus?)PaymentStatus.RefundFailed, (string?)null) }));
        Assert.That(saidAgain.Cast<RefundTriedAgain>().Select(one => (one.RefundId, one.Status)), Is.EqualTo(new[] { (New.Id, PaymentStatus.Paid) }));
        Assert.That(saidBack.Select(one => one.GetType()), Is.EqualTo(new[] { typeof(PaymentRefunded) }));
        Assert.That(MoneyCases.Of(failed).Single(), Has.Property("Kind").EqualTo(MoneyCaseKind.RefundFailed).And.Property("IsOpen").True);
    }

    [Test]
    public void A_part_that_fails_late_is_told_once_and_paid_back_by_hand()
    {
        var part = Guid.CreateVersion7(Now);
        var settled = Run(Captured, new PaymentFact.PartialRefundDue(part, 300, "BRL", "refunded-by-staff"), Refund(part, GatewayRefundState.Settled, 300)).End;
        var (failed, said) = Run(settled, Refund(part, GatewayRefundState.Refused, 300), Refund(part, GatewayRefundState.Refused, 300), Refund(part, GatewayRefundState.Settled, 300));
        var (back, saidBack) = Run(failed, new PaymentFact.PaidBackByHand(0, "TED 1", "Carla"));

        Assert.That(said.Select(one => one.GetType()), Is.EqualTo(new[] { typeof(RefundFailed) }));
        Assert.That((failed.Status, failed.Money.ReturnedOf(failed.Money.Paying!), back.Money.ReturnedOf(back.Money.Paying!)), Is.EqualTo((PaymentStatus.Paid, 0L, 300L)));
        Assert.That(saidBack.Cast<PaymentPartlyRefunded>().Select(one => (one.AskedAs, one.Amount, one.Returned)), Is.EqualTo(new[] { ((Guid?)part, 300L, 300L) }));
    }

    [Test]
    public void A_refund_from_the_console_that_comes_back_is_told_by_its_name_and_a_person_takes_note()
    {
        var settled = Run(Captured, Refund(null, GatewayRefundState.Settled, 300)).End;
        var (failed, said) = Run(settled, Refund(null, GatewayRefundState.Refused, 300));
        var noted = Run(failed, new PaymentFact.Noted(IsDispute: false, 0, "The account was closed")).End;

        Assert.That(said.Cast<RefundFailed>().Select(one => (one.RefundId, one.GatewaysId, one.Amount)), Is.EqualTo(new[] { (Guid.Empty, (string?)"re-1", 300L) }));
        Assert.That(MoneyCases.Of(failed).Select(one => (one.Kind, one.IsOpen)), Is.EqualTo(new[] { (MoneyCaseKind.RefundFailed, true) }));
        Assert.That(MoneyCases.Of(noted).Select(one => (one.Kind, one.IsOpen)), Is.EqualTo(new[] { (MoneyCaseKind.RefundFailed, false) }));
    }

    [Test]
    public void What_the_console_tried_in_vain_is_no_news_for_the_order()
    {
        var (failed, said) = Run(Run(Captured).End, Refund(null, GatewayRefundState.Refused, 300));

        Assert.That(said, Is.Empty);
        Assert.That(MoneyCases.IsOpen(failed), Is.True, "whoever tried it should know");
    }

    private static GatewayFact Captured => new GatewayFact.Captured(new GatewayCapture("c1", 1_000, "BRL", Now));

    private static GatewayFact Refund(Guid? id, GatewayRefundState state, long amount = 1_000) =>
        new GatewayFact.Refund(new GatewayRefund("re-1", id, "c1", amount, "BRL", state, state == GatewayRefundState.Refused ? "closed account" : null, Now));

    private static (Payment End, List<IIntegrationEvent> Said) Run(params object[] facts) => Run(New, facts);

    private static (Payment End, List<IIntegrationEvent> Said) Run(Payment payment, params object[] facts)
    {
        List<IIntegrationEvent> said = [];
        foreach (var fact in facts)
        {
            var step = fact is PaymentFact ours
                ? PaymentTransitions.Apply(payment, ours, Now)
                : PaymentTransitions.Apply(payment, new GatewayNotice("Sandbox", "c1", payment.Id, (GatewayFact)fact), Now);
            payment = step.After;
            said.AddRange(step.Messages);
        }

        return (payment, said);
    }
}
