using Stripe;

namespace TicketBooth.Gateways.Tests.Stripe;

public class StripeRefundTests : StripeStandInFixture
{
    private Task<Refund> ReadAsync(Refund refund) => Client.V1.Refunds.GetAsync(refund.Id);

    [Test]
    public async Task Parts_go_back_until_nothing_is_left()
    {
        var intent = await PayAsync();
        var part = await RefundAsync(intent, 2000);
        Assert.That((part.Status, part.Amount, part.PaymentIntentId), Is.EqualTo(("succeeded", 2000L, intent.Id)));
        Assert.That(Refused(() => RefundAsync(intent, 3001)).Param, Is.EqualTo("amount"));

        Assert.That((await RefundAsync(intent)).Amount, Is.EqualTo(3000));
        Assert.That(Refused(() => RefundAsync(intent)).Code, Is.EqualTo("charge_already_refunded"));
    }

    [TestCase("payment_intent=pi_none", "resource_missing", "payment_intent")]
    [TestCase("amount=5", "parameter_missing", "payment_intent")]
    [TestCase("payment_intent=pi_none&reason=bored", null, "reason")]
    [TestCase("payment_intent=pi_none&amount=x", "parameter_invalid_integer", "amount")]
    [TestCase("payment_intent=pi_none&note=x", "parameter_unknown", "note")]
    public async Task A_refund_that_breaks_a_rule_is_refused(string form, string? code, string param)
    {
        var error = (await PostAsync("/v1/refunds", form)).Body.GetProperty("error");

        Assert.That(
            (error.TryGetProperty("code", out var found) ? found.GetString() : null, error.GetProperty("param").GetString()),
            Is.EqualTo((code, param)));
    }

    [Test]
    public async Task What_was_not_paid_does_not_go_back()
    {
        var waiting = await PayAsync("pm_card_authenticationRequired");

        Assert.That(Refused(() => RefundAsync(waiting)).Message, Does.Contain("does not have a successful charge"));
    }

    [Test]
    public async Task A_pending_refund_settles_later()
    {
        var refund = await RefundAsync(await PayAsync("pm_card_pendingRefund"));
        Assert.That((refund.Status, refund.BalanceTransactionId), Is.EqualTo(("pending", (string?)null)));
        StandIn.Console.SettleRefund(refund.Id);

        var settled = await ReadAsync(refund);
        Assert.That((settled.Status, settled.BalanceTransactionId is null), Is.EqualTo(("succeeded", false)));
        Assert.That(() => StandIn.Console.SettleRefund(refund.Id), Throws.InvalidOperationException);
    }

    [Test]
    public async Task A_refund_that_fails_after_it_succeeded_gives_the_money_back_to_the_account()
    {
        var intent = await PayAsync("pm_card_refundFail");
        var refund = await RefundAsync(intent);
        Assert.That((await ReadAsync(refund)).FailureReason, Is.EqualTo("expired_or_canceled_card"));

        var kept = await Client.V1.BalanceTransactions.ListAsync();
        Assert.That(kept.Select(movement => (movement.Type, movement.Amount)), Is.EqualTo([("refund_failure", 5000L), ("refund", -5000L), ("charge", 5000L)]));
        Assert.That(StandIn.Console.Payments.Single().AmountRefunded, Is.Zero);
    }

    [TestCase("failed")]
    [TestCase("canceled")]
    public async Task A_refund_that_waits_for_the_buyer_may_end_without_him(string status)
    {
        StandIn.Faults.StartRefundsAs("requires_action");
        var refund = await RefundAsync(await PayAsync());
        Assert.That(refund.Status, Is.EqualTo("requires_action"));
        if (status == "failed")
        {
            StandIn.Console.FailRefund(refund.Id);
        }
        else
        {
            StandIn.Console.CancelRefund(refund.Id);
        }

        Assert.That((await ReadAsync(refund)).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Refunds_are_refused_on_demand()
    {
        var intent = await PayAsync();
        StandIn.Faults.RefuseRefunds();
        Assert.That(Refused(() => RefundAsync(intent)).Code, Is.EqualTo("insufficient_funds"));
        StandIn.Faults.Clear();

        Assert.That((await RefundAsync(intent)).Status, Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task Somebody_refunds_in_the_console()
    {
        var intent = await PayAsync();
        StandIn.Console.Refund(intent.Id, 1000);
        StandIn.Console.Refund(intent.Id);

        var all = await Client.V1.Refunds.ListAsync(new RefundListOptions { PaymentIntent = intent.Id });
        Assert.That(all.Select(refund => refund.Amount), Is.EqualTo([4000L, 1000L]));
    }

    [TestCase(true, "won", 5000 - 145 - 1500)]
    [TestCase(false, "lost", -145 - 1500)]
    public async Task A_dispute_takes_the_money_until_it_is_won(bool isWon, string status, long balance)
    {
        var intent = await PayAsync("pm_card_createDispute");
        Assert.That(Refused(() => RefundAsync(intent)).Code, Is.EqualTo("charge_disputed"));
        StandIn.Console.CloseDispute(StandIn.Console.DisputeOf(intent.Id)!, isWon);

        var dispute = (await Client.V1.Disputes.ListAsync(new DisputeListOptions { PaymentIntent = intent.Id })).Single();
        Assert.That((dispute.Status, dispute.Amount, dispute.Reason), Is.EqualTo((status, 5000L, "fraudulent")));
        Assert.That((await Client.V1.Balance.GetAsync()).Available.Single().Amount, Is.EqualTo(balance));
    }
}
