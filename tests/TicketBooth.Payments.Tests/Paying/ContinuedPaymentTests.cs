using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Paying;
using PayOrder = TicketBooth.Payments.Contracts.PayOrder;

namespace TicketBooth.Payments.Tests.Paying;

/// <summary>A request to pay an order that has a payment under way.</summary>
[TestFixture]
internal sealed class ContinuedPaymentTests
{
    private const string Card = """{"method":"card","token":"tok_approve"}""";
    private const string Pix = """{"method":"pix"}""";

    private FakeGateway gateway = null!;
    private FakeTimeProvider clock = null!;
    private PaymentsHost payments = null!;

    [SetUp]
    public async Task StartAsync()
    {
        gateway = new FakeGateway();
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero));
        payments = await PaymentsHost.StartAsync(clock, services: services =>
            services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway))
        );
    }

    [TearDown]
    public async Task StopAsync() => await payments.DisposeAsync();

    [Test]
    public async Task A_payment_whose_first_write_failed_is_made_by_the_next_request()
    {
        var (order, underWay) = NewOrder();

        var (response, body) = await payments.PayAsync(order, Card);

        using var _ = response;
        Assert.That(((int)response.StatusCode, (Guid?)body?["paymentId"]), Is.EqualTo((202, (Guid?)underWay)));
        Assert.That(gateway.Charges.Single().PaymentId, Is.EqualTo(underWay));
        Assert.That(payments.Said<PaymentStarted>().Single().PaymentId, Is.EqualTo(underWay));
    }

    [Test]
    public async Task Requests_that_continue_one_payment_at_once_make_one_payment_of_it()
    {
        var (order, underWay) = NewOrder();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => payments.PayAsync(order, Card))));

        foreach (var (response, body) in answers)
        {
            using (response)
            {
                Assert.That((int)response.StatusCode, Is.AnyOf(202, 409), body?.ToJsonString());
            }
        }

        Assert.That(
            gateway.Charges.Select(charge => charge.PaymentId).Distinct(),
            Is.EqualTo(new[] { underWay }),
            "the gateway charges an id once"
        );
        Assert.That(payments.Said<PaymentStarted>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_payment_that_never_reached_the_gateway_is_sent_by_the_next_request()
    {
        var (order, underWay) = NewOrder();
        await StoreAsync(order, underWay, PaymentMethod.Card);

        var (response, body) = await payments.PayAsync(order, Card);

        using var _ = response;
        Assert.That(((int)response.StatusCode, (Guid?)body?["paymentId"]), Is.EqualTo((202, (Guid?)underWay)));
        Assert.That(gateway.Charges.Single().Token, Is.EqualTo("tok_approve"));
    }

    [Test]
    public async Task A_code_to_pay_by_pix_whose_answer_was_lost_is_given_again()
    {
        var (order, underWay) = NewOrder();
        await StoreAsync(order, underWay, PaymentMethod.Pix);
        gateway.Standing = Known(order, ChargeState.Pending);
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", "000201..."));

        var (response, body) = await payments.PayAsync(order, Pix);

        using var _ = response;
        Assert.That(((int)response.StatusCode, (string?)body?["pix"]?["code"]), Is.EqualTo((202, "000201...")));
    }

    [Test]
    public async Task A_card_that_the_gateway_is_charging_is_not_charged_again()
    {
        var (order, underWay) = NewOrder();
        await StoreAsync(order, underWay, PaymentMethod.Card);
        gateway.Standing = Known(order, ChargeState.Pending);

        var (response, body) = await payments.PayAsync(order, Card);

        using var _ = response;
        Assert.That(((int)response.StatusCode, (Guid?)body?["paymentId"]), Is.EqualTo((202, (Guid?)underWay)));
        Assert.That(gateway.Charges, Is.Empty);
        Assert.That((await payments.Store.FindAsync(underWay))!.Status, Is.EqualTo(PaymentStatus.AwaitingConfirmation));
    }

    [TestCase(nameof(ChargeState.Captured), PaymentStatus.Paid, "order-already-paid")]
    [TestCase(nameof(ChargeState.Declined), PaymentStatus.Declined, "payment-in-progress")]
    public async Task An_outcome_whose_webhook_was_lost_is_recorded(string state, PaymentStatus expected, string answer)
    {
        var (order, underWay) = NewOrder();
        await StoreAsync(order, underWay, PaymentMethod.Card);
        gateway.Standing = Known(order, Enum.Parse<ChargeState>(state));

        await RefusesAsync(order, Card, answer);

        Assert.That((await payments.Store.FindAsync(underWay))!.Status, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_payment_by_another_method_that_never_reached_the_gateway_is_given_up_after_a_minute()
    {
        var (order, underWay) = NewOrder();
        await StoreAsync(order, underWay, PaymentMethod.Card);

        await RefusesAsync(order, Pix);
        Assert.That(
            (await payments.Store.FindAsync(underWay))!.Status,
            Is.EqualTo(PaymentStatus.AwaitingConfirmation),
            "it may be on its way"
        );

        clock.Advance(RunningAttempts.LongestAttempt);
        var (response, body) = await payments.PayAsync(order, Pix);
        using var _ = response;
        Assert.That((int)response.StatusCode, Is.EqualTo(202));
        Assert.That(gateway.Charges.Single().PaymentId, Is.EqualTo((Guid?)body!["paymentId"]).And.Not.EqualTo(underWay));
        Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo("superseded"));
    }

    [Test]
    public async Task A_gateway_that_cannot_be_asked_keeps_the_payment_under_way()
    {
        var (order, underWay) = NewOrder();
        await StoreAsync(order, underWay, PaymentMethod.Card);
        gateway.Standing = new ChargeStanding.Unreachable();

        await RefusesAsync(order, Card);

        Assert.That((await payments.Store.FindAsync(underWay))!.Status, Is.EqualTo(PaymentStatus.AwaitingConfirmation));
    }

    [Test]
    public async Task A_clock_that_steps_back_dates_no_change_of_a_payment_before_the_last_one()
    {
        var payment = await payments.KeepPaymentAsync();
        var last = clock.GetUtcNow();

        clock.AdjustTime(last.AddMinutes(-4));
        await payments.WebhookAsync(payment);

        Assert.That((await payments.Store.FindAsync(payment.Id))!.CapturedAt, Is.EqualTo(last));
        Assert.That(payments.Said<PaymentConfirmed>().Single().At, Is.EqualTo(last));
    }

    [Test]
    public async Task Nothing_is_continued_when_the_hold_is_over()
    {
        var (order, underWay) = NewOrder();
        await StoreAsync(order, underWay, PaymentMethod.Card);
        clock.Advance(TimeSpan.FromHours(1));

        await RefusesAsync(order, Card);
    }

    [TestCase(nameof(PaymentStatus.Declined))]
    [TestCase(nameof(PaymentStatus.Paid))]
    public async Task A_request_that_comes_again_after_its_payment_has_an_outcome_makes_no_second_attempt(string outcome)
    {
        var order = payments.Booking.NewOrder();
        var again = Request(order, PaymentMethod.Card);
        var first = await payments.SendAsync(again);
        var payment = (await payments.Store.FindAsync(first.Value.PaymentId))!;
        await payments.WebhookAsync(payment, outcome == nameof(PaymentStatus.Paid) ? "payment.confirmed" : "payment.declined");
        Assert.That((await payments.Store.FindAsync(payment.Id))!.Status.ToString(), Is.EqualTo(outcome));

        var second = await payments.SendAsync(again);
        payments.Booking.UnderWay[order.Id] = Guid.CreateVersion7();
        var afterAnother = await payments.SendAsync(again);
        payments.Booking.Refusal = Error.Conflict("order-already-paid", "It is.");
        var afterAll = await payments.SendAsync(again);

        Assert.That(new[] { second.Value, afterAnother.Value, afterAll.Value }, Is.All.EqualTo(first.Value), "the answer of the first time");
        Assert.That(gateway.Charges, Has.Count.EqualTo(1));
        Assert.That(payments.Said<PaymentStarted>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_request_that_comes_again_sends_its_payment_when_the_gateway_never_got_it()
    {
        var order = payments.Booking.NewOrder();
        var again = Request(order, PaymentMethod.Card);
        await StoreAsync(order, again.OperationId!.Value, PaymentMethod.Card);

        var answer = await payments.SendAsync(again);

        Assert.That(answer.Value.PaymentId, Is.EqualTo(again.OperationId));
        Assert.That(gateway.Charges.Single().PaymentId, Is.EqualTo(again.OperationId));
    }

    [Test]
    public async Task A_request_that_comes_again_gets_its_code_to_pay_by_pix_again()
    {
        var again = Request(payments.Booking.NewOrder(), PaymentMethod.Pix);
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", "000201..."));

        var answers = new[] { await payments.SendAsync(again), await payments.SendAsync(again) };

        Assert.That(answers[1].Value, Is.EqualTo(answers[0].Value));
        Assert.That(answers[1].Value.Pix!.Code, Is.EqualTo("000201..."));
        Assert.That(payments.Said<PaymentStarted>(), Has.Count.EqualTo(1));
    }

    private PayOrder Request(FakeOrder order, PaymentMethod method) =>
        new(order.Id, order.Buyer, method, method == PaymentMethod.Card ? "tok_approve" : null, Guid.CreateVersion7(clock.GetUtcNow()));

    private (FakeOrder Order, Guid UnderWay) NewOrder()
    {
        var order = payments.Booking.NewOrder();
        return (order, payments.Booking.UnderWay[order.Id] = Guid.CreateVersion7(clock.GetUtcNow()));
    }

    private Task StoreAsync(FakeOrder order, Guid paymentId, PaymentMethod method)
    {
        var now = clock.GetUtcNow();
        return payments.Store.AddAsync(new Payment(paymentId, order.Id, method, order.Total, order.Currency, now.AddMinutes(15), now));
    }

    private static ChargeStanding.Known Known(FakeOrder order, ChargeState state) => FakeGateway.Known(state, order.Total, order.Currency);

    private async Task RefusesAsync(FakeOrder order, string body, string code = "payment-in-progress")
    {
        var (response, problem) = await payments.PayAsync(order, body);
        using var _ = response;
        Assert.That(((int)response.StatusCode, (string?)problem?["code"]), Is.EqualTo((409, code)));
        Assert.That(gateway.Charges, Is.Empty);
    }
}
