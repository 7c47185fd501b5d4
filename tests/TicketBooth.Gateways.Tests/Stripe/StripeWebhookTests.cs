using System.Text.Json.Nodes;
using Stripe;
using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Tests.Stripe;

public class StripeWebhookTests : StripeStandInFixture
{
    private IEnumerable<Event> Verified => Receiver.All.Select(received =>
        EventUtility.ConstructEvent(received.Body, received.Headers["Stripe-Signature"], StandIn.Options.WebhookSecret));

    private async Task<IEnumerable<string>> TypesAsync()
    {
        await StandIn.Webhooks.IdleAsync();
        return Verified.Select(told => told.Type);
    }

    [Test]
    public async Task The_library_verifies_what_is_signed_and_reads_it()
    {
        var intent = await PayAsync();

        Assert.That(await TypesAsync(), Is.EqualTo(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]));
        Assert.That(((PaymentIntent)Verified.Last().Data.Object).Id, Is.EqualTo(intent.Id));
    }

    [Test]
    public async Task Another_secret_does_not_verify()
    {
        await PayAsync();
        await StandIn.Webhooks.IdleAsync();
        var received = Receiver.All[0];

        Assert.That(() => EventUtility.ConstructEvent(received.Body, received.Headers["Stripe-Signature"], "whsec_other"), Throws.InstanceOf<StripeException>());
    }

    [Test]
    public async Task Each_turn_of_a_payment_is_told()
    {
        Refused(() => PayAsync("pm_card_chargeDeclined"));
        var waiting = await PayAsync("pm_card_authenticationRequired");
        await Client.V1.PaymentIntents.CancelAsync(waiting.Id);

        Assert.That(await TypesAsync(), Is.SupersetOf(["charge.failed", "payment_intent.payment_failed", "payment_intent.requires_action", "payment_intent.canceled"]));
    }

    [Test]
    public async Task Each_turn_of_money_that_goes_back_is_told()
    {
        await RefundAsync(await PayAsync("pm_card_refundFail"));
        StandIn.Console.CloseDispute(StandIn.Console.OpenDispute((await PayAsync()).Id), isWon: true);

        Assert.That(
            await TypesAsync(),
            Is.SupersetOf(["charge.refunded", "refund.created", "refund.updated", "refund.failed", "charge.dispute.created", "charge.dispute.closed"]));
    }

    [Test]
    public async Task A_type_that_nobody_knows_is_sent_on_demand()
    {
        StandIn.Console.SendEvent("casino.jackpot", new JsonObject { ["object"] = "casino", ["id"] = "c_1" });

        Assert.That(await TypesAsync(), Is.EqualTo(["casino.jackpot"]));
    }

    [Test]
    public async Task An_event_is_sent_again_with_its_id()
    {
        StandIn.Console.Resend(StandIn.Console.SendEvent("casino.jackpot", new JsonObject { ["object"] = "casino" }));
        await StandIn.Webhooks.IdleAsync();

        Assert.That(Verified.Select(told => told.Id).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That(Receiver.All, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Plans_hold_them_back_and_turn_them_round()
    {
        StandIn.Webhooks.Plan = CallbackPlan.Held;
        await PayAsync();
        StandIn.Webhooks.Release(CallbackOrder.Reversed);

        Assert.That(await TypesAsync(), Is.EqualTo(["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]));
    }

    [Test]
    public async Task What_is_not_taken_is_sent_again()
    {
        Receiver.Answer = count => count == 1 ? 500 : 200;
        StandIn.Console.SendEvent("casino.jackpot", new JsonObject { ["object"] = "casino" });

        Assert.That(await TypesAsync(), Is.EqualTo(["casino.jackpot", "casino.jackpot"]));
    }
}
