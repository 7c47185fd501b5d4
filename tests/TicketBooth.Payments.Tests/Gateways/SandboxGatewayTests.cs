using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Gateways.Sandbox;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>The sandbox end to end: its webhooks come over HTTP to the host that it runs in.</summary>
[TestFixture]
internal sealed class SandboxGatewayTests
{
    private FakeTimeProvider clock = null!;
    private PaymentsHost payments = null!;

    [SetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        payments = await PaymentsHost.StartAsync(clock);
    }

    [TearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    [Test]
    public async Task Approves_at_once()
    {
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_approve");

        var paid = await payments.WaitForAsync(id, PaymentStatus.Paid);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(paid.ExternalId, Does.StartWith("sbx_"));
            Assert.That(payments.Said<PaymentConfirmed>().Single().PaymentId, Is.EqualTo(id));
        }
    }

    [Test]
    public async Task Declines_at_once()
    {
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_decline");

        await payments.WaitForAsync(id, PaymentStatus.Declined);

        Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo("declined"));
    }

    [Test]
    public async Task Says_nothing_and_stays_open()
    {
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_silent");

        clock.Advance(TimeSpan.FromDays(1));

        var standing = await payments.SendAsync(new SettlePayment(id));
        var owed = await payments.Get<ISandboxLedger>().UndeliveredAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(standing.Value, Is.EqualTo(PaymentStanding.Pending));
            Assert.That(owed, Is.Empty);
            Assert.That(payments.SaidInAll(), Is.EqualTo(1), "only that it was started");
        }
    }

    [Test]
    public async Task Confirms_late_only_after_the_hold_has_ended()
    {
        var expires = payments.Booking.HoldExpiresAt;
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_late");

        clock.Advance(expires - clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        var before = await payments.SendAsync(new SettlePayment(id));
        clock.Advance(TimeSpan.FromSeconds(1));
        await payments.WaitForAsync(id, PaymentStatus.Paid);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Value, Is.EqualTo(PaymentStanding.Pending));
            Assert.That(payments.Said<PaymentConfirmed>().Single().At, Is.GreaterThan(expires));
        }
    }

    [Test]
    public async Task Calls_back_three_times_with_one_webhook_id_and_has_one_effect()
    {
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_duplicate");

        await payments.WaitForAsync(id, PaymentStatus.Paid);
        await payments.AllCallbacksDeliveredAsync();

        Assert.That(payments.Said<PaymentConfirmed>(), Has.Count.EqualTo(1));
        Assert.That(payments.SaidInAll(), Is.EqualTo(2), "beside that it was started");
    }

    [Test]
    public async Task Owes_three_callbacks_of_one_webhook_id_for_the_duplicate_token()
    {
        await using var deaf = await PaymentsHost.StartAsync(clock, settings: [("Payments:Sandbox:WebhookUrl", PaymentsHost.NoWebhook)]);
        await deaf.PayByCardAsync(deaf.Booking.NewOrder(), "tok_duplicate");

        var owed = await deaf.Get<ISandboxLedger>().UndeliveredAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(owed, Has.Count.EqualTo(3));
            Assert.That(owed.Select(callback => callback.WebhookId).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Takes_pix_when_its_payer_has_had_the_time()
    {
        var (response, body) = await payments.PayAsync(payments.Booking.NewOrder(total: 12_550), """{"method":"pix"}""");
        using var _ = response;
        var id = (Guid)body!["paymentId"]!;

        clock.Advance(TimeSpan.FromSeconds(1.9));
        var before = await payments.SendAsync(new SettlePayment(id));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await payments.WaitForAsync(id, PaymentStatus.Paid);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(202));
            Assert.That(BrCodeReader.Read((string)body["pix"]!["code"]!)["54"], Is.EqualTo("125.50"));
            Assert.That(before.Value, Is.EqualTo(PaymentStanding.Pending));
        }
    }

    [TestCase("""{"method":"card","token":"tok_unheard_of"}""", "BRL", "unknown-token")]
    [TestCase("""{"method":"pix"}""", "USD", "pix-needs-brl")]
    public async Task Refuses(string body, string currency, string code)
    {
        var (response, problem) = await payments.PayAsync(payments.Booking.NewOrder(currency: currency), body);

        using var _ = response;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((int)response.StatusCode, (string?)problem?["code"]), Is.EqualTo((422, code)));
            Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo(code));
        }
    }

    [Test]
    public async Task Never_charges_the_same_payment_twice()
    {
        var gateway = payments.Get<IPaymentGateway>();
        var payment = await payments.KeepPaymentAsync();
        var charge = new Charge(payment.Id, payment.OrderId, payment.Amount, "BRL", PaymentMethod.Card, "tok_approve", payment.HoldExpiresAt);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => gateway.CreateAsync(charge, CancellationToken.None)));
        await payments.WaitForAsync(payment.Id, PaymentStatus.Paid);
        await payments.AllCallbacksDeliveredAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers.Distinct().Count(), Is.EqualTo(1));
            Assert.That(payments.SaidInAll(), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task Refunds_a_captured_charge_once_and_calls_back()
    {
        var gateway = payments.Get<IPaymentGateway>();
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_approve");
        var paid = await payments.WaitForAsync(id, PaymentStatus.Paid);
        var ask = new RefundAsk(id, PaymentReference.Of(paid), paid.ExternalId!, paid.Amount, "BRL", "order-canceled");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gateway.RefundAsync(ask, CancellationToken.None)));

        await payments.WaitForAsync(id, PaymentStatus.Refunded);
        await payments.AllCallbacksDeliveredAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answers, Is.All.EqualTo(new RefundAnswer.Settled(id.ToString("N"))));
            Assert.That(payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
            Assert.That((await gateway.GetAsync(ask.Payment, CancellationToken.None) as ChargeStanding.Known)?.Refunds.Single().Amount, Is.EqualTo(paid.Amount));
        }
    }

    [TestCase("tok_silent")]
    [TestCase("tok_decline")]
    [TestCase("tok_late")]
    public async Task Gives_nothing_back_that_was_not_captured(string token)
    {
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), token);

        Assert.That(await payments.Get<IPaymentGateway>().RefundAsync(
            new RefundAsk(id, new PaymentReference(id, null, clock.GetUtcNow()), "", 12_500, "BRL", "order-canceled"), CancellationToken.None), Is.EqualTo(new RefundAnswer.NotCaptured()));
    }

    [Test]
    public async Task Stores_what_was_delivered_once_a_second()
    {
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_approve");
        await payments.WaitForAsync(id, PaymentStatus.Paid);
        var before = await payments.Get<ISandboxLedger>().UndeliveredAsync();

        await Eventually.Async(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return (await payments.Get<ISandboxLedger>().UndeliveredAsync()).Count;
            },
            owed => owed == 0,
            "the next round");

        Assert.That(before, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Callbacks_that_are_accepted_while_others_are_stored_are_not_forgotten()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await PaymentsHost.StartAsync(clock, services: services => services
            .AddSingleton<SqliteSandboxLedger>()
            .AddSingleton<ISandboxLedger>(provider => new SlowLedger(provider.GetRequiredService<SqliteSandboxLedger>(), open.Task)));
        var callbacks = host.Get<SandboxCallbacks>();
        await host.WaitForAsync(await host.PayByCardAsync(host.Booking.NewOrder(), "tok_approve"), PaymentStatus.Paid);
        var first = await Eventually.Async(() => Task.FromResult(callbacks.StoreDeliveredAsync()), storing => !storing.IsCompleted, "the first one to be stored");
        var second = callbacks.StoreDeliveredAsync();
        await host.WaitForAsync(await host.PayByCardAsync(host.Booking.NewOrder(), "tok_approve"), PaymentStatus.Paid);

        open.SetResult();
        await Task.WhenAll(first, second);

        await host.AllCallbacksDeliveredAsync();
    }

    [Test]
    public async Task A_restart_loses_no_callback()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        var booking = new FakeBooking(clock);
        Guid approved;
        Guid late;
        await using (var deaf = await PaymentsHost.StartAsync(clock, folder, booking, settings: [("Payments:Sandbox:WebhookUrl", PaymentsHost.NoWebhook)]))
        {
            approved = await deaf.PayByCardAsync(booking.NewOrder(), "tok_approve");
            late = await deaf.PayByCardAsync(booking.NewOrder(), "tok_late");
        }

        clock.Advance(TimeSpan.FromMinutes(20));
        await using (var again = await PaymentsHost.StartAsync(clock, folder, booking))
        {
            await again.WaitForAsync(approved, PaymentStatus.Paid);
            await again.WaitForAsync(late, PaymentStatus.Paid);
            Assert.That(again.Said<PaymentConfirmed>().Select(said => said.PaymentId), Is.EquivalentTo(new[] { approved, late }));
        }

        Directory.Delete(folder, recursive: true);
    }

    [TestCase("http://0.0.0.0:5080", "http://127.0.0.1:5080/api/v1/webhooks/payments")]
    [TestCase("http://[::]:5080", "http://127.0.0.1:5080/api/v1/webhooks/payments")]
    [TestCase("http://+:80", "http://127.0.0.1:80/api/v1/webhooks/payments")]
    [TestCase("http://*:5080", "http://127.0.0.1:5080/api/v1/webhooks/payments")]
    [TestCase("http://localhost:5080", "http://localhost:5080/api/v1/webhooks/payments")]
    [TestCase("https://booth.example:443;http://10.0.0.7:8080", "http://10.0.0.7:8080/api/v1/webhooks/payments")]
    [TestCase("http://unix:/run/booth.sock;https://localhost:5443", "https://localhost:5443/api/v1/webhooks/payments")]
    public void Finds_its_own_address(string addresses, string url) => Assert.That(SandboxCallbacks.OwnWebhook(addresses.Split(';')), Is.EqualTo(new Uri(url)));

    [Test]
    public void Names_the_setting_when_the_server_has_no_address_to_call() => Assert.That(
        () => SandboxCallbacks.OwnWebhook(["http://unix:/run/booth.sock"]), Throws.Exception.With.Message.Contains("Payments:Sandbox:WebhookUrl"));

    /// <summary>Stores what was delivered once it may.</summary>
    private sealed class SlowLedger(ISandboxLedger ledger, Task may) : ISandboxLedger
    {
        public Task<SandboxCharge?> FindAsync(Guid paymentId) => ledger.FindAsync(paymentId);

        public Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)> AddAsync(SandboxCharge charge, IReadOnlyList<SandboxWebhook> webhooks) =>
            ledger.AddAsync(charge, webhooks);

        public Task<(SandboxCharge Charge, IReadOnlyList<SandboxCallback> Callbacks)?> ChangeAsync(
            Guid paymentId, Func<SandboxCharge, (SandboxCharge After, IReadOnlyList<SandboxWebhook> Webhooks)> decide) => ledger.ChangeAsync(paymentId, decide);

        public IAsyncEnumerable<SandboxCharge> ListAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
            ledger.ListAsync(from, to, cancellationToken);

        public Task<IReadOnlyList<SandboxCallback>> UndeliveredAsync(DateTimeOffset? dueBefore = null) => ledger.UndeliveredAsync(dueBefore);

        public async Task DeliveredAsync(IReadOnlyCollection<SandboxCallback> callbacks)
        {
            await may;
            await ledger.DeliveredAsync(callbacks);
        }
    }
}
