using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Tests.Webhooks;

[TestFixture]
internal sealed class ReceiveWebhookTests
{
    private FakeTimeProvider clock = null!;
    private CapturedLog log = null!;
    private PaymentsHost payments = null!;
    private Payment payment = null!;

    [SetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        log = new CapturedLog();
        payments = await PaymentsHost.StartAsync(clock, services: log.AddTo);
        payment = await payments.KeepPaymentAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await payments.DisposeAsync();
        log.Dispose();
    }

    [Test]
    public async Task Records_a_confirmation_and_tells_the_others()
    {
        clock.Advance(TimeSpan.FromSeconds(30));

        var (status, _) = await payments.WebhookAsync(payment);

        var now = clock.GetUtcNow();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(204));
            Assert.That(
                await payments.Store.FindAsync(payment.Id), Is.EqualTo(payment with { Status = PaymentStatus.Paid, ExternalId = "ext-1", ChangedAt = now, CapturedAt = now }));
            Assert.That(payments.Said<PaymentConfirmed>(), Is.EqualTo(new[] { new PaymentConfirmed(payment.Id, payment.OrderId, payment.Amount, "BRL", now) }));
            Assert.That(payments.SaidInAll(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Records_a_decline_and_tells_the_others()
    {
        var (status, _) = await payments.WebhookAsync(payment, "payment.declined");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(204));
            Assert.That((await payments.Store.FindAsync(payment.Id))?.DeclineReason, Is.EqualTo("declined"));
            Assert.That(payments.Said<PaymentDeclined>(), Is.EqualTo(new[] { new PaymentDeclined(payment.Id, payment.OrderId, "declined", clock.GetUtcNow()) }));
        }
    }

