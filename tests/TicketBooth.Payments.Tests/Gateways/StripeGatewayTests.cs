using TicketBooth.Gateways.Stripe;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>What is Stripe's own; the rest is in the contract.</summary>
[TestFixture]
internal sealed class StripeGatewayTests
{
    private StripeAccount account = null!;
    private IPaymentGateway gateway = null!;

    [SetUp]
    public async Task StartAsync()
    {
        account = await StripeAccount.StartAsync();
        gateway = account.NewCustomer();
    }

    [TearDown]
    public ValueTask StopAsync() => account.DisposeAsync();

    private Task<ChargeAnswer> CreateAsync(Charge charge) => gateway.CreateAsync(charge, CancellationToken.None);

    private async Task<ChargeStanding.Known> KnownAsync(Charge charge, string? externalId = null) =>
        (ChargeStanding.Known)await gateway.GetAsync(new PaymentReference(charge.PaymentId, externalId, charge.CreatedAt), CancellationToken.None);

    private async Task<(Charge Charge, ChargeAnswer.Taken Taken)> PaidAsync(long amount = 12_550, string currency = "BRL", string token = StripeAccount.Visa)
    {
        var charge = account.NewCharge(token, amount, currency);
        return (charge, (ChargeAnswer.Taken)await CreateAsync(charge));
    }

    private Task<RefundAnswer> RefundAsync(Charge charge, GatewayCapture capture, Guid? refundId = null, long? amount = null) =>
        gateway.RefundAsync(
            new RefundAsk(
                refundId ?? Guid.CreateVersion7(), new PaymentReference(charge.PaymentId, ExternalId: null, charge.CreatedAt), capture.Id,
                amount ?? capture.Amount, capture.Currency, "order-canceled"),
            CancellationToken.None);

