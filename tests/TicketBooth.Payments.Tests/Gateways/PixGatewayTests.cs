using Microsoft.Extensions.Time.Testing;
using TicketBooth.Gateways.Pix;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>What is Pix's own, besides what every gateway does.</summary>
[TestFixture]
internal sealed class PixGatewayTests
{
    private const long Amount = 12_550;

    private PixProvider provider = null!;
    private IPaymentGateway gateway = null!;

    private PixStandIn StandIn => provider.StandIn;

    private DateTimeOffset Now => StandIn.Clock.GetUtcNow();

    [SetUp]
    public async Task StartAsync()
    {
        provider = await PixProvider.StartAsync();
        gateway = provider.NewCustomer();
    }

    [TearDown]
    public ValueTask StopAsync() => provider.DisposeAsync();

    [Test]
    public async Task A_charge_asks_for_the_amount_until_the_hold_ends()
    {
        var clock = new FakeTimeProvider(Now);
        var charge = NewCharge() with { ExpiresAt = clock.GetUtcNow().AddSeconds(899.9) };

        await provider.NewCustomer(clock).CreateAsync(charge, CancellationToken.None);

        var terms = provider.Find(charge)!.Terms;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((terms.Cents, terms.Key, terms.RequestToPayer), Is.EqualTo((Amount, provider.Key, "Ingressos do cassino")));
            Assert.That(terms.ExpiresInSeconds, Is.EqualTo(899), "rounded down: no app pays when the tickets are gone");
            Assert.That((terms.PayerMayChangeAmount, terms.Debtor), Is.EqualTo((false, (PixPerson?)null)));
        }
    }

    [TestCase(0.4)]
    [TestCase(-60)]
    public async Task A_charge_for_a_hold_that_ends_now_has_a_second(double seconds)
    {
        var charge = NewCharge() with { ExpiresAt = Now.AddSeconds(seconds) };

        await CreateAsync(charge);

        Assert.That(provider.Find(charge)!.Terms.ExpiresInSeconds, Is.EqualTo(1));
    }

    [Test]
    public async Task The_code_is_read_by_a_banks_app_which_shows_payee_and_amount()
    {
        var charge = NewCharge();

        var code = (await CreateAsync(charge)).PixCode!;

        var read = BrCodeReader.Read(code);
        var scan = StandIn.Payer.Scan(code);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((read["59"], read["60"], read["58"], read["53"]), Is.EqualTo(("CASINO TICKETS LTDA", "SAO PAULO", "BR", "986")));
            Assert.That(read.Template("26")["00"], Is.EqualTo("br.gov.bcb.pix"));
            Assert.That(read.Template("26")["25"], Is.EqualTo(provider.Find(charge)!.Location));
            Assert.That((scan.Charge.Txid, scan.Charge.Terms.Cents, scan.IsPayable), Is.EqualTo((charge.PaymentId.ToString("N"), Amount, true)));
        }
    }

    [Test]
    public async Task A_repeated_charge_takes_no_time_from_its_buyer()
    {
        var clock = new FakeTimeProvider(Now);
        var late = provider.NewCustomer(clock);
        var charge = NewCharge() with { ExpiresAt = clock.GetUtcNow().AddMinutes(15) };
        await late.CreateAsync(charge, CancellationToken.None);

        clock.Advance(TimeSpan.FromMinutes(5));
        await late.CreateAsync(charge, CancellationToken.None);

        Assert.That(provider.Find(charge)!.ExpiresAt, Is.EqualTo(charge.ExpiresAt).Within(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task A_charge_in_another_currency_is_refused()
    {
        var answer = await gateway.CreateAsync(NewCharge() with { Currency = "USD" }, CancellationToken.None);

        Assert.That((answer as ChargeAnswer.Refused)?.Error.Code, Is.EqualTo("pix-needs-brl"));
        Assert.That(StandIn.Charges, Is.Empty);
    }

    [Test]
    public async Task A_charge_that_the_provider_finds_wrong_is_refused()
    {
        var stranger = provider.NewCustomer(("Key", "somebody@else.example"));

        var answer = await stranger.CreateAsync(NewCharge(), CancellationToken.None);

        Assert.That((answer as ChargeAnswer.Refused)?.Error.Code, Is.EqualTo("method-unavailable"));
    }

    [TestCase(401)]
    [TestCase(403)]
    [TestCase(429)]
    public async Task A_charge_that_is_turned_away_is_not_taken(int status)
    {
        Fail(status, "PUT", times: 2);

        Assert.That(await gateway.CreateAsync(NewCharge(), CancellationToken.None), Is.EqualTo(new ChargeAnswer.NotTaken()));
    }

    [TestCase(500)]
    [TestCase(503)]
    public async Task After_a_failure_of_the_provider_the_charge_itself_decides(int status)
    {
        Fail(status, "PUT");

        Assert.That(await gateway.CreateAsync(NewCharge(), CancellationToken.None), Is.EqualTo(new ChargeAnswer.NotTaken()));
    }

    [Test]
    public async Task A_charge_of_which_nobody_can_say_anything_is_uncertain()
    {
        StandIn.Faults.Add(new(PixFaultKind.BreakAfterWork) { Method = "PUT" });
        Fail(503, "GET", times: 3);

        Assert.That(await gateway.CreateAsync(NewCharge(), CancellationToken.None), Is.EqualTo(new ChargeAnswer.Uncertain()));
        Assert.That(StandIn.Charges, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_charge_that_is_made_and_answered_never_is_found()
    {
        var impatient = provider.NewCustomer(("TimeoutSeconds", "1"));
        StandIn.Faults.Add(new(PixFaultKind.SilentAfterWork) { Method = "PUT" });

        Assert.That(await impatient.CreateAsync(NewCharge(), CancellationToken.None), Is.TypeOf<ChargeAnswer.Taken>());
    }

    [Test]
    public async Task A_question_is_asked_again_when_the_provider_fails()
    {
        var charge = NewCharge();
        await CreateAsync(charge);
        Fail(503, "GET", times: 2);

        Assert.That((await KnownAsync(charge)).State, Is.EqualTo(ChargeState.Pending));
    }

    [TestCase(1)]
    [TestCase(Amount - 1)]
    [TestCase(Amount + 1)]
    public async Task Money_of_any_amount_is_captured(long cents)
    {
        var charge = NewCharge();
        await CreateAsync(charge);

        StandIn.Payer.Pay(PixProvider.PaymentOf(charge) with { Cents = cents });

        var known = await KnownAsync(charge);
        Assert.That((known.State, known.Captures.Single().Amount), Is.EqualTo((ChargeState.Captured, cents)));
    }

    [Test]
    public async Task Money_that_comes_twice_or_after_the_end_is_all_captured()
    {
        var charge = NewCharge();
        await CreateAsync(charge);
        var reference = new PaymentReference(charge.PaymentId, null, Now);
        var canceled = await gateway.CancelAsync(reference, CancellationToken.None);

        var received = StandIn.Payer.PayTogether(PixProvider.PaymentOf(charge), PixProvider.PaymentOf(charge) with { Cents = 7 });

        var known = await KnownAsync(charge);
        Assert.That(known.Captures, Is.EquivalentTo(received.Select(pix => new GatewayCapture(pix.EndToEndId, pix.Cents, "BRL", pix.At))));
        Assert.That((canceled, await gateway.CancelAsync(reference, CancellationToken.None)), Is.EqualTo((CancelAnswer.Canceled, CancelAnswer.AlreadyCaptured)));
    }

    [Test]
    public async Task A_charge_that_the_provider_removed_is_canceled()
    {
        var charge = NewCharge();
        await CreateAsync(charge);

        StandIn.Bank.RemoveCharge(charge.PaymentId.ToString("N"));

        Assert.That((await KnownAsync(charge)).State, Is.EqualTo(ChargeState.Canceled));
        Assert.That(await gateway.CreateAsync(charge, CancellationToken.None), Is.EqualTo(new ChargeAnswer.NotTaken()), "nobody can pay it");
    }

    [Test]
    public async Task A_charge_that_has_expired_still_waits_for_money_on_its_way()
    {
        var charge = NewCharge();
        await CreateAsync(charge);

        StandIn.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That((await KnownAsync(charge)).State, Is.EqualTo(ChargeState.Pending));
    }

    [Test]
    public async Task A_refund_is_accepted_and_done_later()
    {
        StandIn.Bank.Returns = ReturnMode.Hold;
        var (charge, pix) = await PaidAsync();
        var ask = AskFor(charge, pix, 5_000);

        var answer = await RefundAsync(ask);
        var before = (await KnownAsync(charge)).Refunds.Single();
        provider.EndReturns();
        var after = (await KnownAsync(charge)).Refunds.Single();

        var id = StandIn.FindPix(pix.EndToEndId)!.Returns.Single().RtrId;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer, Is.EqualTo(new RefundAnswer.Asked(id)));
            Assert.That((before.State, after.State), Is.EqualTo((GatewayRefundState.Asked, GatewayRefundState.Settled)));
            Assert.That((after.Id, after.RefundId, after.Amount), Is.EqualTo((id, ask.RefundId, 5_000)));
            Assert.That(await RefundAsync(ask), Is.EqualTo(new RefundAnswer.Settled(id)), "asked again");
        }
    }

    [Test]
    public async Task A_refund_that_was_accepted_may_be_refused_later_and_frees_its_share()
    {
        StandIn.Bank.Returns = ReturnMode.Hold;
        var (charge, pix) = await PaidAsync();
        var ask = AskFor(charge, pix);
        await RefundAsync(ask);

        StandIn.Bank.Refuse(pix.EndToEndId, ask.RefundId.ToString("N"), "Saldo insuficiente");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await RefundAsync(ask), Is.EqualTo(new RefundAnswer.Refused("Saldo insuficiente")));
            Assert.That((await KnownAsync(charge)).Refunds.Single().State, Is.EqualTo(GatewayRefundState.Refused));
            Assert.That(await RefundAsync(AskFor(charge, pix)), Is.TypeOf<RefundAnswer.Asked>(), "under a new id");
        }
    }

    [Test]
    public async Task A_refund_that_the_provider_refuses_at_once_is_refused_with_its_reason()
    {
        StandIn.Bank.Returns = ReturnMode.RefuseAtOnce;
        var (charge, pix) = await PaidAsync();

        var answer = await RefundAsync(AskFor(charge, pix));

        Assert.That((answer as RefundAnswer.Refused)?.Reason, Does.Contain(StandIn.Bank.RefusalReason));
    }

    [Test]
    public async Task After_ninety_days_a_refund_is_refused()
    {
        var (charge, pix) = await PaidAsync();
        StandIn.Clock.Advance(TimeSpan.FromDays(91));

        var answer = await RefundAsync(AskFor(charge, pix));

        Assert.That((answer as RefundAnswer.Refused)?.Reason, Does.Contain("90 dias"));
    }

    [Test]
    public async Task A_refund_of_money_that_nobody_knows_is_not_captured()
    {
        var (charge, pix) = await PaidAsync();

        var unknown = pix with { EndToEndId = "E00000000202603012000aaaaaaaaaaa" };

        Assert.That(await RefundAsync(AskFor(charge, unknown)), Is.EqualTo(new RefundAnswer.NotCaptured()));
    }

    [TestCase(500)]
    [TestCase(401)]
    [TestCase(429)]
    public async Task A_refund_that_the_provider_does_not_take_now_is_asked_for_again(int status)
    {
        var (charge, pix) = await PaidAsync();
        var ask = AskFor(charge, pix);
        Fail(status, "PUT", times: 2);

        var first = await RefundAsync(ask);
        StandIn.Faults.Clear();

        Assert.That(first, Is.EqualTo(new RefundAnswer.Unreachable()));
        Assert.That(await RefundAsync(ask), Is.TypeOf<RefundAnswer.Asked>());
    }

    [TestCase(true, "med-fraud")]
    [TestCase(false, "med-bank-error")]
    public async Task What_a_bank_takes_back_by_med_is_a_lost_dispute_and_no_refund(bool fraud, string reason)
    {
        var (charge, pix) = await PaidAsync();

        var taken = StandIn.Bank.ReturnByMed(pix.EndToEndId, 100, fraud);

        var known = await KnownAsync(charge);
        Assert.That(known.Disputes, Is.EqualTo(new[] { new GatewayDispute(taken.RtrId, pix.EndToEndId, 100, "BRL", DisputeState.Lost, reason, taken.SettledAt!.Value) }));
        Assert.That(known.Refunds, Is.Empty);
    }

    [Test]
    public async Task A_return_from_the_providers_console_is_a_refund_that_we_did_not_ask_for()
    {
        var (charge, pix) = await PaidAsync();
        using var console = StandIn.CreateClient(StandIn.Certificates.Client);
        console.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync());
        using var body = new StringContent("""{"valor":"1.00"}""", System.Text.Encoding.UTF8, "application/json");
        using var returned = await console.PutAsync($"pix/{pix.EndToEndId}/devolucao/byHand1", body);

        var refund = (await KnownAsync(charge)).Refunds.Single();

        Assert.That((refund.RefundId, refund.Amount, refund.CaptureId), Is.EqualTo(((Guid?)null, 100, pix.EndToEndId)));
    }

    [Test]
    public async Task A_token_is_asked_for_once_and_again_before_it_ends()
    {
        var clock = new FakeTimeProvider(Now);
        var customer = provider.NewCustomer(clock);
        var charges = Enumerable.Range(0, 20).Select(_ => NewCharge()).ToList();

        await Task.WhenAll(charges.Select(charge => customer.CreateAsync(charge, CancellationToken.None)));
        var first = StandIn.Tokens.Issued;
        clock.Advance(StandIn.Options.TokenLifetime - TimeSpan.FromMinutes(2));
        await customer.CheckAsync(CancellationToken.None);
        var still = StandIn.Tokens.Issued;
        clock.Advance(TimeSpan.FromMinutes(1));
        await Task.WhenAll(charges.Select(_ => customer.CheckAsync(CancellationToken.None)));

        Assert.That((first, still, StandIn.Tokens.Issued), Is.EqualTo((1, 1, 2)));
    }

    [Test]
    public async Task A_token_that_the_provider_forgot_is_replaced_once()
    {
        var charge = NewCharge();
        await CreateAsync(charge);
        var before = StandIn.Tokens.Issued;

        StandIn.Tokens.Revoke();
        var known = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => KnownAsync(charge)));

        Assert.That(known.Select(one => one.State), Is.All.EqualTo(ChargeState.Pending));
        Assert.That(StandIn.Tokens.Issued - before, Is.EqualTo(1));
    }

    [Test]
    public async Task A_failed_request_for_a_token_is_repeated_by_the_next_call()
    {
        StandIn.Faults.Add(new(PixFaultKind.Answer) { Path = "/oauth/", Status = 500 });

        var first = await gateway.CreateAsync(NewCharge(), CancellationToken.None);
        var next = await gateway.CreateAsync(NewCharge(), CancellationToken.None);

        Assert.That((first.GetType(), next.GetType()), Is.EqualTo((typeof(ChargeAnswer.NotTaken), typeof(ChargeAnswer.Taken))));
    }

    [Test]
    public async Task The_list_has_all_pages_and_what_nobody_expects_but_not_what_came_for_another_key()
    {
        var from = Now;
        for (var i = 1; i <= 230; i++)
        {
            StandIn.Payer.Pay(new() { Cents = i });
        }

        StandIn.Payer.Pay(new("anotherProgramsCharge000000001") { Cents = 999 });
        StandIn.Payer.Pay(new() { Cents = 5_000, Key = StandIn.Options.Receiver.Keys[1] });

        var listed = await ListAsync(from, Now.AddSeconds(1));

        Assert.That(listed.Select(movement => movement.Amount), Is.EquivalentTo(Enumerable.Range(1, 230).Select(i => (long)i).Append(999)));
        Assert.That(listed, Is.All.Matches<GatewayMovement>(movement => movement is { Kind: MovementKind.Capture, PaymentId: null, Currency: "BRL" }));
    }

    [Test]
    public async Task The_list_has_what_goes_back_long_after_it_came()
    {
        StandIn.Bank.Returns = ReturnMode.Hold;
        StandIn.Clock.Advance(-TimeSpan.FromDays(80));
        var (charge, pix) = await PaidAsync();
        StandIn.Clock.Advance(TimeSpan.FromDays(80));
        var from = Now;
        await RefundAsync(AskFor(charge, pix, 100));
        StandIn.Bank.ReturnByMed(pix.EndToEndId, 10);

        var asked = await ListAsync(from, Now.AddSeconds(1));
        provider.EndReturns();
        var done = await ListAsync(from, Now.AddSeconds(1));

        Assert.That(asked.Select(movement => (movement.Kind, movement.Amount)), Is.EqualTo(new[] { (MovementKind.Refund, 10L) }), "not yet back");
        Assert.That(done.Select(movement => movement.Amount), Is.EquivalentTo(new[] { 10L, 100L }));
        Assert.That(done, Is.All.Matches<GatewayMovement>(movement => movement.PaymentId == charge.PaymentId));
    }

    [Test]
    public async Task The_list_of_all_times_is_that_since_there_is_pix()
    {
        var pix = StandIn.Payer.Pay(new() { Cents = 100 });

        Assert.That((await ListAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)).Single().Id, Is.EqualTo(pix.EndToEndId));
    }

    [Test]
    public async Task A_wrong_secret_is_found_at_the_start()
    {
        var check = await provider.NewCustomer(("ClientSecret", "wrong")).CheckAsync(CancellationToken.None) as GatewayCheck.Wrong;

        Assert.That(check?.Text, Does.StartWith("Payments:Pix:ClientSecret: ").And.Not.Contain(StandIn.Options.ClientSecret));
    }

    [TestCase("TokenUrl")]
    [TestCase("ApiBase")]
    public async Task A_provider_that_does_not_answer_is_named_at_the_start(string setting)
    {
        var check = await provider.NewCustomer((setting, "https://127.0.0.1:1/")).CheckAsync(CancellationToken.None) as GatewayCheck.Unreachable;

        Assert.That(check?.Text, Does.StartWith($"Payments:Pix:{setting}: ").And.Not.Contain(StandIn.Options.ClientSecret));
    }

    [Test]
    public async Task A_contract_without_all_rights_is_found_at_the_start()
    {
        await using var poor = await PixProvider.StartAsync(new PixStandInOptions { Scopes = ["cob.write", "cob.read"] });

        Assert.That((await poor.NewCustomer().CheckAsync(CancellationToken.None) as GatewayCheck.Wrong)?.Text, Does.StartWith("Payments:Pix:ClientId: "));
    }

    [Test]
    public async Task A_provider_that_is_not_who_it_should_be_is_not_trusted()
    {
        var check = await provider.NewCustomer(("TrustedAuthority", null)).CheckAsync(CancellationToken.None) as GatewayCheck.Wrong;

        Assert.That(check?.Text, Does.StartWith("Payments:Pix:TokenUrl: "));
        Assert.That(StandIn.Calls, Is.Empty);
    }

    [Test]
    public async Task A_certificate_in_pem_works_too()
    {
        var pem = provider.NewCustomer(
            ("Certificate", StandIn.Certificates.ClientCertificatePath),
            ("CertificateKey", StandIn.Certificates.ClientKeyPath),
            ("CertificatePassword", null)
        );

        Assert.That(await pem.CheckAsync(CancellationToken.None), Is.EqualTo(new GatewayCheck.Right()));
    }

    private Charge NewCharge() =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), Amount, "BRL", PaymentMethod.Pix, Token: null, Now.AddMinutes(15));

    private static RefundAsk AskFor(Charge charge, ReceivedPix pix, long? amount = null) =>
        new(Guid.CreateVersion7(), new PaymentReference(charge.PaymentId, null, pix.At), pix.EndToEndId, amount ?? pix.Cents, "BRL", "order-canceled");

    private void Fail(int status, string method, int times = 1) =>
        StandIn.Faults.Add(new(PixFaultKind.Answer) { Status = status, Method = method, Path = "/api/", Times = times });

    private async Task<ChargeAnswer.Taken> CreateAsync(Charge charge) => (ChargeAnswer.Taken)await gateway.CreateAsync(charge, CancellationToken.None);

    private async Task<(Charge Charge, ReceivedPix Pix)> PaidAsync()
    {
        var charge = NewCharge();
        await CreateAsync(charge);
        return (charge, StandIn.Payer.Pay(PixProvider.PaymentOf(charge)));
    }

    private async Task<ChargeStanding.Known> KnownAsync(Charge charge) =>
        (ChargeStanding.Known)await gateway.GetAsync(new PaymentReference(charge.PaymentId, null, Now), CancellationToken.None);

    private Task<RefundAnswer> RefundAsync(RefundAsk ask) => gateway.RefundAsync(ask, CancellationToken.None);

    private async Task<IReadOnlyList<GatewayMovement>> ListAsync(DateTimeOffset from, DateTimeOffset to) =>
        await gateway.ListAsync(from, to, CancellationToken.None).ToListAsync();

    private async Task<string> TokenAsync()
    {
        using var client = StandIn.CreateClient(StandIn.Certificates.Client);
        using var request = new HttpRequestMessage(HttpMethod.Post, StandIn.TokenUrl) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        var pair = $"{Uri.EscapeDataString(StandIn.Options.ClientId)}:{Uri.EscapeDataString(StandIn.Options.ClientSecret)}";
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pair)));
        using var answer = await client.SendAsync(request);
        return (string)System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!;
    }
}
