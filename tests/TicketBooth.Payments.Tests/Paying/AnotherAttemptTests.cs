using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;

namespace TicketBooth.Payments.Tests.Paying;

/// <summary>A buyer who pays again while an attempt runs: the same attempt, or another one instead of it.</summary>
[TestFixture]
internal sealed class AnotherAttemptTests
{
    private const string Card = """{"method":"card","token":"tok_one"}""";
    private const string OtherCard = """{"method":"card","token":"tok_other"}""";
    private const string Pix = """{"method":"pix"}""";

    private static readonly NextAction Step = new("redirect", "https://bank.example/3ds", "secret");

    private FakeGateway gateway = null!;
    private FakeTimeProvider clock = null!;
    private PaymentsHost payments = null!;
    private FakeOrder order = null!;

    [SetUp]
    public async Task StartAsync()
    {
        gateway = new FakeGateway();
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 20, 0, 0, TimeSpan.Zero));
        payments = await PaymentsHost.StartAsync(clock, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));
        order = payments.Booking.NewOrder();
    }

    [TearDown]
    public async Task StopAsync() => await payments.DisposeAsync();

    [TestCase(Pix, Card)]
    [TestCase(Card, Pix)]
    public async Task Another_method_ends_the_running_attempt_and_begins_a_new_one(string first, string second)
    {
        var old = await BeginAsync(first);
        gateway.Standing = Known(ChargeState.Pending);

        var begun = await AcceptedAsync(second);

        Assert.That(begun, Is.Not.EqualTo(old));
        Assert.That(gateway.Canceled, Is.EqualTo(new[] { old }));
        Assert.That(gateway.Charges.Select(charge => charge.PaymentId), Is.EqualTo(new[] { old, begun }));
        Assert.That(payments.Booking.Begun.Last().InsteadOf, Is.EqualTo(old));
        var ended = (await payments.Store.FindAsync(old))!;
        Assert.That((ended.Status, ended.DeclineReason), Is.EqualTo((PaymentStatus.Declined, "superseded")));
        Assert.That(payments.Said<PaymentDeclined>().Select(said => (said.PaymentId, said.Reason)), Is.EqualTo(new[] { (old, "superseded") }));
        Assert.That(payments.Said<PaymentStarted>().Select(said => said.PaymentId), Is.EqualTo(new[] { old, begun }));
    }

    [Test]
    public async Task Of_requests_that_change_the_method_at_once_one_begins_an_attempt()
    {
        var old = await BeginAsync(Pix);
        gateway.Standing = Known(ChargeState.Pending);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => payments.PayAsync(order, Card))));

        var begun = gateway.Charges.Select(charge => charge.PaymentId).Where(id => id != old).Distinct().Single();
        foreach (var (response, body) in answers)
        {
            using (response)
            {
                Assert.That(((int)response.StatusCode, (Guid?)body?["paymentId"]), Is.AnyOf((202, (Guid?)begun), (409, (Guid?)null)), body?.ToJsonString());
            }
        }

        Assert.That(payments.Said<PaymentStarted>(), Has.Count.EqualTo(2));
        Assert.That(payments.Said<PaymentDeclined>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_Bookings_guard_each_of_them_begins_one()
    {
        payments.Booking.LetsAnyReplace = true;
        using var everybody = new Barrier(3);
        var old = await BeginAsync(Pix);
        gateway.Standing = Known(ChargeState.Pending);
        gateway.OnCancel = () =>
        {
            // All are about to end the attempt before any has begun another.
            Assert.That(everybody.SignalAndWait(TimeSpan.FromMinutes(1)), Is.True);
            return CancelAnswer.Canceled;
        };

        var answers = await Task.WhenAll(Enumerable.Range(0, everybody.ParticipantCount).Select(_ => Task.Run(() => payments.PayAsync(order, Card))));

        foreach (var (response, _) in answers)
        {
            response.Dispose();
        }

        Assert.That(gateway.Charges.Select(charge => charge.PaymentId).Where(id => id != old).Distinct().Count(), Is.GreaterThan(1), "nothing else decides the race");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task While_the_gateway_cannot_be_reached_nothing_changes(bool answersWhenAsked)
    {
        var old = await BeginAsync(Pix);
        gateway.Standing = answersWhenAsked ? Known(ChargeState.Pending) : new ChargeStanding.Unreachable();
        gateway.OnCancel = () => CancelAnswer.Unreachable;

        Assert.That(await OutcomeAsync(Card), Is.EqualTo("503 gateway-unavailable"));

        Assert.That((await payments.Store.FindAsync(old))!.Status, Is.EqualTo(PaymentStatus.AwaitingConfirmation));
        Assert.That(gateway.Charges, Has.Count.EqualTo(1));
        Assert.That(payments.Said<PaymentDeclined>(), Is.Empty);
    }

    [Test]
    public async Task What_was_captured_before_it_could_be_ended_pays_the_order()
    {
        var old = await BeginAsync(Pix);
        gateway.Standing = Known(ChargeState.Pending);
        gateway.OnCancel = () =>
        {
            gateway.Standing = Known(ChargeState.Captured);
            return CancelAnswer.AlreadyCaptured;
        };

        Assert.That(await OutcomeAsync(Card), Is.EqualTo("409 order-already-paid"));

        Assert.That((await payments.Store.FindAsync(old))!.Status, Is.EqualTo(PaymentStatus.Paid));
        Assert.That(payments.Said<PaymentConfirmed>().Single().PaymentId, Is.EqualTo(old));
        Assert.That(gateway.Charges, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Money_that_a_webhook_tells_of_while_the_attempt_is_ended_pays_the_order()
    {
        var old = await BeginAsync(Pix);
        var payment = (await payments.Store.FindAsync(old))!;
        gateway.Standing = Known(ChargeState.Pending);
        gateway.OnCancel = () =>
        {
            Assert.That(payments.WebhookAsync(payment).GetAwaiter().GetResult().Status, Is.EqualTo(204));
            return CancelAnswer.Canceled;
        };

        Assert.That(await OutcomeAsync(Card), Is.EqualTo("409 order-already-paid"));
        Assert.That((await payments.Store.FindAsync(old))!.Status, Is.EqualTo(PaymentStatus.Paid));
    }

    [Test]
    public async Task Money_that_comes_for_a_superseded_attempt_goes_back_exactly()
    {
        var old = await BeginAsync(Pix);
        gateway.Standing = Known(ChargeState.Pending);
        var begun = await AcceptedAsync(Card);

        Assert.That((await payments.WebhookAsync((await payments.Store.FindAsync(old))!)).Status, Is.EqualTo(204));

        var back = await payments.WaitForAsync(old, payment => payment.Money.Refunds is [{ State: RefundState.Settled }]);
        Assert.That((back.Status, back.Money.Paying, back.Money.Refunds[0].Reason), Is.EqualTo((PaymentStatus.Declined, (Capture?)null, "superseded")));
        Assert.That(gateway.Refunds.Select(refund => (refund.Payment.PaymentId, refund.Amount)).Distinct(), Is.EqualTo(new[] { (old, order.Total) }));
        Assert.That(payments.Said<PaymentConfirmed>(), Is.Empty, "the new attempt pays the order, or nothing does");
        Assert.That((await payments.Store.FindAsync(begun))!.Status, Is.EqualTo(PaymentStatus.AwaitingConfirmation));
    }

    [Test]
    public async Task An_attempt_that_was_declined_meanwhile_is_recorded_as_that_and_the_new_one_begins()
    {
        var old = await BeginAsync(Card);
        gateway.Standing = Known(ChargeState.Declined);

        var begun = await AcceptedAsync(Pix);

        Assert.That((await payments.Store.FindAsync(old))!.DeclineReason, Is.EqualTo("declined"), "a decline counts; giving up does not");
        Assert.That(gateway.Canceled, Is.Empty);
        Assert.That(payments.Booking.UnderWay[order.Id], Is.EqualTo(begun));
    }

    [Test]
    public async Task An_attempt_is_not_ended_for_a_method_that_cannot_pay_the_order()
    {
        order = payments.Booking.NewOrder(currency: "USD");
        var old = await BeginAsync(Card);
        gateway.Standing = Known(ChargeState.Pending);

        Assert.That(await OutcomeAsync(Pix), Is.EqualTo("422 pix-needs-brl"));

        Assert.That(gateway.Canceled, Is.Empty);
        Assert.That((await payments.Store.FindAsync(old))!.Status, Is.EqualTo(PaymentStatus.AwaitingConfirmation));
    }

    [Test]
    public async Task The_same_card_gets_its_step_again()
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", null, Step));
        var old = await BeginAsync(Card);
        gateway.Standing = Known(ChargeState.ActionRequired);

        var (response, body) = await payments.PayAsync(order, Card);

        using var _ = response;
        Assert.That((Guid?)body?["paymentId"], Is.EqualTo(old));
        Assert.That((string?)body?["nextAction"]?["url"], Is.EqualTo(Step.Url));
        Assert.That(gateway.Charges, Has.Count.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Another_card_takes_the_place_of_one_that_waits_for_its_buyers_step(bool afterItsMarkWasStored)
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", null, Step));
        var old = await BeginAsync(Card);
        gateway.Standing = Known(ChargeState.ActionRequired);
        if (afterItsMarkWasStored)
        {
            await payments.Get<PaymentLedger>().StoreExternalIdAsync(old);
            Assert.That((await payments.Store.FindAsync(old))!.Money.TokenMark, Is.Not.Null.And.Not.Contains("tok_one"));
        }

        var begun = await AcceptedAsync(OtherCard);

        Assert.That(begun, Is.Not.EqualTo(old));
        Assert.That(gateway.Canceled, Is.EqualTo(new[] { old }));
        Assert.That(gateway.Charges.Last().Token, Is.EqualTo("tok_other"));
    }

    [Test]
    public async Task Another_card_waits_for_one_that_the_gateway_is_charging()
    {
        var old = await BeginAsync(Card);
        gateway.Standing = Known(ChargeState.Pending);

        Assert.That(await OutcomeAsync(OtherCard), Is.EqualTo("409 payment-in-progress"));
        Assert.That(await AcceptedAsync(Card), Is.EqualTo(old));
        Assert.That(gateway.Canceled, Is.Empty);
    }

    [Test]
    public async Task A_plain_payment_keeps_no_mark_of_its_token()
    {
        var id = await BeginAsync(Card);

        await payments.WebhookAsync((await payments.Store.FindAsync(id))!);

        Assert.That((await payments.Store.FindAsync(id))!.Recorded, Is.Null);
    }

    [Test]
    public async Task A_code_is_given_again_though_the_gateway_cannot_be_reached()
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Taken("ext-1", "000201..."));
        var old = await BeginAsync(Pix);
        gateway.Standing = new ChargeStanding.Unreachable();

        var (response, body) = await payments.PayAsync(order, Pix);

        using var _ = response;
        Assert.That(((Guid?)body?["paymentId"], (string?)body?["pix"]?["code"]), Is.EqualTo(((Guid?)old, "000201...")));
    }

    private ChargeStanding.Known Known(ChargeState state) => FakeGateway.Known(state, order.Total, order.Currency);

    private async Task<Guid> BeginAsync(string body) => payments.Booking.UnderWay[order.Id] = await AcceptedAsync(body);

    private async Task<Guid> AcceptedAsync(string body)
    {
        var (response, answer) = await payments.PayAsync(order, body);
        using var _ = response;
        Assert.That((int)response.StatusCode, Is.EqualTo(202), answer?.ToJsonString());
        return (Guid)answer!["paymentId"]!;
    }

    private async Task<string> OutcomeAsync(string body)
    {
        var (response, problem) = await payments.PayAsync(order, body);
        using var _ = response;
        return $"{(int)response.StatusCode} {(string?)(problem as JsonObject)?["code"]}";
    }
}