    [Test]
    public async Task A_card_that_needs_nothing_is_captured_at_once()
    {
        var (charge, taken) = await PaidAsync();

        var payment = account.PaymentsOf(charge.PaymentId).Single();
        var sent = account.StandIn.Calls.Single(call => call.Method == "POST");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(taken.NextAction, Is.Null);
            Assert.That((taken.Capture?.Id, taken.Capture?.Amount, taken.Capture?.Currency), Is.EqualTo((payment.ChargeId, 12_550L, "BRL")));
            Assert.That(payment.Metadata["order"], Is.EqualTo(charge.OrderId.ToString()));
            Assert.That(sent.Parameters, Does.Contain("statement_descriptor_suffix=TICKETS"));
            Assert.That(sent.IdempotencyKey, Does.Contain(charge.PaymentId.ToString("N")));
        }
    }

    [TestCase(true, ChargeState.Captured, null)]
    [TestCase(false, ChargeState.Declined, "authentication-failed")]
    public async Task The_buyer_goes_through_3D_Secure_and_comes_back(bool succeeds, ChargeState state, string? reason)
    {
        var charge = account.NewCharge(StripeAccount.ThreeDSecure);

        var taken = (ChargeAnswer.Taken)await CreateAsync(charge);
        var waiting = await KnownAsync(charge);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var back = await browser.GetAsync(new Uri($"{taken.NextAction!.Url}?outcome={(succeeds ? "succeed" : "fail")}"));

        var after = await KnownAsync(charge, taken.ExternalId);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((taken.NextAction.Type, taken.NextAction.ClientSecret, taken.Capture), Is.EqualTo(("redirect", (string?)null, (GatewayCapture?)null)));
            Assert.That((waiting.State, waiting.NextAction), Is.EqualTo((ChargeState.ActionRequired, taken.NextAction)));
            Assert.That(back.Headers.Location?.AbsoluteUri, Does.StartWith($"https://tickets.example/orders/{charge.OrderId}?payment_intent={taken.ExternalId}"));
            Assert.That((after.State, after.DeclineReason), Is.EqualTo((state, reason)));
            Assert.That(after.Captures, Has.Count.EqualTo(succeeds ? 1 : 0));
        }
    }

    [TestCase("pm_card_chargeDeclinedInsufficientFunds", "insufficient-funds", "not enough money")]
    [TestCase("pm_card_chargeDeclinedExpiredCard", "card-expired", "expired")]
    [TestCase("pm_card_chargeDeclinedIncorrectCvc", "card-data-wrong", "security code")]
    [TestCase("pm_card_chargeDeclinedProcessingError", "card-try-again", "Try again")]
    [TestCase("pm_card_chargeDeclinedVelocityLimitExceeded", "card-limit", "limit")]
    [TestCase("pm_card_chargeDeclined", "card-declined", "was declined")]
    [TestCase("pm_card_chargeDeclinedLostCard", "card-declined", "was declined")]
    [TestCase("pm_card_chargeDeclinedStolenCard", "card-declined", "was declined")]
    [TestCase("pm_card_chargeDeclinedFraudulent", "card-declined", "was declined")]
    public async Task A_declined_card_is_refused_with_words_and_with_no_more_than_a_thief_may_know(string token, string reason, string words)
    {
        var charge = account.NewCharge(token);

        var refused = (ChargeAnswer.Refused)await CreateAsync(charge);
        var again = (ChargeAnswer.Refused)await CreateAsync(charge);

        var known = await KnownAsync(charge);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((refused.Error.Code, refused.Reason), Is.EqualTo(("card-declined", reason)));
            Assert.That(refused.Error.Detail, Does.Contain(words).And.Not.Match("(?i)lost|stolen|fraud"));
            Assert.That(again, Is.EqualTo(refused));
            Assert.That((known.State, known.DeclineReason), Is.EqualTo((ChargeState.Declined, reason)));
        }
    }

    [TestCase("tok_visa")]
    [TestCase("pm_card visa")]
    [TestCase("pm_card_unheardOf")]
    [TestCase("pm_usBankAccount_success", Description = "no card")]
    public async Task A_token_that_is_no_card_of_Stripes_is_refused(string token)
    {
        var answer = await CreateAsync(account.NewCharge(token));

        Assert.That((answer as ChargeAnswer.Refused)?.Error.Code, Is.EqualTo("unknown-token"));
        Assert.That(account.Console.Payments, Is.Empty);
    }

    [TestCase("BRL", 49L, Description = "below the least that Stripe takes")]
    [TestCase("BRL", 100_000_000L)]
    [TestCase("KWD", 1_235L, Description = "three decimals, of which Stripe takes two")]
    [TestCase("MGA", 12_550L, Description = "no decimals at Stripe")]
    public async Task An_amount_that_Stripe_cannot_take_is_refused_and_never_rounded(string currency, long amount)
    {
        var answer = await CreateAsync(account.NewCharge(amount: amount, currency: currency));

        Assert.That((answer as ChargeAnswer.Refused)?.Error.Code, Is.EqualTo("amount-not-payable"));
        Assert.That(account.Console.Payments, Is.Empty);
    }

    [TestCase("JPY", 1_000L, 1_000L)]
    [TestCase("KWD", 12_340L, 12_340L)]
    [TestCase("UGX", 5_000L, 500_000L)]
    [TestCase("ISK", 5_000L, 500_000L)]
    [TestCase("MGA", 500_000L, 5_000L)]
    public async Task Amounts_are_told_in_Stripes_units_and_come_back_in_ours(string currency, long ours, long stripes)
    {
        var (charge, taken) = await PaidAsync(ours, currency);
        await RefundAsync(charge, taken.Capture!);

        var known = await KnownAsync(charge);
        var listed = await gateway.ListAsync(account.Now.AddMinutes(-1), account.Now.AddMinutes(1), CancellationToken.None).ToListAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(account.PaymentsOf(charge.PaymentId).Single().AmountReceived, Is.EqualTo(stripes));
            Assert.That(known.Captures.Select(one => (one.Amount, one.Currency)), Is.EqualTo(new[] { (ours, currency) }));
            Assert.That(known.Refunds.Select(one => (one.Amount, one.Currency)), Is.EqualTo(new[] { (ours, currency) }));
            Assert.That(listed.Select(one => (one.Amount, one.Currency)), Is.All.EqualTo((ours, currency)).And.Exactly(2).Items);
        }
    }

    [Test]
    public async Task Another_token_for_the_same_payment_charges_nobody_again()
    {
        var charge = account.NewCharge();
        var first = (ChargeAnswer.Taken)await CreateAsync(charge);

        var other = await CreateAsync(charge with { Token = "pm_card_mastercard" });

        Assert.That((other as ChargeAnswer.Taken)?.ExternalId, Is.EqualTo(first.ExternalId));
        Assert.That(account.PaymentsOf(charge.PaymentId), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_charge_that_Stripe_did_and_failed_to_answer_is_found()
    {
        var charge = account.NewCharge();
        account.Faults.WorkThenFail(StripeOperation.CreateIntent);

        var answer = await CreateAsync(charge);

        Assert.That((answer as ChargeAnswer.Taken)?.Capture?.Amount, Is.EqualTo(charge.Amount));
        Assert.That(account.PaymentsOf(charge.PaymentId), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_failure_that_Stripe_keeps_for_the_key_does_not_end_the_payment()
    {
        var charge = account.NewCharge();
        account.Faults.Fail(StripeOperation.CreateIntent, 500);

        var first = await CreateAsync(charge);
        var again = await CreateAsync(charge);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.EqualTo(new ChargeAnswer.Uncertain()), "whether it was done is not known at once");
            Assert.That((again as ChargeAnswer.Taken)?.Capture?.Amount, Is.EqualTo(charge.Amount));
            Assert.That(account.PaymentsOf(charge.PaymentId), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task A_charge_that_Stripe_is_too_busy_for_is_not_taken()
    {
        account.Faults.Fail(StripeOperation.CreateIntent, 429);
        var charge = account.NewCharge();

        Assert.That(await CreateAsync(charge), Is.EqualTo(new ChargeAnswer.NotTaken()));
        Assert.That(account.PaymentsOf(charge.PaymentId), Is.Empty);
    }

    [Test]
    public async Task A_key_that_was_taken_away_charges_nobody()
    {
        var charge = account.NewCharge();

        var answer = await account.NewCustomer(("SecretKey", "sk_test_revoked")).CreateAsync(charge, CancellationToken.None);

        Assert.That(answer, Is.EqualTo(new ChargeAnswer.NotTaken()));
    }

    [Test]
    public async Task A_charge_that_is_never_answered_is_charged_once()
    {
        var customer = account.NewCustomer(("TimeoutSeconds", "1"));
        var charge = account.NewCharge();
        account.Faults.WorkThenSilence(StripeOperation.CreateIntent);

        var answer = await customer.CreateAsync(charge, CancellationToken.None);

        Assert.That((answer as ChargeAnswer.Taken)?.Capture?.Amount, Is.EqualTo(charge.Amount));
        Assert.That(account.PaymentsOf(charge.PaymentId), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stripe_that_stays_silent_leaves_it_open_and_the_next_look_tells()
    {
        var customer = account.NewCustomer(("TimeoutSeconds", "1"));
        var charge = account.NewCharge();
        account.Faults.WorkThenSilence(StripeOperation.CreateIntent, times: 2);
        account.Faults.Fail(StripeOperation.ListIntents, 503);

        var answer = await customer.CreateAsync(charge, CancellationToken.None);

        Assert.That(answer, Is.EqualTo(new ChargeAnswer.Uncertain()));
        Assert.That((await KnownAsync(charge)).Captures.Single().Amount, Is.EqualTo(charge.Amount));
    }

    [Test]
    public async Task A_payment_is_found_among_more_than_a_page_of_others()
    {
        var (charge, taken) = await PaidAsync();
        for (var i = 0; i < 120; i++)
        {
            account.Console.PayUnknown(1_000, "brl");
        }

        Assert.That((await KnownAsync(charge)).ExternalId, Is.EqualTo(taken.ExternalId));
        Assert.That(
            await gateway.ListAsync(account.Now.AddMinutes(-5), account.Now.AddMinutes(5), CancellationToken.None).CountAsync(),
            Is.EqualTo(121));
    }

    [Test]
    public async Task A_refund_that_its_bank_sends_back_is_refused_with_the_reason()
    {
        var (charge, taken) = await PaidAsync();
        account.Faults.StartRefundsAs("requires_action");
        var refundId = Guid.CreateVersion7();

        var asked = await RefundAsync(charge, taken.Capture!, refundId);
        account.Console.FailRefund(((RefundAnswer.Asked)asked).ExternalId, "expired_or_canceled_card");
        var again = await RefundAsync(charge, taken.Capture!, refundId);
        account.Faults.Clear();
        var other = await RefundAsync(charge, taken.Capture!);

        var refunds = (await KnownAsync(charge)).Refunds;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(again, Is.EqualTo(new RefundAnswer.Refused("expired_or_canceled_card")));
            Assert.That(other, Is.TypeOf<RefundAnswer.Settled>(), "the money came back to the account, and goes by another refund");
            Assert.That(refunds.Select(refund => (refund.State, refund.Reason)), Is.EqualTo(new[]
            {
                (GatewayRefundState.Refused, "expired_or_canceled_card"), (GatewayRefundState.Settled, (string?)null),
            }));
        }
    }

    [Test]
    public async Task A_refund_that_Stripe_refuses_says_why()
    {
        var (charge, taken) = await PaidAsync();
        account.Faults.RefuseRefunds();

        Assert.That(await RefundAsync(charge, taken.Capture!), Is.EqualTo(new RefundAnswer.Refused("insufficient_funds")));
    }

    [Test]
    public async Task A_refund_that_Stripe_failed_at_is_asked_for_again_under_another_key()
    {
        var (charge, taken) = await PaidAsync();
        var refundId = Guid.CreateVersion7();
        account.Faults.Fail(StripeOperation.CreateRefund, 500);

        var first = await RefundAsync(charge, taken.Capture!, refundId, 5_000);
        var again = await RefundAsync(charge, taken.Capture!, refundId, 5_000);

        Assert.That((first, again.GetType()), Is.EqualTo((new RefundAnswer.Unreachable(), typeof(RefundAnswer.Settled))));
        Assert.That(account.Console.Refunds.Single().Amount, Is.EqualTo(5_000));
    }

    [Test]
    public async Task A_disputed_charge_tells_its_dispute_and_gives_nothing_back()
    {
        var (charge, taken) = await PaidAsync();
        var dispute = account.Console.OpenDispute(taken.ExternalId);

        var open = await KnownAsync(charge, taken.ExternalId);
        var refund = await RefundAsync(charge, taken.Capture!);
        account.Console.CloseDispute(dispute, isWon: false);
        var closed = await KnownAsync(charge, taken.ExternalId);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(open.Disputes.Select(one => (one.Id, one.CaptureId, one.Amount, one.State)), Is.EqualTo(new[] { (dispute, taken.Capture!.Id, 12_550L, DisputeState.Opened) }));
            Assert.That(refund, Is.EqualTo(new RefundAnswer.Refused("charge_disputed")));
            Assert.That(closed.Disputes.Single().State, Is.EqualTo(DisputeState.Lost));
        }
    }

    [Test]
    public async Task Money_of_nobody_and_refunds_of_the_console_are_listed_with_the_payment_they_belong_to()
    {
        var (charge, taken) = await PaidAsync();
        var console = account.Console.Refund(taken.ExternalId, 2_000);
        var unknown = account.Console.PayUnknown(777, "brl");
        account.Console.Refund(account.Console.PayAgain(taken.ExternalId, 3_000));
        account.Console.FailRefund(account.Console.Refund(taken.ExternalId, 1_000));

        var listed = await gateway.ListAsync(account.Now.AddMinutes(-1), account.Now.AddMinutes(1), CancellationToken.None).ToListAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listed.Where(one => one.ExternalId == unknown).Select(one => (one.PaymentId, one.Amount)), Is.EqualTo(new[] { ((Guid?)null, 777L) }));
            Assert.That(listed.Single(one => one.Id == console).PaymentId, Is.EqualTo(charge.PaymentId));
            Assert.That(
                listed.Where(one => one.PaymentId == charge.PaymentId).Select(one => (one.Kind, one.Amount)),
                Is.EqualTo(new[]
                {
                    (MovementKind.Capture, 12_550L), (MovementKind.Refund, 2_000L), (MovementKind.Capture, 3_000L), (MovementKind.Refund, 3_000L),
                }),
                "what came back of a refund was not given");
        }
    }

    [Test]
    public void It_takes_the_currencies_of_the_setting_or_all_of_Stripes()
    {
        Assert.That(gateway.Abilities.Currencies, Does.Contain("BRL").And.Contain("JPY").And.Not.Contain("KPW"));
        Assert.That(account.NewCustomer(("Currencies", "BRL, USD")).Abilities.Currencies, Is.EqualTo(new[] { "BRL", "USD" }));
    }
}
