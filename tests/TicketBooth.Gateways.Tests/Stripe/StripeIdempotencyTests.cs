using System.Net;
using Stripe;
using TicketBooth.Gateways.Stripe;

namespace TicketBooth.Gateways.Tests.Stripe;

public class StripeIdempotencyTests : StripeStandInFixture
{
    private static readonly RequestOptions Key = new() { IdempotencyKey = "attempt-1" };

    private Task<PaymentIntent> PayOnceAsync(PaymentIntentCreateOptions options, CancellationToken cancellationToken = default) =>
        Client.V1.PaymentIntents.CreateAsync(options, Key, cancellationToken);

    [Test]
    public async Task The_same_key_has_one_effect_and_one_answer()
    {
        var first = await PayOnceAsync(Card());
        var second = await PayOnceAsync(Card());

        Assert.That((second.Id, second.StripeResponse.Headers.Contains("Idempotent-Replayed")), Is.EqualTo((first.Id, true)));
        Assert.That(StandIn.Console.Payments, Has.Count.EqualTo(1));
        Assert.That(StandIn.Calls.Select(call => (call.IdempotencyKey, call.IsReplayed)), Is.EqualTo([("attempt-1", false), ("attempt-1", true)]));
    }

    [Test]
    public async Task The_same_key_with_another_body_is_refused()
    {
        await PayOnceAsync(Card());

        Assert.That(Refused(() => PayOnceAsync(Card(amount: 6000))).Type, Is.EqualTo("idempotency_error"));
    }

    [Test]
    public void A_decline_is_kept()
    {
        var first = Refused(() => PayOnceAsync(Card("pm_card_chargeDeclined")));
        var second = Refused(() => PayOnceAsync(Card("pm_card_chargeDeclined")));

        Assert.That(second.PaymentIntent.Id, Is.EqualTo(first.PaymentIntent.Id));
    }

    [Test]
    public async Task What_was_refused_before_its_work_began_is_not_kept()
    {
        Assert.That(Refused(() => PayOnceAsync(Card(amount: 1))).Code, Is.EqualTo("amount_too_small"));

        Assert.That((await PayOnceAsync(Card())).Status, Is.EqualTo("succeeded"));
    }

    [TestCase(429, false)]
    [TestCase(503, false)]
    [TestCase(500, true)]
    public async Task A_500_is_kept_and_a_429_is_not(int status, bool isKept)
    {
        StandIn.Faults.Fail(StripeOperation.CreateIntent, status);
        Assert.That(Assert.ThrowsAsync<StripeException>(() => PayOnceAsync(Card()))!.HttpStatusCode, Is.EqualTo((HttpStatusCode)status));

        if (isKept)
        {
            Assert.That(Assert.ThrowsAsync<StripeException>(() => PayOnceAsync(Card()))!.HttpStatusCode, Is.EqualTo((HttpStatusCode)status));
        }
        else
        {
            Assert.That((await PayOnceAsync(Card())).Status, Is.EqualTo("succeeded"));
        }

        Assert.That(StandIn.Console.Payments, Has.Count.EqualTo(isKept ? 0 : 1));
    }

    [Test]
    public async Task A_key_whose_request_runs_is_409()
    {
        var hold = StandIn.Faults.Hold(StripeOperation.CreateIntent);
        var first = PayOnceAsync(Card());
        await hold.Reached;
        var exception = Assert.ThrowsAsync<StripeException>(() => PayOnceAsync(Card()))!;
        Assert.That((exception.HttpStatusCode, exception.StripeError.Code), Is.EqualTo((HttpStatusCode.Conflict, "idempotency_key_in_use")));

        hold.Release();
        Assert.That((await PayOnceAsyncAfter(first)).Id, Is.EqualTo((await first).Id));
    }

    [Test]
    public async Task Work_that_was_done_and_not_answered_is_answered_to_the_same_key()
    {
        StandIn.Faults.WorkThenSilence(StripeOperation.CreateIntent);
        using var patience = new CancellationTokenSource();
        var first = PayOnceAsync(Card(), patience.Token);
        while (StandIn.Calls.Count == 0)
        {
            await Task.Yield();
        }

        await patience.CancelAsync();
        Assert.That(() => first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await PayOnceAsync(Card())).Id, Is.EqualTo(StandIn.Console.Payments.Single().Id));
    }

    [Test]
    public async Task A_connection_that_broke_after_the_work_is_asked_again()
    {
        StandIn.Faults.WorkThenBreak(StripeOperation.CreateIntent);
        Assert.That(() => PayOnceAsync(Card()), Throws.InstanceOf<HttpRequestException>());

        Assert.That((await PayOnceAsync(Card())).Id, Is.EqualTo(StandIn.Console.Payments.Single().Id));
    }

    [Test]
    public void A_silence_without_work_leaves_nothing()
    {
        StandIn.Faults.Silence(StripeOperation.CreateIntent);
        using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) };

        Assert.That(() => ClientOf(StandIn.Options.ApiKey, http).V1.PaymentIntents.CreateAsync(Card()), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(StandIn.Console.Payments, Is.Empty);
    }

    [Test]
    public void Work_that_ends_in_a_500_was_done()
    {
        StandIn.Faults.WorkThenFail(StripeOperation.CreateIntent);
        Assert.That(Assert.ThrowsAsync<StripeException>(() => PayAsync())!.HttpStatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));

        Assert.That(StandIn.Console.Payments.Single().Status, Is.EqualTo("succeeded"));
    }

    private async Task<PaymentIntent> PayOnceAsyncAfter(Task first)
    {
        await first;
        return await PayOnceAsync(Card());
    }
}
