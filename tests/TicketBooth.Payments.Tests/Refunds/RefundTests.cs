using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Refunds;

/// <summary>From Booking's <see cref="RefundDue"/>, through the relay, to money that is back.</summary>
[TestFixture]
internal sealed class RefundTests
{
    private FakeTimeProvider clock = null!;
    private FakeGateway gateway = null!;
    private PaymentsHost payments = null!;
    private FakeOutbox bookings = null!;

    [SetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        gateway = new FakeGateway();
        payments = await PaymentsHost.StartAsync(clock, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));
        bookings = new FakeOutbox(payments, clock);
    }

    [TearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    [Test]
    public async Task Gives_back_captured_money_that_is_due()
    {
        var payment = await payments.KeepPaymentAsync(Captured);

        bookings.Send(DueOf(payment));

        var refunded = await payments.WaitForAsync(payment.Id, PaymentStatus.Refunded);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refunded.RefundReason, Is.EqualTo("order-canceled"));
            Assert.That(gateway.Refunds.Select(ask => (ask.Payment.PaymentId, ask.CaptureId, ask.Amount)), Is.EqualTo(new[] { (payment.Id, "ext-1", payment.Amount) }));
            Assert.That(payments.Said<PaymentRefunded>(), Is.EqualTo(new[] { new PaymentRefunded(payment.Id, payment.OrderId, payment.Amount, "BRL", clock.GetUtcNow()) }));
        }
    }

    [Test]
    public async Task Gives_back_once_whatever_is_said_twice()
    {
        var payment = await payments.KeepPaymentAsync(Captured);
        var due = MessageCodec.Encode(DueOf(payment), payment.OrderId, clock.GetUtcNow());

        bookings.Send(due);
        bookings.Send(due);
        bookings.Send(DueOf(payment) with { Reason = "event-canceled" });
        await payments.WaitForAsync(payment.Id, PaymentStatus.Refunded);
        bookings.Send(due);
        await bookings.AllConsumedAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(gateway.Refunds, Has.Count.EqualTo(1));
            Assert.That(payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
            Assert.That((await payments.Store.FindAsync(payment.Id))?.RefundReason, Is.EqualTo("order-canceled"));
        }
    }

    [Test]
    public async Task Remembers_a_refund_until_there_is_money_to_give_back()
    {
        var payment = await payments.KeepPaymentAsync();
        bookings.Send(DueOf(payment));
        await payments.WaitForAsync(payment.Id, kept => kept.IsRefundDue);
        var before = gateway.Refunds.Count;

        await payments.WebhookAsync(payment);

        await payments.WaitForAsync(payment.Id, PaymentStatus.Refunded);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.Zero);
            Assert.That(payments.Said<PaymentConfirmed>(), Has.Count.EqualTo(1));
            Assert.That(payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Tries_again_until_the_gateway_can_be_reached()
    {
        var payment = await payments.KeepPaymentAsync(Captured);
        RefundAnswer[] answers = [new RefundAnswer.Unreachable(), new RefundAnswer.NotCaptured(), new RefundAnswer.Unreachable()];
        gateway.OnRefund = _ => gateway.Refunds.Count switch
        {
            <= 3 and var count => answers[count - 1],
            4 => throw new InvalidOperationException("a bug of the adapter"),
            _ => new RefundAnswer.Settled("re-1"),
        };

        bookings.Send(DueOf(payment));
        await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return payments.Store.FindAsync(payment.Id);
            },
            kept => kept?.Status == PaymentStatus.Refunded,
            "the refund to go through");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(gateway.Refunds, Has.Count.EqualTo(5));
            Assert.That(payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Waits_for_the_webhook_when_the_gateway_only_takes_it_up()
    {
        gateway.OnRefund = _ => new RefundAnswer.Asked("re-1");
        var payment = await payments.KeepPaymentAsync(Captured);
        bookings.Send(DueOf(payment));
        await Eventually.Async(() => Task.FromResult(gateway.Refunds.Count), count => count == 1, "the gateway to be asked");
        var before = await payments.Store.FindAsync(payment.Id);

        await payments.WebhookAsync(payment, "payment.refunded", externalId: "ext-1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before?.Status, Is.EqualTo(PaymentStatus.Paid));
            Assert.That((await payments.Store.FindAsync(payment.Id))?.Status, Is.EqualTo(PaymentStatus.Refunded));
            Assert.That(payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task The_gateways_webhook_and_its_answer_are_one_refund()
    {
        var payment = await payments.KeepPaymentAsync(Captured);
        bookings.Send(DueOf(payment));
        await payments.WaitForAsync(payment.Id, PaymentStatus.Refunded);

        var webhook = await payments.WebhookAsync(payment, "payment.refunded");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(webhook.Status, Is.EqualTo(204));
            Assert.That(payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Finds_refunds_that_nobody_woke_it_for()
    {
        // As another host, or one that crashed between two steps, leaves it.
        var payment = await payments.KeepPaymentAsync(kept => Captured(kept) with { RefundReason = "event-canceled" });

        await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(30));
                return payments.Store.FindAsync(payment.Id);
            },
            kept => kept?.Status == PaymentStatus.Refunded,
            "the refund to be found");
    }

    [Test]
    public async Task Picks_up_at_the_start_what_was_due_before()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        var unreachable = new FakeGateway { OnRefund = _ => new RefundAnswer.Unreachable() };
        Payment[] due;
        await using (var before = await PaymentsHost.StartAsync(
            clock, folder, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(unreachable))))
        {
            due = [await before.KeepPaymentAsync(Captured), await before.KeepPaymentAsync(Captured)];
            var outbox = new FakeOutbox(before, clock);
            foreach (var payment in due)
            {
                outbox.Send(DueOf(payment));
            }

            await outbox.AllConsumedAsync();
        }

        await using (var after = await PaymentsHost.StartAsync(
            clock, folder, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway))))
        {
            foreach (var payment in due)
            {
                await after.WaitForAsync(payment.Id, PaymentStatus.Refunded);
            }

            Assert.That(after.Said<PaymentRefunded>(), Has.Count.EqualTo(2));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task A_refund_of_an_unknown_payment_is_put_before_a_person()
    {
        var payment = await payments.KeepPaymentAsync();

        bookings.Send(DueOf(payment with { Id = Guid.CreateVersion7() }));

        var letters = await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return payments.Get<IDeadLetters>().ListAsync(10);
            },
            found => found.Count == 1,
            "the dead letter");
        Assert.That(letters[0].Reason, Does.Contain("payment-not-found"));
    }

    [Test]
    public async Task Runs_through_the_sandbox_with_every_message_twice()
    {
        await using var host = await PaymentsHost.StartAsync(clock);
        var id = await host.PayByCardAsync(host.Booking.NewOrder(), "tok_duplicate");
        var payment = await host.WaitForAsync(id, PaymentStatus.Paid);
        var outbox = new FakeOutbox(host, clock);
        var due = MessageCodec.Encode(DueOf(payment), payment.OrderId, clock.GetUtcNow());

        outbox.Send(due);
        outbox.Send(due);
        await outbox.AllConsumedAsync();
        await host.WaitForAsync(id, PaymentStatus.Refunded);
        await host.AllCallbacksDeliveredAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Said<PaymentConfirmed>(), Has.Count.EqualTo(1));
            Assert.That(host.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
        }
    }

    private static RefundDue DueOf(Payment payment) => new(payment.Id, payment.OrderId, "order-canceled", payment.CreatedAt);

    private static Payment Captured(Payment payment) => payment with { Status = PaymentStatus.Paid, ExternalId = "ext-1" };
}
