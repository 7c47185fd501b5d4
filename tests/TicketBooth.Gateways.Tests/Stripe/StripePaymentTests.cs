using System.Net;
using Stripe;

namespace TicketBooth.Gateways.Tests.Stripe;

public class StripePaymentTests : StripeStandInFixture
{
    [Test]
    public async Task A_card_is_charged_at_once()
    {
        var intent = await PayAsync();
        var read = await Client.V1.PaymentIntents.GetAsync(intent.Id, new PaymentIntentGetOptions { Expand = ["latest_charge.balance_transaction"] });

        Assert.That((read.Status, read.AmountReceived, read.Currency, read.Metadata["order"]), Is.EqualTo(("succeeded", 5000L, "brl", "o1")));
        Assert.That((read.LatestCharge.Paid, read.LatestCharge.BalanceTransaction.Net), Is.EqualTo((true, 4855L)));
    }

    [TestCase("pm_card_chargeDeclined", "card_declined", "generic_decline")]
    [TestCase("pm_card_visa_chargeDeclined", "card_declined", "generic_decline")]
    [TestCase("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [TestCase("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card")]
    [TestCase("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc")]
    public void A_decline_is_402_and_leaves_a_payment_that_another_card_may_pay(string method, string code, string declineCode)
    {
        var exception = Assert.ThrowsAsync<StripeException>(() => PayAsync(method))!;
        var error = exception.StripeError;

        Assert.That((exception.HttpStatusCode, error.Type, error.Code, error.DeclineCode), Is.EqualTo((HttpStatusCode.PaymentRequired, "card_error", code, declineCode)));
        Assert.That((error.PaymentIntent.Status, error.PaymentIntent.LastPaymentError.DeclineCode), Is.EqualTo(("requires_payment_method", declineCode)));
    }

    [Test]
    public async Task After_a_decline_another_card_pays_the_same_payment()
    {
        var declined = Refused(() => PayAsync("pm_card_chargeDeclined")).PaymentIntent;
        var paid = await Client.V1.PaymentIntents.ConfirmAsync(declined.Id, new PaymentIntentConfirmOptions { PaymentMethod = "pm_card_visa" });

        Assert.That((paid.Status, paid.LastPaymentError), Is.EqualTo(("succeeded", (StripeError?)null)));
    }

    [Test]
    public void A_payment_method_that_nobody_made_is_missing() => Assert.That(Refused(() => PayAsync("pm_unheard")).Code, Is.EqualTo("resource_missing"));

    [TestCase("succeed", "succeeded", "succeeded")]
    [TestCase("fail", "failed", "requires_payment_method")]
    public async Task The_buyer_ends_3D_Secure_at_the_page_and_is_sent_back(string outcome, string redirectStatus, string status)
    {
        var intent = await PayAsync("pm_card_authenticationRequired");
        Assert.That((intent.Status, intent.NextAction.Type), Is.EqualTo(("requires_action", "redirect_to_url")));
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        Assert.That(await browser.GetStringAsync(new Uri(intent.NextAction.RedirectToUrl.Url)), Does.Contain("outcome=succeed"));

        using var back = await browser.GetAsync(new Uri($"{intent.NextAction.RedirectToUrl.Url}?outcome={outcome}"));

        Assert.That(back.Headers.Location!.ToString(), Does.StartWith("https://shop.example/back?").And.Contain(intent.Id).And.EndsWith("redirect_status=" + redirectStatus));
        Assert.That((await Client.V1.PaymentIntents.GetAsync(intent.Id)).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task A_failed_authentication_is_the_last_error()
    {
        var intent = await PayAsync("pm_card_authenticationRequired");
        StandIn.Console.FinishAction(intent.Id, succeeds: false);

        Assert.That((await Client.V1.PaymentIntents.GetAsync(intent.Id)).LastPaymentError.Code, Is.EqualTo("payment_intent_authentication_failure"));
    }

    [Test]
    public async Task A_card_may_still_be_declined_after_3D_Secure()
    {
        var intent = await PayAsync("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds");
        StandIn.Console.FinishAction(intent.Id);

        Assert.That((await Client.V1.PaymentIntents.GetAsync(intent.Id)).LastPaymentError.DeclineCode, Is.EqualTo("insufficient_funds"));
    }

    [Test]
    public async Task Without_a_return_url_the_browser_library_goes_on()
    {
        var options = Card("pm_card_authenticationRequired");
        options.ReturnUrl = null;

        Assert.That((await Client.V1.PaymentIntents.CreateAsync(options)).NextAction.Type, Is.EqualTo("use_stripe_sdk"));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void Where_no_buyer_can_act_3D_Secure_is_a_decline(bool isOffSession, bool refusesAction)
    {
        var options = Card("pm_card_authenticationRequired");
        (options.OffSession, options.ErrorOnRequiresAction) = (isOffSession, refusesAction);

        Assert.That(Refused(() => Client.V1.PaymentIntents.CreateAsync(options)).Code, Is.EqualTo("authentication_required"));
    }

    [Test]
    public async Task Three_D_Secure_is_forced_by_an_option()
    {
        var options = Card();
        options.PaymentMethodOptions = new() { Card = new() { RequestThreeDSecure = "any" } };

        Assert.That((await Client.V1.PaymentIntents.CreateAsync(options)).Status, Is.EqualTo("requires_action"));
    }

    [Test]
    public async Task A_payment_is_canceled_once_and_never_after_it_succeeded()
    {
        var waiting = await PayAsync("pm_card_authenticationRequired");
        var canceled = await Client.V1.PaymentIntents.CancelAsync(waiting.Id, new PaymentIntentCancelOptions { CancellationReason = "abandoned" });
        Assert.That((canceled.Status, canceled.CancellationReason), Is.EqualTo(("canceled", "abandoned")));
        Assert.That(Refused(() => Client.V1.PaymentIntents.CancelAsync(waiting.Id)).Code, Is.EqualTo("payment_intent_unexpected_state"));
        Assert.That(() => StandIn.Console.FinishAction(waiting.Id), Throws.InvalidOperationException);

        var paid = await PayAsync();
        var error = Refused(() => Client.V1.PaymentIntents.CancelAsync(paid.Id));
        Assert.That((error.Code, error.PaymentIntent.Status), Is.EqualTo(("payment_intent_unexpected_state", "succeeded")));
        Assert.That(Refused(() => Client.V1.PaymentIntents.ConfirmAsync(paid.Id)).Code, Is.EqualTo("payment_intent_unexpected_state"));
    }

    [Test]
    public async Task What_is_captured_by_hand_takes_a_part()
    {
        var options = Card();
        options.CaptureMethod = "manual";
        var held = await Client.V1.PaymentIntents.CreateAsync(options);
        Assert.That((held.Status, held.AmountReceived), Is.EqualTo(("requires_capture", 0L)));

        var captured = await Client.V1.PaymentIntents.CaptureAsync(held.Id, new PaymentIntentCaptureOptions { AmountToCapture = 3000 });
        Assert.That((captured.Status, captured.AmountReceived), Is.EqualTo(("succeeded", 3000L)));
    }

    [TestCase(true, "succeeded")]
    [TestCase(false, "requires_payment_method")]
    public async Task A_debit_is_processing_until_the_bank_answers(bool succeeds, string status)
    {
        var intent = await Client.V1.PaymentIntents.CreateAsync(new PaymentIntentCreateOptions
        {
            Amount = 5000,
            Currency = "usd",
            Confirm = true,
            PaymentMethod = "pm_usBankAccount_success",
            AllowedPaymentMethodTypes = ["card", "us_bank_account"],
            MandateData = new() { CustomerAcceptance = new() { Type = "offline" } },
        });
        Assert.That(intent.Status, Is.EqualTo("processing"));
        StandIn.Console.FinishProcessing(intent.Id, succeeds);

        Assert.That((await Client.V1.PaymentIntents.GetAsync(intent.Id)).Status, Is.EqualTo(status));
    }

    [Test]
    public async Task An_amount_that_was_changed_in_the_console_is_what_is_captured()
    {
        StandIn.Faults.ChangeAmountOfNextIntent(4000);
        Assert.That((await PayAsync()).AmountReceived, Is.EqualTo(4000));

        var waiting = await PayAsync("pm_card_authenticationRequired");
        StandIn.Console.ChangeAmount(waiting.Id, 6000);
        StandIn.Console.FinishAction(waiting.Id);
        Assert.That((await Client.V1.PaymentIntents.GetAsync(waiting.Id)).AmountReceived, Is.EqualTo(6000));
    }

    [Test]
    public async Task Money_comes_twice_or_unasked()
    {
        var first = await PayAsync();
        var second = await Client.V1.PaymentIntents.GetAsync(StandIn.Console.PayAgain(first.Id));
        Assert.That((second.Status, second.Metadata["order"], second.Id == first.Id), Is.EqualTo(("succeeded", "o1", false)));

        var unknown = await Client.V1.PaymentIntents.GetAsync(StandIn.Console.PayUnknown(700, "brl"));
        Assert.That((unknown.AmountReceived, unknown.Metadata), Is.EqualTo((700L, new Dictionary<string, string>(StringComparer.Ordinal))));
    }
}
