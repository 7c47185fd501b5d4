using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Reconciliation;
using TicketBooth.Payments.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Reconciliation;

/// <summary>What a gateway says it moved, against what is on record.</summary>
[TestFixture]
internal sealed class ReconciliationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Anna = new(Guid.CreateVersion7(), "Anna");

    private FakeTimeProvider clock = null!;
    private FakeGateway gateway = null!;
    private PaymentsHost payments = null!;

    [SetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(Noon);
        gateway = new FakeGateway { Abilities = new([PaymentMethod.Card, PaymentMethod.Pix]) { ListsMovements = true, PartialRefunds = true } };
        payments = await PaymentsHost.StartAsync(clock, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));
    }

    [TearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    [Test]
    public async Task Both_have_the_same()
    {
        var payment = await CapturedAsync();
        gateway.Movements.Add(CaptureOf(payment));
        gateway.Movements.Add(Movement(MovementKind.Refund, "re-1", payment, 500));
        await RefundedFromConsoleAsync(payment, "re-1", 500);

        var report = await ReconcileAsync();

        Assert.That(report.Summary.IsEqual, Is.True, string.Join('\n', report.Lines));
        Assert.That(report.Summary.Gateways.Single().Sums, Is.EqualTo(new[]
        {
            new ReconciledSum(MoneyMovement.Capture, "BRL", 1, payment.Amount, 1, payment.Amount), new ReconciledSum(MoneyMovement.Refund, "BRL", 1, 500, 1, 500),
        }));
        Assert.That(gateway.Asked, Is.Zero, "the list said it all");
    }

    [Test]
    public async Task A_capture_whose_webhook_was_lost_pays_its_order()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.Movements.Add(CaptureOf(payment));
        gateway.Standing = FakeGateway.Known(ChargeState.Captured, payment.Amount);

        var report = await ReconcileAsync();
        var again = await ReconcileAsync();

        var line = report.Lines.Single();
        Assert.That((line.Kind, line.Note, line.PaymentId, line.Theirs!.Amount, line.Ours), Is.EqualTo((ReconciliationDifferenceKind.TheirsOnly, ReconciliationNote.Recorded, (Guid?)payment.Id, payment.Amount, (ReconciledAmount?)null)));
        Assert.That((await payments.Store.FindAsync(payment.Id))!.Status, Is.EqualTo(PaymentStatus.Paid));
        Assert.That(payments.Said<PaymentConfirmed>(), Has.Count.EqualTo(1));
        Assert.That(again.Summary.IsEqual, Is.True);
    }

    [Test]
    public async Task A_refund_from_the_console_whose_webhook_was_lost_is_booked_and_needs_attention()
    {
        var payment = await CapturedAsync();
        gateway.Movements.AddRange([CaptureOf(payment), Movement(MovementKind.Refund, "re-1", payment, 500)]);
        gateway.Standing = FakeGateway.Known(ChargeState.Captured, payment.Amount) with
        {
            Refunds = [new("re-1", null, "ext-1", 500, "BRL", GatewayRefundState.Settled, null, clock.GetUtcNow())],
        };

        var report = await ReconcileAsync();

        Assert.That(report.Lines.Select(line => (line.Kind, line.Movement, line.Note)), Is.EqualTo(new[] { (ReconciliationDifferenceKind.TheirsOnly, MoneyMovement.Refund, ReconciliationNote.Recorded) }));
        Assert.That(payments.Said<PaymentPartlyRefunded>().Single().Amount, Is.EqualTo(500));
        Assert.That((await payments.SendAsync(new ListMoneyCases(All: false, null, 10))).Value.Items.Single().Kind, Is.EqualTo(MoneyCaseKind.ReturnedFromConsole));
    }

    [Test]
    public async Task A_refund_that_the_list_alone_knows_is_booked_to_the_only_capture()
    {
        var payment = await CapturedAsync();
        gateway.Movements.AddRange([CaptureOf(payment), Movement(MovementKind.Refund, "re-1", payment, 500)]);
        gateway.Standing = new ChargeStanding.Unreachable();

        var report = await ReconcileAsync();

        Assert.That(report.Lines.Single().Note, Is.EqualTo(ReconciliationNote.Recorded));
        Assert.That((await payments.Store.FindAsync(payment.Id))!.Money.Refunds.Single().CaptureId, Is.EqualTo("ext-1"));
    }

    [Test]
    public async Task What_a_bank_took_back_by_Pix_is_a_lost_dispute_here_and_no_difference()
    {
        var payment = await CapturedAsync();
        await DisputedAsync(payment, DisputeState.Lost);
        gateway.Movements.AddRange([CaptureOf(payment), TakenBack(payment)]);

        var report = await ReconcileAsync();

        Assert.That(report.Summary.IsEqual, Is.True, string.Join('\n', report.Lines));
        Assert.That(report.Summary.Gateways.Single().Sums.Select(sum => (sum.Movement, sum.TheirAmount, sum.OurAmount)), Does.Contain((MoneyMovement.Refund, 500L, 500L)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_a_bank_took_back_without_our_knowing_its_end_is_recorded_as_a_lost_dispute_and_only_as_that(bool isOpenHere)
    {
        var payment = await CapturedAsync();
        if (isOpenHere)
        {
            await DisputedAsync(payment, DisputeState.Opened);
        }

        gateway.Movements.AddRange([CaptureOf(payment), TakenBack(payment)]);
        gateway.Standing = new ChargeStanding.Unreachable();

        var report = await ReconcileAsync();
        await DisputedAsync(payment, DisputeState.Lost);
        var again = await ReconcileAsync();

        var money = (await payments.Store.FindAsync(payment.Id))!.Money;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Lines.Select(line => (line.Kind, line.Note)), Is.EqualTo(new[] { (ReconciliationDifferenceKind.TheirsOnly, ReconciliationNote.Recorded) }));
            Assert.That((money.Refunds.Count, money.Disputes.Single().State, money.ReturnedOf(money.Paying!)), Is.EqualTo((0, DisputeState.Lost, 500L)));
            Assert.That(again.Summary.IsEqual, Is.True, string.Join('\n', again.Lines));
        }
    }

    [Test]
    public async Task What_a_bank_took_back_of_money_of_nobody_is_on_record_with_it()
    {
        gateway.Movements.Add(new GatewayMovement(MovementKind.Capture, "e2e-1", null, null, 700, "BRL", Noon));
        await ReconcileAsync();
        gateway.Movements.Add(new GatewayMovement(MovementKind.Refund, "rtr-1", null, null, 700, "BRL", Noon) { IsTakenBack = true });

        await payments.Get<PaymentLedger>().RecordAsync(new GatewayNotice("Sandbox", "e2e-1", null, new GatewayFact.Dispute(
            new GatewayDispute("rtr-1", "e2e-1", 700, "BRL", DisputeState.Lost, "med-fraud", clock.GetUtcNow()))));
        var report = await ReconcileAsync();

        var unmatched = (await payments.Get<IMoneyStore>().ListAsync(openOnly: false, Guid.Empty, 10)).Single();
        Assert.That((unmatched.State, unmatched.Returned), Is.EqualTo((UnmatchedState.Refunded, 700L)));
        Assert.That(report.Summary.IsEqual, Is.True, string.Join('\n', report.Lines));
    }

    [Test]
    public async Task A_refund_that_nobody_can_place_is_reported_and_not_recorded()
    {
        gateway.Movements.Add(new GatewayMovement(MovementKind.Refund, "re-9", null, null, 500, "BRL", Noon));

        var report = await ReconcileAsync();

        Assert.That(report.Lines.Single().Note, Is.EqualTo(ReconciliationNote.NotRecorded));
        Assert.That(await payments.Get<IMoneyStore>().ListAsync(openOnly: false, Guid.Empty, 10), Is.Empty);
    }

    [Test]
    public async Task Money_that_belongs_to_no_payment_becomes_unmatched_money()
    {
        gateway.Movements.Add(new GatewayMovement(MovementKind.Capture, "e2e-1", null, null, 700, "BRL", Noon));

        var report = await ReconcileAsync();
        var again = await ReconcileAsync();

        var unmatched = (await payments.Get<IMoneyStore>().ListAsync(openOnly: true, Guid.Empty, 10)).Single();
        Assert.That((unmatched.CaptureId, unmatched.Amount), Is.EqualTo(("e2e-1", 700L)));
        Assert.That(report.Lines.Single().Note, Is.EqualTo(ReconciliationNote.Recorded));
        Assert.That(again.Summary.IsEqual, Is.True, string.Join('\n', again.Lines));
    }

    [Test]
    public async Task A_comparison_records_nothing()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.Movements.Add(CaptureOf(payment));
        clock.Advance(TimeSpan.FromHours(1));

        var compared = await payments.SendAsync(new ComparePayments(Noon.AddDays(-1), Noon.AddDays(1)));

        Assert.That(compared.Value.Lines.Single().Note, Is.EqualTo(ReconciliationNote.None));
        Assert.That(await payments.Store.FindAsync(payment.Id), Is.EqualTo(payment));
        Assert.That((await payments.SendAsync(new Contracts.ListReconciliations())).Value, Is.Empty);
    }

    [Test]
    public async Task A_movement_of_the_last_minutes_may_still_be_told()
    {
        var payment = await payments.KeepPaymentAsync();
        gateway.Movements.Add(CaptureOf(payment));
        gateway.Standing = FakeGateway.Known(ChargeState.Captured, payment.Amount);
        clock.Advance(Reconciler.Patience - TimeSpan.FromSeconds(1));

        var report = await ReconcileAsync(wait: false);

        Assert.That((report.Summary.IsEqual, report.Summary.Gateways.Single().UnderWay), Is.EqualTo((true, 1L)));
        Assert.That((await payments.Store.FindAsync(payment.Id))!.Status, Is.EqualTo(PaymentStatus.Paid), "recorded all the same");
    }

    [Test]
    public async Task Money_here_that_the_gateway_does_not_know_is_a_difference()
    {
        var payment = await CapturedAsync();

        var line = (await ReconcileAsync()).Lines.Single();

        Assert.That((line.Kind, line.Id, line.OrderId, line.Theirs, line.Ours), Is.EqualTo((ReconciliationDifferenceKind.OursOnly, "ext-1", (Guid?)payment.OrderId, (ReconciledAmount?)null, new ReconciledAmount(payment.Amount, "BRL"))));
    }

    [Test]
    public async Task Money_that_the_gateway_took_at_another_time_is_no_difference()
    {
        var payment = await CapturedAsync();
        gateway.Movements.Add(CaptureOf(payment) with { At = Noon.AddDays(-30) });
        gateway.Standing = FakeGateway.Known(ChargeState.Captured, payment.Amount);

        var report = await ReconcileAsync();

        Assert.That(report.Summary.IsEqual, Is.True, string.Join('\n', report.Lines));
        Assert.That(gateway.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Money_near_a_border_is_found_in_the_margin()
    {
        var payment = await CapturedAsync();
        gateway.Movements.Add(CaptureOf(payment) with { At = Noon - Reconciler.Margin });
        clock.Advance(TimeSpan.FromHours(1));

        var report = await RunAsync(Noon, Noon.AddDays(1));

        Assert.That(report.Summary.IsEqual, Is.True, string.Join('\n', report.Lines));
        Assert.That((report.Summary.Gateways.Single().Sums.Count, gateway.Asked), Is.EqualTo((0, 0)), "it belongs to the period before");
    }

    [TestCase(1, "BRL")]
    [TestCase(0, "USD")]
    public async Task Another_amount_or_currency_is_a_difference(int more, string currency)
    {
        var payment = await CapturedAsync();
        gateway.Movements.Add(CaptureOf(payment) with { Amount = payment.Amount + more, Currency = currency });

        var line = (await ReconcileAsync()).Lines.Single();

        Assert.That((line.Kind, line.Theirs, line.Ours), Is.EqualTo((ReconciliationDifferenceKind.OtherAmount, new ReconciledAmount(payment.Amount + more, currency), new ReconciledAmount(payment.Amount, "BRL"))));
    }

    [Test]
    public async Task A_refund_that_staff_paid_back_by_hand_too_is_a_difference()
    {
        var payment = await CapturedAsync();
        var ledger = payments.Get<PaymentLedger>();
        gateway.OnRefund = _ => new RefundAnswer.Refused("no funds");
        await ledger.RecordAsync(payment.Id, new PaymentFact.RefundDue("order-canceled"));
        await payments.WaitForAsync(payment.Id, PaymentStatus.RefundFailed);
        await ledger.RecordAsync(payment.Id, new PaymentFact.PaidBackByHand(0, "TED 1", "Anna"));
        var refund = (await payments.Store.FindAsync(payment.Id))!.Money.Refunds.Single();
        await ledger.RecordAsync(new GatewayNotice("Sandbox", "ext-1", payment.Id, new GatewayFact.Refund(
            new GatewayRefund("re-1", refund.KnownAs, "ext-1", payment.Amount, "BRL", GatewayRefundState.Settled, null, clock.GetUtcNow()))));
        gateway.Movements.AddRange([CaptureOf(payment), Movement(MovementKind.Refund, "re-1", payment, payment.Amount)]);

        var line = (await ReconcileAsync()).Lines.Single();

        Assert.That((line.Movement, line.Note), Is.EqualTo((MoneyMovement.Refund, ReconciliationNote.PaidBackByHand)));
    }

    [Test]
    public async Task A_gateway_that_does_not_answer_is_told_with_its_reason()
    {
        await CapturedAsync();
        gateway.OnList = () => throw new GatewayUnreachableException("Sandbox");

        var report = await ReconcileAsync();

        Assert.That((report.Summary.IsEqual, report.Summary.Differences), Is.EqualTo((false, 0L)), "what it has is not known");
        Assert.That(report.Summary.Gateways.Single().Failure, Is.EqualTo("Sandbox could not be reached."));
    }

    [Test]
    public async Task Money_of_a_gateway_that_the_settings_do_not_name_is_told()
    {
        await payments.KeepPaymentAsync(payment => payment with { Gateway = "Stripe", Status = PaymentStatus.Paid, ExternalId = "pi-1", CapturedAt = Noon });

        var report = await ReconcileAsync();

        var other = report.Summary.Gateways.Single(one => one.Gateway == "Stripe");
        Assert.That((report.Summary.IsEqual, other.Sums.Single().OurCount), Is.EqualTo((false, 1L)));
        Assert.That(other.Failure, Does.StartWith("Payments:Gateways"));
    }

    [Test]
    public async Task An_admin_reconciles_over_REST_and_staff_read_the_outcome()
    {
        gateway.Movements.Add(new GatewayMovement(MovementKind.Capture, "=1+1", null, null, 700, "BRL", Noon));
        clock.Advance(TimeSpan.FromHours(1));
        using var admin = payments.ClientOf(Guid.CreateVersion7(), Roles.Admin);
        using var clerk = payments.ClientOf(Guid.CreateVersion7(), Roles.Clerk);
        const string Path = "/api/v1/payments/reconciliations";
        const string Period = """{ "from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z" }""";

        var (response, body) = await PaymentsHost.PostAsync(admin, Path, Period);
        var (refused, _) = await PaymentsHost.PostAsync(clerk, Path, Period);
        var (invalid, problem) = await PaymentsHost.PostAsync(admin, Path, """{ "from": "2026-03-02T00:00:00Z", "to": "2026-03-02T00:00:00Z" }""");
        var (tooLong, _) = await PaymentsHost.PostAsync(admin, Path, """{ "from": "2026-03-02T00:00:00Z", "to": "2026-08-02T00:00:00Z" }""");
        var id = (string)body!["id"]!;
        var listed = JsonNode.Parse(await clerk.GetStringAsync(Path))!["items"]!.AsArray().Single()!;
        var shown = JsonNode.Parse(await clerk.GetStringAsync($"{Path}/{id}"))!;
        using var csv = await clerk.GetAsync($"{Path}/{id}.csv");
        using var unknown = await clerk.GetAsync($"{Path}/{Guid.CreateVersion7()}");

        Assert.That((response.StatusCode, refused.StatusCode, invalid.StatusCode, tooLong.StatusCode, unknown.StatusCode), Is.EqualTo(
            (HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound)));
        Assert.That((string?)problem!["code"], Is.EqualTo("validation-failed"));
        Assert.That(((string?)listed["id"], (long?)listed["differences"], (bool?)listed["isEqual"]), Is.EqualTo((id, (long?)1, (bool?)false)));
        Assert.That((string?)shown["lines"]![0]!["kind"], Is.EqualTo("theirs_only"));
        Assert.That(csv.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/csv"));
        Assert.That((await csv.Content.ReadAsStringAsync()).Split("\r\n")[1], Is.EqualTo(
            "\"Sandbox\",\"theirs_only\",\"capture\",\"'=1+1\",\"\",\"\",\"\",\"700\",\"BRL\",\"\",\"\",\"2026-03-01T12:00:00Z\",\"recorded\""));
    }

    [Test]
    public async Task A_long_one_goes_on_in_the_background_and_no_other_starts_meanwhile()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.OnList = () => go.Task;
        using var admin = payments.ClientOf(Guid.CreateVersion7(), Roles.Admin);
        const string Path = "/api/v1/payments/reconciliations";
        const string Period = """{ "from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z" }""";

        var first = PaymentsHost.PostAsync(admin, Path, Period);
        await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(first.IsCompleted);
            },
            isDone => isDone,
            "the answer that it goes on");
        var (accepted, body) = await first;
        var (second, problem) = await PaymentsHost.PostAsync(admin, Path, Period);
        using var early = await admin.GetAsync(accepted.Headers.Location);
        go.SetResult();
        await Eventually.Async(
            async () => (await payments.SendAsync(new Contracts.FindReconciliation((Guid)body!["id"]!))).IsSuccess, isThere => isThere, "the outcome");
        var (third, _) = await PaymentsHost.PostAsync(admin, Path, Period);

        Assert.That((accepted.StatusCode, second.StatusCode, early.StatusCode, third.StatusCode), Is.EqualTo(
            (HttpStatusCode.Accepted, HttpStatusCode.Conflict, HttpStatusCode.NotFound, HttpStatusCode.OK)));
        Assert.That((string?)problem!["code"], Is.EqualTo("reconciliation-under-way"));
    }

    [Test]
    public async Task A_failure_lets_the_next_one_start()
    {
        gateway.OnList = () => throw new InvalidOperationException("a bug");
        Assert.ThrowsAsync<InvalidOperationException>(() => payments.SendAsync(new Contracts.ReconcilePayments(Noon, Noon.AddDays(1), Anna)));

        gateway.OnList = () => Task.CompletedTask;

        Assert.That((await payments.SendAsync(new Contracts.ReconcilePayments(Noon, Noon.AddDays(1), Anna))).IsSuccess, Is.True);
    }

    [Test]
    public async Task The_daily_one_comes_once_after_its_time_with_the_days_before()
    {
        var worker = payments.Get<ReconcilePaymentsWorker>();

        await worker.RunOnceAsync(CancellationToken.None);
        var before = await payments.Get<IReconciliationStore>().ListAsync(10);
        clock.Advance(new DateTimeOffset(2026, 3, 2, 5, 0, 0, TimeSpan.Zero) - Noon);
        await DailyAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        await worker.RunOnceAsync(CancellationToken.None);
        await DailyAsync();

        Assert.That(before, Is.Empty, "the installation is new");
        var daily = (await payments.Get<IReconciliationStore>().ListAsync(10)).Single();
        Assert.That((daily.From, daily.To, daily.By), Is.EqualTo((new DateTimeOffset(2026, 2, 28, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), (string?)null)));

        // The host's own round may have been first, and may still be at it.
        Task DailyAsync() =>
            Eventually.Async(
                async () =>
                {
                    await worker.RunOnceAsync(CancellationToken.None);
                    return await payments.Get<IReconciliationStore>().ListAsync(10);
                },
                stored => stored.Count > 0,
                "the daily one");
    }

    [TestCase("2026-03-02T04:59:59Z", "2026-03-01T05:00:00Z")]
    [TestCase("2026-03-02T05:00:00Z", "2026-03-02T05:00:00Z")]
    public void Knows_when_the_last_one_was_due(DateTimeOffset now, DateTimeOffset due) =>
        Assert.That(ReconcilePaymentsWorker.LastDue(now, new TimeOnly(5, 0)), Is.EqualTo(due));

    private static GatewayMovement TakenBack(Payment payment) => Movement(MovementKind.Refund, "rtr-1", payment, 500) with { IsTakenBack = true };

    private Task DisputedAsync(Payment payment, DisputeState state) =>
        payments.Get<PaymentLedger>().RecordAsync(new GatewayNotice("Sandbox", "ext-1", payment.Id, new GatewayFact.Dispute(
            new GatewayDispute("rtr-1", "ext-1", 500, "BRL", state, "med-fraud", clock.GetUtcNow()))));

    private async Task<Payment> CapturedAsync()
    {
        var payment = await payments.KeepPaymentAsync();
        await payments.WebhookAsync(payment);
        return (await payments.Store.FindAsync(payment.Id))!;
    }

    private Task RefundedFromConsoleAsync(Payment payment, string id, long amount) =>
        payments.Get<PaymentLedger>().RecordAsync(new GatewayNotice("Sandbox", "ext-1", payment.Id, new GatewayFact.Refund(
            new GatewayRefund(id, null, "ext-1", amount, "BRL", GatewayRefundState.Settled, null, clock.GetUtcNow()))));

    private static GatewayMovement CaptureOf(Payment payment) => Movement(MovementKind.Capture, "ext-1", payment, payment.Amount);

    private static GatewayMovement Movement(MovementKind kind, string id, Payment payment, long amount) =>
        new(kind, id, "ext-1", payment.Id, amount, "BRL", Noon);

    private Task<ReconciliationReport> ReconcileAsync(bool wait = true)
    {
        clock.Advance(wait ? TimeSpan.FromHours(1) : TimeSpan.Zero);
        return RunAsync(Noon.AddDays(-1), Noon.AddDays(1));
    }

    private async Task<ReconciliationReport> RunAsync(DateTimeOffset from, DateTimeOffset to) =>
        (await payments.SendAsync(new Contracts.ReconcilePayments(from, to, Anna))).Value.Outcome!;
}
