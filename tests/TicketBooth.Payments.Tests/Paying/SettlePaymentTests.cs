using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Paying;

[TestFixture]
internal sealed class SettlePaymentTests
{
    private FakeGateway gateway = null!;
    private PaymentsHost payments = null!;

    [SetUp]
    public async Task StartAsync()
    {
        gateway = new FakeGateway();
        payments = await PaymentsHost.StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));
    }

    [TearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    [Test]
    public async Task Does_not_know_a_payment_that_was_never_kept()
    {
        var standing = await payments.SendAsync(new SettlePayment(Guid.CreateVersion7()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Unknown));
            Assert.That(gateway.Asked, Is.Zero);
        }
    }

    [Test]
    public async Task Closes_a_payment_that_never_reached_the_gateway()
    {
        var payment = await payments.KeepPaymentAsync();

        var standing = await payments.SendAsync(new SettlePayment(payment.Id));
        var again = await payments.SendAsync(new SettlePayment(payment.Id));

        var kept = await payments.Store.FindAsync(payment.Id);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((standing.Value, again.Value), Is.EqualTo((PaymentStanding.Unknown, PaymentStanding.Unknown)));
            Assert.That((kept!.Status, kept.DeclineReason), Is.EqualTo((PaymentStatus.Declined, "abandoned")));
            Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo("abandoned"));
        }
    }

    [Test]
    public async Task Leaves_a_pending_payment_open()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.Standing = FakeGateway.Known(ChargeState.Pending, payment.Amount);

        var standing = await payments.SendAsync(new SettlePayment(payment.Id));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Pending));
            Assert.That(payments.SaidInAll(), Is.Zero);
        }
    }

    [Test]
    public async Task Records_captured_money_whose_webhook_was_lost()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.Standing = FakeGateway.Known(ChargeState.Captured, payment.Amount);

        var standing = await payments.SendAsync(new SettlePayment(payment.Id));
        var webhook = await payments.WebhookAsync(payment);

        var kept = await payments.Store.FindAsync(payment.Id);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Confirmed));
            Assert.That((kept!.Status, kept.ExternalId), Is.EqualTo((PaymentStatus.Paid, "ext-1")));
            Assert.That(webhook.Status, Is.EqualTo(204), "the webhook that comes after all");
            Assert.That(payments.Said<PaymentConfirmed>().Single().PaymentId, Is.EqualTo(payment.Id));
        }
    }

    [Test]
    public async Task Records_a_refusal_whose_webhook_was_lost()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.Standing = FakeGateway.Known(ChargeState.Declined, payment.Amount);

        var standing = await payments.SendAsync(new SettlePayment(payment.Id));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Declined));
            Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo("declined"));
        }
    }

    [Test]
    public async Task Says_that_no_money_comes_of_a_payment_that_went_back()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.Standing = FakeGateway.Known(ChargeState.Captured, payment.Amount) with
        {
            Refunds = [new("re-1", null, "ext-1", payment.Amount, payment.Currency, GatewayRefundState.Settled, null, payment.CreatedAt)],
        };

        var standing = await payments.SendAsync(new SettlePayment(payment.Id));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Unknown));
            Assert.That(payments.Said<PaymentRefunded>().Single().PaymentId, Is.EqualTo(payment.Id));
        }
    }

    [Test]
    public async Task Fails_when_the_gateway_cannot_be_asked()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.Standing = new ChargeStanding.Unreachable();

        var standing = await payments.SendAsync(new SettlePayment(payment.Id));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(standing.Error?.Code, Is.EqualTo("gateway-unavailable"));
            Assert.That(await payments.Store.FindAsync(payment.Id), Is.EqualTo(payment));
        }
    }

    [Test]
    public async Task Gives_another_amount_back_and_lets_the_buyer_pay_again()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.Standing = FakeGateway.Known(ChargeState.Captured, payment.Amount + 1);

        var standing = await payments.SendAsync(new SettlePayment(payment.Id));
        await payments.WaitForAsync(payment.Id, kept => kept.Money.Refunds is [{ State: RefundState.Settled }]);

        Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Declined));
        Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo("other-amount"));
        Assert.That(gateway.Refunds.Single().Amount, Is.EqualTo(payment.Amount + 1));
    }

    [TestCase("payment.confirmed", PaymentStanding.Confirmed)]
    [TestCase("payment.declined", PaymentStanding.Declined)]
    public async Task Needs_no_gateway_for_what_is_known(string webhook, PaymentStanding standing)
    {
        var payment = await payments.KeepPaymentAsync();
        await payments.WebhookAsync(payment, webhook);

        var answer = await payments.SendAsync(new SettlePayment(payment.Id));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Value, Is.EqualTo(standing));
            Assert.That(gateway.Asked, Is.Zero);
        }
    }
}