    [Test]
    public async Task Records_a_refund_and_tells_the_others()
    {
        await payments.WebhookAsync(payment);

        var (status, _) = await payments.WebhookAsync(payment, "payment.refunded");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(204));
            Assert.That(payments.Said<PaymentRefunded>(), Is.EqualTo(new[] { new PaymentRefunded(payment.Id, payment.OrderId, payment.Amount, "BRL", clock.GetUtcNow()) }));
            Assert.That(payments.SaidInAll(), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task Money_that_comes_after_a_decline_is_confirmed()
    {
        await payments.WebhookAsync(payment, "payment.declined");
        await payments.WebhookAsync(payment, "payment.confirmed");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await payments.Store.FindAsync(payment.Id))?.Status, Is.EqualTo(PaymentStatus.Paid));
            Assert.That(payments.Said<PaymentConfirmed>(), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Ignores_a_decline_of_captured_money_and_logs_it()
    {
        await payments.WebhookAsync(payment);

        var (status, _) = await payments.WebhookAsync(payment, "payment.declined");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(204));
            Assert.That((await payments.Store.FindAsync(payment.Id))?.Status, Is.EqualTo(PaymentStatus.Paid));
            Assert.That(payments.SaidInAll(), Is.EqualTo(1));
            Assert.That(
                log.Lines, Has.Some.Matches<(LogLevel Level, string Text)>(line => line.Level == LogLevel.Warning && line.Text.Contains($"decline of payment {payment.Id}", StringComparison.Ordinal)));
        }
    }

    [Test]
    public async Task Ignores_a_confirmation_of_money_that_went_back()
    {
        await payments.WebhookAsync(payment, "payment.refunded");

        var (status, _) = await payments.WebhookAsync(payment, "payment.confirmed");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.EqualTo(204));
            Assert.That((await payments.Store.FindAsync(payment.Id))?.Status, Is.EqualTo(PaymentStatus.Refunded));
            Assert.That(payments.SaidInAll(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_replay_is_acknowledged_and_changes_nothing_whatever_it_says()
    {
        await payments.WebhookAsync(payment, webhookId: "msg_1");

        var same = await payments.WebhookAsync(payment, webhookId: "msg_1");
        var other = await payments.WebhookAsync(payment, "payment.refunded", webhookId: "msg_1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((same.Status, other.Status), Is.EqualTo((204, 204)));
            Assert.That((await payments.Store.FindAsync(payment.Id))?.Status, Is.EqualTo(PaymentStatus.Paid));
            Assert.That(payments.SaidInAll(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Fifty_of_the_same_at_once_have_one_effect()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => payments.WebhookAsync(payment, webhookId: "msg_1")));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(204));
            Assert.That(payments.Said<PaymentConfirmed>(), Has.Count.EqualTo(1));
            Assert.That(payments.SaidInAll(), Is.EqualTo(1));
        }
    }

    [TestCase(-301, "webhook-too-old")]
    [TestCase(-300, null)]
    [TestCase(300, null)]
    [TestCase(301, "webhook-too-old")]
    public async Task Takes_five_minutes_of_difference_either_way(int seconds, string? code)
    {
        var answer = await payments.WebhookAsync(payment, at: clock.GetUtcNow().AddSeconds(seconds));

        Assert.That(answer, Is.EqualTo((code is null ? 204 : 401, code)));
    }

    [Test]
    public async Task Refuses_a_signature_by_another_secret()
    {
        var answer = await payments.WebhookAsync(payment, secret: "whsec_plJ3nmyCDGBKInavdOK15jsl");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo((401, "webhook-signature-invalid")));
            Assert.That(await payments.Store.FindAsync(payment.Id), Is.EqualTo(payment));
        }
    }

    [TestCase("webhook-id")]
    [TestCase("webhook-timestamp")]
    [TestCase("webhook-signature")]
    public async Task Refuses_a_webhook_without(string header)
    {
        using var request = Signed("{}");
        request.Headers.Remove(header);

        using var response = await payments.Client.SendAsync(request);

        Assert.That(await Answer(response), Is.EqualTo((401, "webhook-signature-invalid")));
    }

    [Test]
    public async Task Refuses_a_body_that_was_changed_on_its_way()
    {
        using var request = Signed("""{"type":"payment.confirmed"}""");
        request.Content = new StringContent("""{"type":"payment.declined"}""", Encoding.UTF8, "application/json");

        using var response = await payments.Client.SendAsync(request);

        Assert.That(await Answer(response), Is.EqualTo((401, "webhook-signature-invalid")));
    }

    [Test]
    public async Task Takes_either_secret_while_it_is_being_changed()
    {
        await using var both = await PaymentsHost.StartAsync(clock, settings: [("Payments:WebhookSecret", $"whsec_plJ3nmyCDGBKInavdOK15jsl {PaymentsHost.Secret}")]);
        var kept = await both.KeepPaymentAsync();

        var old = await both.WebhookAsync(kept, secret: PaymentsHost.Secret);
        var next = await both.WebhookAsync(kept, secret: "whsec_plJ3nmyCDGBKInavdOK15jsl");

        Assert.That((old.Status, next.Status), Is.EqualTo((204, 204)));
    }

    [Test]
    public async Task Money_for_a_payment_that_is_not_ours_waits_for_staff()
    {
        var strange = payment with { Id = Guid.CreateVersion7() };

        var answer = await payments.WebhookAsync(strange);
        var again = await payments.WebhookAsync(strange);

        var kept = (await payments.Get<IMoneyStore>().ListAsync(openOnly: true, Guid.Empty, 10)).Single();
        Assert.That((answer.Status, again.Status), Is.EqualTo((204, 204)));
        Assert.That((kept.PaymentId, kept.Amount, kept.Currency, kept.State), Is.EqualTo(((Guid?)strange.Id, 12_500L, "BRL", UnmatchedState.Open)));
        Assert.That(
            log.Lines, Has.Some.Matches<(LogLevel Level, string Text)>(line => line.Level == LogLevel.Error && line.Text.Contains("staff must decide", StringComparison.Ordinal)));
    }

    [TestCase(12_499, "BRL")]
    [TestCase(12_501, "BRL")]
    [TestCase(12_500, "USD")]
    public async Task Money_of_another_amount_is_stored_and_goes_back(long amount, string currency)
    {
        var answer = await payments.WebhookAsync(payment, amount: amount, currency: currency);

        var kept = await payments.Store.FindAsync(payment.Id);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo((204, (string?)null)));
            Assert.That(kept!.Money.Captures.Select(capture => (capture.Amount, capture.Currency, capture.Pays)), Is.EqualTo(new[] { (amount, currency, false) }));
            Assert.That(kept.Money.Refunds.Select(refund => (refund.Amount, refund.Currency)), Is.EqualTo(new[] { (amount, currency) }));
            Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo("other-amount"));
        }
    }

    [Test]
    public async Task Money_under_another_id_of_the_gateway_is_stored_and_goes_back()
    {
        await payments.WebhookAsync(payment, externalId: "ext-1");

        var answer = await payments.WebhookAsync(payment, externalId: "ext-2");

        var kept = await payments.Store.FindAsync(payment.Id);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Status, Is.EqualTo(204));
            Assert.That((kept!.Status, kept.ExternalId, kept.Money.Captures.Count), Is.EqualTo((PaymentStatus.Paid, "ext-1", 2)));
            Assert.That(kept.Money.Refunds.Select(refund => (refund.CaptureId, refund.Reason)), Is.EqualTo(new[] { ("ext-2", "paid-twice") }));
            Assert.That(payments.SaidInAll(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_webhook_of_an_unknown_type_is_kept_unread()
    {
        await payments.WebhookAsync(payment, body: """{"type":"payout.created"}""", webhookId: "msg_7");
        await payments.WebhookAsync(payment, body: """{"type":"payout.created"}""", webhookId: "msg_7");

        var unread = (await payments.Get<IMoneyStore>().ListUnreadAsync(10)).Single();

        Assert.That((unread.Gateway, unread.Id, unread.Type, unread.Body), Is.EqualTo(("Sandbox", "msg_7", "payout.created", """{"type":"payout.created"}""")));
    }

    [TestCase("""{"type":"payout.created","data":{"other":"shape"}}""", 204, null)]
    [TestCase("""{"type":"payout.created"}""", 204, null)]
    [TestCase("""{"type":"payment.confirmed"}""", 400, "missing-field")]
    [TestCase("""{"type":"payment.confirmed","data":{}}""", 400, "missing-field")]
    [TestCase("""{"type":"payment.confirmed","data":null}""", 400, "malformed-json")]
    [TestCase("""{"data":{}}""", 400, "missing-field")]
    [TestCase("not json", 400, "malformed-json")]
    [TestCase("null", 400, "malformed-json")]
    public async Task Answers_a_well_signed_body(string body, int status, string? code) =>
        Assert.That(await payments.WebhookAsync(payment, body: body), Is.EqualTo((status, code)));

    [Test]
    public async Task Tolerates_fields_that_it_does_not_know()
    {
        var answer = await payments.WebhookAsync(payment, body: $$"""
            {"type":"payment.confirmed","apiVersion":7,"data":{"externalId":"ext-1","paymentId":"{{payment.Id}}","amount":12500,"currency":"BRL","fee":{"cents":12} } }
            """);

        Assert.That(answer.Status, Is.EqualTo(204));
    }

    [Test]
    public async Task Refuses_a_body_that_is_too_large()
    {
        var answer = await payments.WebhookAsync(payment, body: new string(' ', 40_000));

        Assert.That(answer, Is.EqualTo((413, "body-too-large")));
    }

    [Test]
    public async Task Forgets_old_webhooks_after_a_while_and_says_nothing_new_when_one_comes_again()
    {
        await payments.WebhookAsync(payment, webhookId: "msg_1");
        clock.Advance(TimeSpan.FromDays(61));

        await TicketBooth.Testing.Eventually.Async(
            async () =>
            {
                var again = await payments.Store.ChangeAsync(payment.Id, kept => new Step(kept), new Payments.Storage.Delivery.Webhook("msg_1", clock.GetUtcNow()));
                return again.Value.Repeated;
            },
            repeated => !repeated,
            "the webhook to be forgotten");
        await payments.WebhookAsync(payment, webhookId: "msg_1");

        Assert.That(payments.SaidInAll(), Is.EqualTo(1));
    }

    private HttpRequestMessage Signed(string body)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks/payments") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", "msg_1");
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Payments.Webhooks.WebhookSignatures.Of(PaymentsHost.Secret).Sign("msg_1", timestamp, Encoding.UTF8.GetBytes(body)));
        return request;
    }

    private static async Task<(int Status, string? Code)> Answer(HttpResponseMessage response) =>
        ((int)response.StatusCode, (string?)System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync())?["code"]);
}
