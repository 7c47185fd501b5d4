using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Paying;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Paying;

/// <summary>An order ends while a payment of it is open: its gateway ends the payment.</summary>
[TestFixture]
internal sealed class EndPaymentsTests
{
    private FakeTimeProvider clock = null!;
    private FakeGateway gateway = null!;
    private PaymentsHost payments = null!;
    private FakeOutbox bookings = null!;

    [SetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero));
        gateway = new FakeGateway();
        payments = await HostAsync(gateway);
        bookings = new FakeOutbox(payments, clock);
    }

    [TearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    [Test]
    public async Task The_open_payment_of_an_expired_order_is_ended_once()
    {
        var payment = await payments.KeepPaymentAsync();
        var expired = MessageCodec.Encode(ExpiredOf(payment), payment.OrderId, clock.GetUtcNow());

        bookings.Send(expired);
        bookings.Send(expired);

        var ended = await EndedAsync(payment);
        bookings.Send(expired);
        await bookings.AllConsumedAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((ended.Status, ended.DeclineReason, ended.Recorded), Is.EqualTo((PaymentStatus.Declined, "canceled", (MoneyOnRecord?)null)));
            Assert.That(gateway.Canceled, Is.EqualTo(new[] { payment.Id }));
            Assert.That(payments.Said<PaymentDeclined>().Select(said => said.PaymentId), Is.EqualTo(new[] { payment.Id }));
            Assert.That(await payments.Store.ListGivenUpAsync(DateTimeOffset.MaxValue, 10), Is.Empty);
        }
    }

    [Test]
    public async Task The_open_payment_of_a_canceled_order_is_ended()
    {
        var payment = await payments.KeepPaymentAsync();

        bookings.Send(new OrderCanceled(payment.OrderId, 2, Guid.CreateVersion7(), Guid.CreateVersion7(), [], clock.GetUtcNow()) { PaymentId = payment.Id });

        Assert.That((await EndedAsync(payment)).DeclineReason, Is.EqualTo("canceled"));
    }

    [Test]
    public async Task An_order_that_names_no_payment_or_an_unknown_one_ends_nothing()
    {
        var payment = await payments.KeepPaymentAsync();

        bookings.Send(ExpiredOf(payment) with { PaymentId = null });
        bookings.Send(ExpiredOf(payment) with { PaymentId = Guid.CreateVersion7() });
        await bookings.AllConsumedAsync();

        Assert.That(await payments.Store.ListGivenUpAsync(DateTimeOffset.MaxValue, 10), Is.Empty);
        Assert.That((await payments.Store.FindAsync(payment.Id)), Is.EqualTo(payment));
    }

    [Test]
    public async Task A_paid_payment_is_left_as_it_is()
    {
        var payment = await payments.KeepPaymentAsync(kept => kept with { Status = PaymentStatus.Paid, ExternalId = "ext-1" });

        bookings.Send(ExpiredOf(payment));
        await bookings.AllConsumedAsync();

        Assert.That(await payments.Store.FindAsync(payment.Id), Is.EqualTo(payment));
    }

    [Test]
    public async Task A_gateway_that_cannot_be_reached_is_asked_again_with_growing_pauses()
    {
        List<DateTimeOffset> asked = [];
        gateway.OnCancel = () =>
        {
            asked.Add(clock.GetUtcNow());
            return asked.Count <= 6 ? CancelAnswer.Unreachable : CancelAnswer.Canceled;
        };
        var payment = await payments.KeepPaymentAsync();

        bookings.Send(ExpiredOf(payment));
        await EndedAsync(payment);

        var pauses = asked.Zip(asked.Skip(1), (before, after) => after - before).ToList();
        Assert.That(pauses, Has.Count.EqualTo(6));
        Assert.That(pauses[0], Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(pauses[^1], Is.GreaterThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void Pauses_are_no_longer_than_an_hour()
    {
        var now = clock.GetUtcNow();

        Assert.That(GivenUp.Since(now).Later(now.AddSeconds(1)).NextTry, Is.EqualTo(now.AddSeconds(6)));
        Assert.That(GivenUp.Since(now).Later(now.AddMinutes(10)).NextTry, Is.EqualTo(now.AddMinutes(20)));
        Assert.That(GivenUp.Since(now).Later(now.AddDays(3)).NextTry, Is.EqualTo(now.AddDays(3).AddHours(1)));
    }

    [Test]
    public async Task Money_that_the_gateway_has_by_then_is_recorded()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.OnCancel = () => CancelAnswer.AlreadyCaptured;
        gateway.Standing = FakeGateway.Known(ChargeState.Captured, payment.Amount);

        bookings.Send(ExpiredOf(payment));

        await EndedAsync(payment, PaymentStatus.Paid);
        Assert.That(payments.Said<PaymentConfirmed>().Select(said => said.PaymentId), Is.EqualTo(new[] { payment.Id }), "Booking decides what becomes of it");
    }

    [Test]
    public async Task Money_that_comes_all_the_same_is_recorded()
    {
        var payment = await payments.KeepPaymentAsync();
        bookings.Send(ExpiredOf(payment));
        await EndedAsync(payment);

        await payments.WebhookAsync(payment);

        Assert.That((await payments.Store.FindAsync(payment.Id))!.Status, Is.EqualTo(PaymentStatus.Paid));
        Assert.That(payments.Said<PaymentConfirmed>(), Has.Count.EqualTo(1), "Booking decides what becomes of it");
    }

    [Test]
    public async Task A_payment_that_is_on_its_way_to_the_gateway_is_ended_when_it_is_there()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.OnCancel = () => gateway.Canceled.Count < 3 ? CancelAnswer.NotKnown : CancelAnswer.Canceled;

        bookings.Send(ExpiredOf(payment));

        Assert.That((await EndedAsync(payment)).DeclineReason, Is.EqualTo("canceled"));
    }

    [Test]
    public async Task A_payment_that_never_reached_the_gateway_is_given_up_after_a_minute()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.OnCancel = () => CancelAnswer.NotKnown;

        bookings.Send(ExpiredOf(payment));

        var ended = await EndedAsync(payment);
        Assert.That(ended.DeclineReason, Is.EqualTo("abandoned"));
        Assert.That(ended.DeclinedAt, Is.GreaterThanOrEqualTo(payment.CreatedAt + RunningAttempts.LongestAttempt));
    }

    [Test]
    public async Task A_restart_goes_on_with_what_is_still_open()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        Payment payment;
        await using (var before = await HostAsync(new FakeGateway { OnCancel = () => CancelAnswer.Unreachable }, folder))
        {
            payment = await before.KeepPaymentAsync();
            var outbox = new FakeOutbox(before, clock);
            outbox.Send(ExpiredOf(payment));
            await outbox.AllConsumedAsync();
        }

        await using (var after = await HostAsync(gateway, folder))
        {
            await EndedAsync(payment, host: after);
        }

        Directory.Delete(folder, recursive: true);
        Assert.That(gateway.Canceled, Is.EqualTo(new[] { payment.Id }));
    }

    [Test]
    public async Task A_step_that_nobody_took_does_not_stay_open_at_the_sandbox_and_late_money_of_a_card_still_comes()
    {
        await using var host = await PaymentsHost.StartAsync(clock);
        var outbox = new FakeOutbox(host, clock);
        var (response, body) = await host.PayAsync(host.Booking.NewOrder(), """{"method":"card","token":"tok_next_action"}""");
        response.Dispose();
        var step = (await host.Store.FindAsync((Guid)body!["paymentId"]!))!;
        var late = (await host.Store.FindAsync(await host.PayByCardAsync(host.Booking.NewOrder(), "tok_late")))!;

        outbox.Send(ExpiredOf(step));
        outbox.Send(ExpiredOf(late));
        await EndedAsync(step, host: host);
        await EndedAsync(late, PaymentStatus.Paid, host, seconds: 60);

        using var taken = await host.Client.GetAsync((string)body["nextAction"]!["url"]!);
        Assert.That((int)taken.StatusCode, Is.EqualTo(404), "the step cannot be taken any more");
    }

    private Task<PaymentsHost> HostAsync(FakeGateway with, string? folder = null) =>
        PaymentsHost.StartAsync(clock, folder, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(with)));

    /// <summary>Waits, and lets time pass meanwhile.</summary>
    private async Task<Payment> EndedAsync(
        Payment payment, PaymentStatus status = PaymentStatus.Declined, PaymentsHost? host = null, int seconds = 2) =>
        (await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(seconds));
                return (host ?? payments).Store.FindAsync(payment.Id);
            },
            found => found?.Status == status,
            "the payment to be ended"))!;

    private OrderExpired ExpiredOf(Payment payment) =>
        new(payment.OrderId, 2, Guid.CreateVersion7(), Guid.CreateVersion7(), [], clock.GetUtcNow()) { PaymentId = payment.Id };
}
