using Microsoft.Extensions.Hosting;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Gateways.Callbacks;
using TicketBooth.Gateways.Pix;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Refunds;
using TicketBooth.Payments.Tests.Gateways;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Cases;

/// <summary>Money by Pix that is not plain, end to end: a charge settles for any amount, money goes back later, a bank takes it back.</summary>
[TestFixture]
internal sealed class PixMoneyTests : PixHostFixture
{
    private static readonly Actor Clerk = new(Guid.CreateVersion7(), "Carla");

    [TestCase(-1)]
    [TestCase(1)]
    public async Task Another_amount_goes_back_exactly_and_the_order_can_be_paid_again(long more)
    {
        var order = Payments.Booking.NewOrder();
        var (id, code) = await PayAsync(order);

        var pix = StandIn.Payer.Pay(new(StandIn.Payer.Scan(code).Charge.Txid) { Cents = order.Total + more });
        var back = await Payments.WaitForAsync(id, payment => payment.Money.Refunds is [{ State: RefundState.Settled }]);
        var (again, next) = await PayAsync(order);
        StandIn.Payer.PayCode(next);
        await Payments.WaitForAsync(again, PaymentStatus.Paid);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((back.Status, back.DeclineReason), Is.EqualTo((PaymentStatus.Declined, "other-amount")));
            Assert.That(StandIn.FindPix(pix.EndToEndId)!.Returns.Single().Cents, Is.EqualTo(order.Total + more));
            Assert.That(Held, Is.EqualTo(order.Total), "what the account holds is what pays the order");
        }
    }

    [Test]
    public async Task Money_that_comes_twice_goes_back_once()
    {
        var order = Payments.Booking.NewOrder();
        var (id, code) = await PayAsync(order);
        var txid = StandIn.Payer.Scan(code).Charge.Txid;

        StandIn.Payer.PayTogether(new(txid), new(txid));
        var paid = await Payments.WaitForAsync(id, payment => payment.Money.Refunds is [{ State: RefundState.Settled }]);

        Assert.That((paid.Status, paid.Money.Refunds.Single().Reason), Is.EqualTo((PaymentStatus.Paid, "paid-twice")));
        Assert.That(Held, Is.EqualTo(order.Total));
    }

    [Test]
    public async Task A_refund_is_asked_for_and_ends_when_the_provider_tells()
    {
        StandIn.Bank.Returns = ReturnMode.Hold;
        var id = await PaidAndDueAsync();
        var asked = await Payments.WaitForAsync(id, payment => payment.Money.Refunds is [{ ExternalId: not null }]);

        Provider.EndReturns();

        var refunded = await Payments.WaitForAsync(id, PaymentStatus.Refunded);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((asked.Status, asked.Money.Refunds.Single().State), Is.EqualTo((PaymentStatus.Paid, RefundState.Asked)));
            Assert.That(refunded.Money.Refunds.Single().ExternalId, Is.EqualTo(StandIn.Received.Single().Returns.Single().RtrId));
            Assert.That(Payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
            Assert.That(Held, Is.Zero);
        }
    }

    [Test]
    public async Task A_refund_of_whose_end_nobody_tells_is_asked_about()
    {
        StandIn.Bank.Returns = ReturnMode.Hold;
        StandIn.Callbacks.PlanFor("devolucao", CallbackPlan.Never);
        var id = await PaidAndDueAsync();
        await Payments.WaitForAsync(id, payment => payment.Money.Refunds is [{ ExternalId: not null }]);
        Provider.EndReturns();

        await Payments.All<IHostedService>().OfType<RefundPaymentsWorker>().Single().RunOnceAsync(CancellationToken.None);

        await Payments.WaitForAsync(id, PaymentStatus.Refunded);
        Assert.That(Held, Is.Zero, "and not twice");
    }

    [Test]
    public async Task A_refund_that_the_bank_does_not_carry_out_waits_for_staff_who_try_again()
    {
        StandIn.Bank.Returns = ReturnMode.Refuse;
        var id = await PaidAndDueAsync();
        var failed = await Payments.WaitForAsync(id, PaymentStatus.RefundFailed);
        var shown = (await Payments.SendAsync(new ListMoneyCases(All: false, null, 50))).Value.Items.Single();

        StandIn.Bank.Returns = ReturnMode.Settle;
        var again = await Payments.SendAsync(new RefundMoney(shown.Id, Clerk));
        await Payments.WaitForAsync(id, PaymentStatus.Refunded);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failed.Money.Refunds.Single().Failure, Is.EqualTo(StandIn.Bank.RefusalReason));
            Assert.That(Payments.Said<RefundFailed>().Single().Reason, Is.EqualTo(StandIn.Bank.RefusalReason));
            Assert.That(again.IsSuccess, Is.True);
            Assert.That(StandIn.Received.Single().Returns.Select(given => given.Status), Is.EqualTo(new[] { ReturnStatus.NotDone, ReturnStatus.Done }));
        }
    }

    [Test]
    public async Task What_a_bank_takes_back_by_med_is_told_as_a_dispute()
    {
        var (id, code) = await PayAsync(Payments.Booking.NewOrder());
        var pix = StandIn.Payer.PayCode(code);
        await Payments.WaitForAsync(id, PaymentStatus.Paid);

        StandIn.Bank.ReturnByMed(pix.EndToEndId, 100);

        await Payments.WaitForAsync(id, payment => payment.Money.Disputes.Count == 1);
        var said = Payments.Said<PaymentDisputed>().Single();
        Assert.That((said.State, said.Amount, said.PaymentId), Is.EqualTo((PaymentDisputeState.Lost, 100L, id)));
    }

    [Test]
    public async Task Money_for_a_charge_of_nobody_waits_for_staff()
    {
        var pix = StandIn.Payer.Pay(new("anotherProgramsCharge000000001") { Cents = 4_200 });

        var shown = await Eventually.Async(
            async () => (await Payments.SendAsync(new ListMoneyCases(All: false, null, 50))).Value.Items, cases => cases.Count > 0, "the money to be seen");
        await Payments.SendAsync(new RefundMoney(shown.Single().Id, Clerk));
        await Eventually.Async(() => Task.FromResult(Held), held => held == 0, "the money to go back");

        Assert.That((shown.Single().Kind, shown.Single().Amount), Is.EqualTo((MoneyCaseKind.Unmatched, 4_200)));
        Assert.That(StandIn.FindPix(pix.EndToEndId)!.Returns, Has.Count.EqualTo(1));
    }

    /// <summary>What the provider's account holds of all that came.</summary>
    private long Held => StandIn.Received.Sum(pix => pix.Cents - pix.Returns.Where(given => given.Status == ReturnStatus.Done).Sum(given => given.Cents));

    private async Task<Guid> PaidAndDueAsync()
    {
        var (id, code) = await PayAsync(Payments.Booking.NewOrder());
        StandIn.Payer.PayCode(code);
        await Payments.WaitForAsync(id, PaymentStatus.Paid);
        await Payments.Get<PaymentLedger>().RecordAsync(id, new PaymentFact.RefundDue("order-canceled"));
        return id;
    }
}
