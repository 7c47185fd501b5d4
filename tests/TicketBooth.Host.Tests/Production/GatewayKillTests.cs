using System.Net;
using TicketBooth.Gateways.Callbacks;
using TicketBooth.Gateways.Pix;
using TicketBooth.Gateways.Stripe;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests.Production;

/// <summary>The power goes while a gateway works for the host: between the question and the answer. No webhook comes to its help.</summary>
internal sealed class GatewayKillTests
{
    private const long Price = ProductionSite.Price;

    private ProductionSite site = null!;

    [OneTimeSetUp]
    public async Task OpenAsync() => site = await ProductionSite.StartAsync();

    [SetUp]
    public void CallBack() => (site.Stripe.Webhooks.Plan, site.Pix.Callbacks.Plan) = (CallbackPlan.AtOnce, CallbackPlan.AtOnce);

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        if (site is not null)
        {
            await site.DisposeAsync();
        }
    }

    [Test]
    public async Task After_kill_nine_between_a_charge_and_its_answer_nobody_is_charged_twice_and_no_charge_is_forgotten()
    {
        site.Stripe.Webhooks.Plan = CallbackPlan.Never;
        var charges = site.Pix.Charges.Count;
        site.Stripe.Faults.WorkThenSilence(StripeOperation.CreateIntent);
        var held = site.Stripe.Faults.Hold(StripeOperation.CreateIntent);
        site.Pix.Faults.Add(new PixFault(PixFaultKind.SilentAfterWork) { Method = "PUT", Path = "/cob/" });
        var (done, undone, byPix) = (await site.OrderAsync(), await site.OrderAsync(), await site.OrderAsync());
        var asked = done.PayByCardAsync(key: "first");
        await Eventually.Async(() => Task.FromResult(done.AtStripe.Count), count => count == 1, "Stripe to charge the first card");
        var askedInVain = undone.PayByCardAsync();
        await held.Reached;
        var askedForCode = byPix.PayByPixAsync();
        await Eventually.Async(() => Task.FromResult(site.Pix.Charges.Count), count => count > charges, "the charge by Pix");

        await site.Host.KillAsync();
        Assert.That(async () => await asked, Throws.InstanceOf<HttpRequestException>());
        Assert.That(async () => await askedInVain, Throws.InstanceOf<HttpRequestException>());
        Assert.That(async () => await askedForCode, Throws.InstanceOf<HttpRequestException>());
        await site.Host.RestartAsync();

        var (repeated, _) = await done.PayByCardAsync(key: "first");
        await undone.PayByCardAsync();
        site.Pix.Payer.PayCode(await byPix.PixCodeAsync());
        await done.ChaseAsync();
        foreach (var order in new[] { done, undone, byPix })
        {
            await order.WaitForAsync("paid");
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(repeated, Is.EqualTo(HttpStatusCode.Accepted), "the key of a process that is gone is taken over at once");
            Assert.That(done.AtStripe.Select(payment => payment.AmountReceived), Is.EqualTo(new[] { Price }));
            Assert.That(undone.AtStripe.Select(payment => payment.AmountReceived), Is.EqualTo(new[] { Price }));
            Assert.That(byPix.AtPix.Select(pix => pix.Cents), Is.EqualTo(new[] { Price }));
            Assert.That(site.Pix.Charges, Has.Count.EqualTo(charges + 1), "the same charge, asked for again");
        }

        await AssertAuditPassesAsync();
    }

    [Test]
    public async Task After_kill_nine_between_a_refund_and_its_answer_nothing_goes_back_twice_and_no_refund_is_forgotten()
    {
        var (byCard, undone, byPix) = (await site.PaidByCardAsync(), await site.PaidByCardAsync(), await site.PaidByPixAsync());
        site.Stripe.Webhooks.Plan = CallbackPlan.Never;
        site.Pix.Callbacks.Plan = CallbackPlan.Never;
        site.Stripe.Faults.WorkThenSilence(StripeOperation.CreateRefund);
        var held = site.Stripe.Faults.Hold(StripeOperation.CreateRefund);
        site.Pix.Faults.Add(new PixFault(PixFaultKind.SilentAfterWork) { Method = "PUT", Path = "/devolucao/" });

        await byCard.RefundAsync(2_500);
        await Eventually.Async(() => Task.FromResult(byCard.AtStripe[0].AmountRefunded), amount => amount == 2_500, "Stripe to give back");
        await undone.RefundAsync(2_500);
        await held.Reached;
        await byPix.RefundAsync(2_500);
        await Eventually.Async(() => Task.FromResult(byPix.AtPix[0].Returns.Count), count => count == 1, "the devolução");
        await site.Host.KillAsync();
        await site.Host.RestartAsync();

        foreach (var order in new[] { byCard, undone, byPix })
        {
            await order.WaitForRefundsAsync("settled");
            Assert.That(order.Held, Is.EqualTo(Price - 2_500));
        }

        Assert.That(site.Stripe.Console.Refunds.Select(refund => refund.Amount), Is.EqualTo(new[] { 2_500L, 2_500L }));
        Assert.That(byPix.AtPix.Single().Returns.Select(given => given.Cents), Is.EqualTo(new[] { 2_500L }));
        await AssertAuditPassesAsync();
    }

    private async Task AssertAuditPassesAsync()
    {
        var (exitCode, output) = await site.Host.AuditAsync();
        Assert.That(exitCode, Is.Zero, output);
    }
}
