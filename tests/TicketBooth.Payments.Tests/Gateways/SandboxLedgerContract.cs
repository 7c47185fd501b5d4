using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Gateways.Sandbox;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>What every <see cref="ISandboxLedger"/> must do, whatever it is made of.</summary>
internal abstract class SandboxLedgerContract
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, 123, TimeSpan.Zero);

    protected abstract ISandboxLedger Ledger { get; }

    /// <summary>The same data as another host has it open.</summary>
    protected abstract ISandboxLedger OpenAnother();

    [Test]
    public async Task Gives_back_a_charge_and_what_it_owes()
    {
        var charge = NewCharge() with { PixCode = "pix" };
        var open = NewCharge() with { Outcome = null };

        var (kept, owed) = await Ledger.AddAsync(charge, [Webhook("msg_1"), Webhook("msg_1")]);
        await Ledger.AddAsync(open, []);

        Assert.That(kept, Is.EqualTo(charge));
        Assert.That(await OpenAnother().FindAsync(charge.PaymentId), Is.EqualTo(charge));
        Assert.That(await Ledger.FindAsync(open.PaymentId), Is.EqualTo(open));
        Assert.That(await Ledger.FindAsync(Guid.CreateVersion7(Now)), Is.Null);
        Assert.That(owed.Select(callback => (callback.WebhookId, callback.DueAt, callback.Amount)), Is.EqualTo(Enumerable.Repeat(("msg_1", charge.SettlesAt, charge.Amount), 2)));
        Assert.That(await OpenAnother().UndeliveredAsync(), Is.EquivalentTo(owed));
    }

    [Test]
    public async Task Of_hosts_that_charge_one_payment_at_once_one_makes_the_charge()
    {
        var paymentId = Guid.CreateVersion7(Now);
        ISandboxLedger[] hosts = [Ledger, OpenAnother()];

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            hosts[i % 2].AddAsync(NewCharge() with { PaymentId = paymentId, ExternalId = $"sbx_{i}" }, [Webhook("msg_1")]))));

        Assert.That(answers.Select(answer => answer.Charge).Distinct().Count(), Is.EqualTo(1));
        Assert.That(answers.Sum(answer => answer.Callbacks.Count), Is.EqualTo(1));
        Assert.That(await Ledger.UndeliveredAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Of_hosts_that_give_one_charge_back_at_once_one_does()
    {
        var charge = NewCharge();
        await Ledger.AddAsync(charge, []);
        ISandboxLedger[] hosts = [Ledger, OpenAnother()];

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => RefundAsync(hosts[i % 2], charge.PaymentId, Now))));

        Assert.That(answers.Select(answer => answer!.Value.Charge.PaymentId), Is.All.EqualTo(charge.PaymentId));
        Assert.That(answers.Sum(answer => answer!.Value.Callbacks.Count), Is.EqualTo(1));
        Assert.That((await Ledger.FindAsync(charge.PaymentId))!.StateAt(Now), Is.EqualTo(SandboxState.Refunded));
    }

    [Test]
    public async Task Gives_nothing_back_that_was_not_captured()
    {
        var (late, open, declined) = (NewCharge() with { SettlesAt = Now.AddMinutes(1) }, NewCharge() with { Outcome = null }, NewCharge() with { Outcome = SandboxState.Declined });
        foreach (var charge in new[] { late, open, declined })
        {
            await Ledger.AddAsync(charge, []);
            var answer = await RefundAsync(Ledger, charge.PaymentId, Now);
            Assert.That((answer!.Value.Charge, answer.Value.Callbacks.Count), Is.EqualTo((charge, 0)));
        }

        Assert.That(await RefundAsync(Ledger, Guid.CreateVersion7(Now), Now), Is.Null);
        Assert.That(await Ledger.UndeliveredAsync(), Is.Empty);
    }

    [Test]
    public async Task Owes_each_webhook_until_it_is_delivered()
    {
        var (_, now) = await Ledger.AddAsync(NewCharge(), [Webhook("msg_1"), Webhook("msg_1")]);
        var (charge, later) = await Ledger.AddAsync(NewCharge() with { SettlesAt = Now.AddMinutes(1) }, [Webhook("msg_2", Now.AddMinutes(1))]);
        var refund = (await RefundAsync(Ledger, charge.PaymentId, Now.AddMinutes(2)))!.Value.Callbacks.Single();

        Assert.That(await Ledger.UndeliveredAsync(Now.AddSeconds(1)), Is.EquivalentTo(now));
        Assert.That(await Ledger.UndeliveredAsync(Now.AddMinutes(1)), Is.EquivalentTo(now), "due before, not at that time");
        await OpenAnother().DeliveredAsync([now[1], later[0]]);
        await Ledger.DeliveredAsync([later[0]]);

        Assert.That(await Ledger.UndeliveredAsync(), Is.EqualTo(new[] { now[0], refund }));
    }

    private static SandboxCharge NewCharge() => new(Guid.CreateVersion7(Now), "sbx_1", 12_500, "BRL", SandboxState.Captured, Now, PixCode: null);

    [Test]
    public async Task Gives_back_in_parts_under_an_id_each_and_lists_what_moved()
    {
        var charge = NewCharge() with { More = SandboxMore.None with { Captures = [new("sbx_1-2", 500, "BRL", Now)] } };
        await Ledger.AddAsync(charge, []);

        var (one, other) = (Guid.CreateVersion7(Now), Guid.CreateVersion7(Now));
        await RefundAsync(Ledger, charge.PaymentId, Now, one, 500);
        await RefundAsync(OpenAnother(), charge.PaymentId, Now, one, 500);
        await RefundAsync(Ledger, charge.PaymentId, Now, other, 12_000);
        await RefundAsync(Ledger, charge.PaymentId, Now, Guid.CreateVersion7(Now), 1);

        var listed = new List<SandboxCharge>();
        await foreach (var found in OpenAnother().ListAsync(Now, Now.AddSeconds(1), CancellationToken.None))
        {
            listed.Add(found);
        }

        var owed = await Ledger.UndeliveredAsync();
        Assert.That(listed.Single(), Is.EqualTo(await Ledger.FindAsync(charge.PaymentId)));
        Assert.That(listed[0].Refunds.Select(refund => (refund.RefundId, refund.Amount)), Is.EqualTo(new[] { ((Guid?)one, 500L), (other, 12_000L) }));
        Assert.That(owed.Select(callback => (callback.Detail!.RefundId, callback.Detail.Amount)), Is.EquivalentTo(new[] { ((Guid?)one, (long?)500), (other, 12_000) }));
    }

    private static Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)?> RefundAsync(
        ISandboxLedger ledger, Guid paymentId, DateTimeOffset at, Guid? refundId = null, long amount = 12_500) =>
        ledger.ChangeAsync(
            paymentId,
            charge => SandboxRules.Refund(charge, new RefundAsk(refundId ?? paymentId, new(paymentId, null, at), "sbx_1", amount, "BRL", "order-canceled"), at));

    private static SandboxWebhook Webhook(string id, DateTimeOffset? at = null) => new(id, "payment.confirmed", at ?? Now);
}
