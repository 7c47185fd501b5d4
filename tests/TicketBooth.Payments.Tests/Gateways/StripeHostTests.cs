using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using TicketBooth.Gateways.Callbacks;
using TicketBooth.Gateways.Stripe;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>The host with Stripe's stand-in on the other side: what buyers, banks and staff do there arrives here, however it comes.</summary>
[TestFixture]
internal sealed class StripeHostTests
{
    private StripeAccount account = null!;
    private PaymentsHost payments = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        account = await StripeAccount.StartAsync();
        payments = await PaymentsHost.StartAsync(settings: [("Payments:Gateways", "Stripe"), .. account.Settings(("WebhookSecret", $"whsec_next {StripeAccount.Secret}"))]);
        account.StandIn.WebhookUrl = new Uri(payments.Host.Address, "/api/v1/webhooks/stripe");
    }

    [TearDown]
    public async Task LeaveNothingOnTheWayAsync()
    {
        account.Faults.Clear();
        account.StandIn.Webhooks.Plan = CallbackPlan.AtOnce;
        await account.StandIn.Webhooks.IdleAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await payments.DisposeAsync();
        await account.DisposeAsync();
    }

    private async Task<(Guid PaymentId, string IntentId)> PaidAsync(string token = StripeAccount.Visa)
    {
        var paymentId = await payments.PayByCardAsync(payments.Booking.NewOrder(), token);
        await payments.WaitForAsync(paymentId, PaymentStatus.Paid);
        return (paymentId, account.PaymentsOf(paymentId).Single().Id);
    }

    private async Task<(int Status, string? Code)> PostAsync(string body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks/stripe") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null)
        {
            request.Headers.Add(StripeSignature.Header, signature);
        }

        using var response = await payments.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : (string?)JsonNode.Parse(text)?["code"]);
    }

    private static string Sign(string body, string secret = StripeAccount.Secret, TimeSpan ago = default) =>
        StripeSignature.Sign(secret, DateTimeOffset.UtcNow - ago, Encoding.UTF8.GetBytes(body));

    [Test]
    public async Task A_buyer_pays_with_3D_Secure()
    {
        var order = payments.Booking.NewOrder();
        var (response, body) = await payments.PayAsync(order, $$"""{"method":"card","token":"{{StripeAccount.ThreeDSecure}}"}""");
        using var answered = response;
        var paymentId = (Guid)body!["paymentId"]!;

        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var back = await browser.GetAsync(new Uri((string)body["nextAction"]!["url"]! + "?outcome=succeed"));
        var paid = await payments.WaitForAsync(paymentId, PaymentStatus.Paid);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)response.StatusCode, (string?)body["nextAction"]!["type"]), Is.EqualTo((202, "redirect")));
            Assert.That(back.Headers.Location?.AbsolutePath, Is.EqualTo($"/orders/{order.Id}"));
            Assert.That((paid.Gateway, paid.ExternalId), Is.EqualTo(("Stripe", account.PaymentsOf(paymentId).Single().Id)));
            Assert.That(payments.Said<PaymentConfirmed>().Count(said => said.PaymentId == paymentId), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_buyer_who_fails_at_3D_Secure_is_told_by_the_orders_payment()
    {
        var paymentId = await payments.PayByCardAsync(payments.Booking.NewOrder(), StripeAccount.ThreeDSecure);

        account.Console.FinishAction(account.PaymentsOf(paymentId).Single().Id, succeeds: false);

        var declined = await payments.WaitForAsync(paymentId, PaymentStatus.Declined);
        Assert.That(declined.DeclineReason, Is.EqualTo("authentication-failed"));
    }

    [Test]
    public async Task A_declined_card_is_422_with_words_and_its_reason_is_stored()
    {
        var order = payments.Booking.NewOrder();
        var (response, body) = await payments.PayAsync(order, """{"method":"card","token":"pm_card_chargeDeclinedInsufficientFunds"}""");
        using var answered = response;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)response.StatusCode, (string?)body?["code"]), Is.EqualTo((422, "card-declined")));
            Assert.That((string?)body?["detail"], Does.Contain("not enough money"));
            Assert.That(payments.Said<PaymentDeclined>().Single(said => said.OrderId == order.Id).Reason, Is.EqualTo("insufficient-funds"));
        }
    }

    [Test]
    public async Task Webhooks_that_come_twice_or_in_reverse_count_once()
    {
        account.StandIn.Webhooks.Plan = new CallbackPlan(Copies: 2, IsHeld: true);
        var (paymentId, intentId) = await PaidAsync(StripeAccount.Visa);
        account.Console.Refund(intentId, 2_500);
        account.Console.Refund(intentId);

        account.StandIn.Webhooks.Release(CallbackOrder.Reversed);
        await account.StandIn.Webhooks.IdleAsync();

        var refunded = await payments.WaitForAsync(paymentId, PaymentStatus.Refunded);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(account.StandIn.Webhooks.Deliveries.Select(delivery => delivery.IsAccepted), Is.All.True);
            Assert.That(refunded.Money.Captures, Has.Count.EqualTo(1));
            Assert.That(refunded.Money.Refunds.Select(refund => refund.Amount), Is.EquivalentTo(new[] { 2_500L, 10_000L }));
            Assert.That(payments.Said<PaymentConfirmed>().Count(said => said.PaymentId == paymentId), Is.EqualTo(1));
            Assert.That(payments.Said<PaymentRefunded>().Count(said => said.PaymentId == paymentId), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_part_that_is_given_back_in_Stripes_console_is_booked()
    {
        var (paymentId, intentId) = await PaidAsync();

        var refund = account.Console.Refund(intentId, 500);

        var payment = await payments.WaitForAsync(paymentId, found => found.Money.Refunds.Count == 1);
        Assert.That(payment.Status, Is.EqualTo(PaymentStatus.Paid));
        Assert.That(payment.Money.Refunds.Select(one => (one.ExternalId, one.Amount, one.IsOurs)), Is.EqualTo(new[] { (refund, 500L, false) }));
    }

    [Test]
    public async Task An_event_whose_payment_Stripe_cannot_name_now_comes_again()
    {
        var (paymentId, intentId) = await PaidAsync();
        await account.StandIn.Webhooks.IdleAsync();
        account.Faults.Fail(StripeOperation.GetIntent, 503);

        account.Console.Refund(intentId, 500);

        await payments.WaitForAsync(paymentId, found => found.Money.Refunds.Count == 1);
        await account.StandIn.Webhooks.IdleAsync();
        var attempts = account.StandIn.Webhooks.Deliveries
            .Single(delivery => delivery.Callback.Name == "refund.created" && Encoding.UTF8.GetString(delivery.Callback.Body.Span).Contains(intentId, StringComparison.Ordinal))
            .Attempts;
        Assert.That(attempts.Select(attempt => attempt.Status), Is.EqualTo(new int?[] { 503, 200 }));
    }

    [TestCase(true, DisputeState.Won)]
    [TestCase(false, DisputeState.Lost)]
    public async Task Disputes_open_and_are_decided(bool isWon, DisputeState state)
    {
        var (paymentId, intentId) = await PaidAsync();

        var dispute = account.Console.OpenDispute(intentId);
        await payments.WaitForAsync(paymentId, found => found.Money.Disputes is [{ State: DisputeState.Opened }]);
        account.Console.CloseDispute(dispute, isWon);

        var payment = await payments.WaitForAsync(paymentId, found => found.Money.Disputes[0].State == state);
        Assert.That((payment.Money.Disputes.Single().Id, payment.Money.Disputes.Single().Amount), Is.EqualTo((dispute, 12_500L)));
    }

    [Test]
    public async Task Money_that_no_payment_expects_waits_for_staff()
    {
        var intentId = account.Console.PayUnknown(777, "brl");

        var unmatched = await Eventually.Async(
            async () => (await payments.Get<IMoneyStore>().ListAsync(openOnly: true, Guid.Empty, 100)).FirstOrDefault(one => one.ExternalId == intentId),
            found => found is not null, "the money to be stored");
        Assert.That((unmatched!.Gateway, unmatched.Amount, unmatched.Currency, unmatched.PaymentId), Is.EqualTo(("Stripe", 777L, "BRL", (Guid?)null)));
    }

    [Test]
    public async Task Money_that_is_captured_twice_goes_back()
    {
        var (paymentId, intentId) = await PaidAsync();

        var second = account.Console.PayAgain(intentId);

        await payments.WaitForAsync(paymentId, found => found.Money.Refunds is [{ HasReturned: true }]);
        var there = account.Console.Payments.ToDictionary(payment => payment.Id, payment => payment.AmountRefunded, StringComparer.Ordinal);
        Assert.That((there[intentId], there[second]), Is.EqualTo((0L, 12_500L)));
    }

    [Test]
    public async Task An_event_of_an_unknown_type_is_kept_unread_and_only_once()
    {
        var id = account.Console.SendEvent("capability.updated", new JsonObject { ["object"] = "capability", ["id"] = "card_payments" });
        account.Console.Resend(id);
        await account.StandIn.Webhooks.IdleAsync();

        var unread = (await payments.Get<IMoneyStore>().ListUnreadAsync(1_000)).Single(one => one.Type == "capability.updated");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((unread.Gateway, unread.Id), Is.EqualTo(("Stripe", id)));
            Assert.That(unread.Body, Does.Contain("card_payments"));
            Assert.That(account.StandIn.Webhooks.Deliveries.Select(delivery => delivery.IsAccepted), Is.All.True);
        }
    }

    [Test]
    public async Task Only_Stripe_can_sign()
    {
        const string Body = """{"id":"evt_1","object":"event","type":"forged.updated","data":{"object":{}}}""";
        var forged = Sign(Body, "whsec_forged");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await PostAsync(Body, signature: null), Is.EqualTo((401, "webhook-signature-invalid")));
            Assert.That(await PostAsync(Body, "v1=1"), Is.EqualTo((401, "webhook-signature-invalid")));
            Assert.That(await PostAsync(Body, "nonsense"), Is.EqualTo((401, "webhook-signature-invalid")));
            Assert.That(await PostAsync(Body, forged), Is.EqualTo((401, "webhook-signature-invalid")));
            Assert.That(await PostAsync(Body.Replace('1', '2'), Sign(Body)), Is.EqualTo((401, "webhook-signature-invalid")));
            Assert.That(await PostAsync(Body, Sign(Body, ago: TimeSpan.FromMinutes(6))), Is.EqualTo((401, "webhook-too-old")));
            Assert.That(await PostAsync("[]", Sign("[]")), Is.EqualTo((400, "malformed-json")));
            Assert.That(await PostAsync("not json", Sign("not json")), Is.EqualTo((400, "malformed-json")));
        }

        Assert.That((await payments.Get<IMoneyStore>().ListUnreadAsync(1_000)).Where(one => one.Type == "forged.updated"), Is.Empty);
    }

    [TestCase(StripeAccount.Secret)]
    [TestCase("whsec_next")]
    public async Task While_the_secret_is_changed_both_sign(string secret)
    {
        const string Body = """{"id":"evt_2","object":"event","type":"account.updated","data":{"object":{}}}""";

        Assert.That(await PostAsync(Body, Sign(Body, secret)), Is.EqualTo((200, (string?)null)));
    }

    [Test]
    public async Task A_host_that_died_between_asking_and_storing_finds_its_money_and_charges_nobody_twice()
    {
        var stopped = await payments.KeepPaymentAsync(payment => payment with { Gateway = "Stripe" });
        account.StandIn.Webhooks.Plan = CallbackPlan.Never;
        await account.NewCustomer().CreateAsync(
            account.NewCharge() with { PaymentId = stopped.Id, OrderId = stopped.OrderId, Amount = stopped.Amount }, CancellationToken.None);

        var standing = await payments.SendAsync(new SettlePayment(stopped.Id));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Confirmed));
            Assert.That((await payments.Store.FindAsync(stopped.Id))!.ExternalId, Is.EqualTo(account.PaymentsOf(stopped.Id).Single().Id));
        }
    }

    [Test]
    public void A_wrong_key_stops_the_start()
    {
        var failure = Assert.ThrowsAsync<OptionsValidationException>(
            () => PaymentsHost.StartAsync(settings: [("Payments:Gateways", "Stripe"), .. account.Settings(("SecretKey", "sk_test_another"))]));

        Assert.That(failure!.Failures.Single(), Does.StartWith("Payments:Stripe:SecretKey: ").And.Contain("Invalid API Key").And.Not.Contain("sk_test_another"));
    }
}
