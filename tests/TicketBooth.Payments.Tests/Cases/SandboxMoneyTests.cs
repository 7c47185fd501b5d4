using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;
using TicketBooth.Payments.Gateways.Sandbox;
using TicketBooth.Payments.Ledger;
using TicketBooth.Payments.Storage;

namespace TicketBooth.Payments.Tests.Cases;

/// <summary>Money that is not plain, end to end with the sandbox: its webhooks come over HTTP.</summary>
[TestFixture]
internal sealed class SandboxMoneyTests
{
    private static readonly Actor Clerk = new(Guid.CreateVersion7(), "Carla");

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
    public async Task Another_amount_goes_back_exactly_and_the_order_can_be_paid_again()
    {
        var order = payments.Booking.NewOrder();
        var id = await payments.PayByCardAsync(order, "tok_other_amount");
        var back = await payments.WaitForAsync(id, payment => payment.Money.Refunds is [{ State: RefundState.Settled }]);
        var again = await payments.PayByCardAsync(order, "tok_approve");
        await payments.WaitForAsync(again, PaymentStatus.Paid);

        Assert.That(back.Status, Is.EqualTo(PaymentStatus.Declined));
        Assert.That(back.Money.Refunds.Single().Amount, Is.EqualTo(order.Total + 1));
        Assert.That(payments.Said<PaymentDeclined>().Select(said => said.Reason), Is.EqualTo(new[] { "other-amount" }));
        Assert.That((await CasesAsync(all: true)).Select(one => (one.Kind, one.IsOpen, one.Returned)), Is.EqualTo(new[] { (MoneyCaseKind.OtherAmount, false, order.Total + 1) }));
        Assert.That(await CasesAsync(), Is.Empty, "nobody need do anything");
        Assert.That(await NetAsync(), Is.EqualTo(order.Total), "what the gateway holds is what pays the order");
    }

    [Test]
    public async Task A_code_by_pix_that_was_given_up_takes_no_money()
    {
        var order = payments.Booking.NewOrder();
        var (response, body) = await payments.PayAsync(order, """{"method":"pix"}""");
        response.Dispose();
        var pix = payments.Booking.UnderWay[order.Id] = (Guid)body!["paymentId"]!;

        var card = await payments.PayByCardAsync(order, "tok_approve");
        clock.Advance(TimeSpan.FromMinutes(1));

        await payments.WaitForAsync(card, PaymentStatus.Paid);
        await payments.AllCallbacksDeliveredAsync();
        var ended = (await payments.Store.FindAsync(pix))!;
        Assert.That((ended.Status, ended.DeclineReason, ended.Money.Captures.Count), Is.EqualTo((PaymentStatus.Declined, "superseded", 0)));
        Assert.That(await NetAsync(), Is.EqualTo(order.Total));
    }

    [Test]
    public async Task A_second_capture_goes_back_and_the_payment_stays_paid()
    {
        var order = payments.Booking.NewOrder();
        var id = await payments.PayByCardAsync(order, "tok_paid_twice");

        var paid = await payments.WaitForAsync(id, payment => payment.Money.Refunds is [{ State: RefundState.Settled }]);

        Assert.That((paid.Status, paid.Money.Refunds.Single().Reason), Is.EqualTo((PaymentStatus.Paid, "paid-twice")));
        Assert.That(payments.Said<PaymentConfirmed>(), Has.Count.EqualTo(1));
        Assert.That(payments.Said<PaymentRefunded>(), Is.Empty);
        Assert.That(await NetAsync(), Is.EqualTo(order.Total));
    }

    [Test]
    public async Task A_refused_refund_is_shown_tried_again_and_paid_back_by_hand()
    {
        var id = await FailedRefundAsync();
        var shown = (await CasesAsync()).Single();

        await payments.SendAsync(new RefundMoney(shown.Id, Clerk));
        await payments.WaitForAsync(id, PaymentStatus.RefundFailed);
        var twice = payments.Said<RefundFailed>().Count;
        var paidBack = await payments.SendAsync(new MarkRefundPaidBack(shown.Id, "TED 000123", Clerk));
        var late = await payments.SendAsync(new MarkRefundPaidBack(shown.Id, "TED 000124", Clerk));

        Assert.That((shown.Kind, shown.PaymentId, shown.Reason, shown.IsOpen), Is.EqualTo((MoneyCaseKind.RefundFailed, (Guid?)id, "refund-not-possible", true)));
        Assert.That(twice, Is.EqualTo(2), "it failed again");
        Assert.That((paidBack.Value.IsOpen, paidBack.Value.Note, paidBack.Value.By), Is.EqualTo((false, "TED 000123", "Carla")));
        Assert.That(late.Error?.Code, Is.EqualTo("money-case-choice"));
        Assert.That((await payments.Store.FindAsync(id))!.Status, Is.EqualTo(PaymentStatus.Refunded));
        Assert.That(payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
        Assert.That(await CasesAsync(), Is.Empty);
    }

    [Test]
    public async Task Of_two_members_of_staff_at_once_one_pays_back_by_hand()
    {
        await FailedRefundAsync();
        var shown = (await CasesAsync()).Single();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => payments.SendAsync(new MarkRefundPaidBack(shown.Id, $"TED {i}", Clerk)))));

        Assert.That(answers.Count(answer => answer.IsSuccess), Is.EqualTo(1));
        Assert.That(payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_dispute_is_told_and_a_person_takes_note()
    {
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_dispute");
        await payments.WaitForAsync(id, payment => payment.Money.Disputes.Count == 1 && payment.Status == PaymentStatus.Paid);
        var shown = (await CasesAsync()).Single();

        var noted = await payments.SendAsync(new NoteMoney(shown.Id, "Answered to the bank", Clerk));

        Assert.That((shown.Kind, shown.Reason), Is.EqualTo((MoneyCaseKind.Dispute, "fraudulent")));
        Assert.That((noted.Value.IsOpen, noted.Value.Note), Is.EqualTo((false, "Answered to the bank")));
        Assert.That(payments.Said<PaymentDisputed>().Single().State, Is.EqualTo(PaymentDisputeState.Opened));
    }

    [Test]
    public async Task The_buyer_takes_a_step_before_the_payment_goes_on()
    {
        var (response, body) = await payments.PayAsync(payments.Booking.NewOrder(), """{"method":"card","token":"tok_next_action"}""");
        response.Dispose();
        var id = (Guid)body!["paymentId"]!;
        var pending = await payments.SendAsync(new SettlePayment(id));

        using var step = await payments.Client.GetAsync((string)body["nextAction"]!["url"]!);
        await payments.WaitForAsync(id, PaymentStatus.Paid);
        using var again = await payments.Client.GetAsync((string)body["nextAction"]!["url"]!);

        Assert.That((pending.Value, step.StatusCode, again.StatusCode), Is.EqualTo((PaymentStanding.Pending, HttpStatusCode.OK, HttpStatusCode.NotFound)));
        Assert.That((string?)body["nextAction"]!["type"], Is.EqualTo("redirect"));
    }

    [Test]
    public async Task Parts_from_the_console_are_booked_and_the_last_one_makes_it_refunded()
    {
        var order = payments.Booking.NewOrder();
        var id = await payments.PayByCardAsync(order, "tok_approve");
        await payments.WaitForAsync(id, PaymentStatus.Paid);
        var sandbox = payments.Get<SandboxGateway>();

        await sandbox.ReturnFromConsoleAsync(id, 500);
        var partly = await payments.WaitForAsync(id, payment => payment.Money.Refunds.Count == 1);
        await sandbox.ReturnFromConsoleAsync(id, order.Total - 500);
        await payments.WaitForAsync(id, PaymentStatus.Refunded);

        Assert.That((partly.Status, partly.Money.Refunds[0].By, partly.Money.Refunds[0].Reason), Is.EqualTo((PaymentStatus.Paid, (string?)null, "not-asked")));
        Assert.That(payments.Said<PaymentPartlyRefunded>().Select(said => (said.Amount, said.Returned, said.AskedAs)), Is.EqualTo(new[] { (500L, 500L, (Guid?)null), (order.Total - 500, order.Total, null) }));
        Assert.That(payments.Said<PaymentRefunded>(), Has.Count.EqualTo(1));
        Assert.That((await CasesAsync()).Select(one => one.Kind), Is.EqualTo(new[] { MoneyCaseKind.ReturnedFromConsole, MoneyCaseKind.ReturnedFromConsole }));
    }

    [Test]
    public async Task A_part_that_Booking_wants_back_goes_back_once_and_the_order_stays_paid()
    {
        var order = payments.Booking.NewOrder();
        var id = await payments.PayByCardAsync(order, "tok_approve");
        await payments.WaitForAsync(id, PaymentStatus.Paid);
        var refundId = Guid.CreateVersion7(clock.GetUtcNow());
        var due = new PaymentFact.PartialRefundDue(refundId, 2_500, "BRL", "by-ticket");

        await payments.Get<PaymentLedger>().RecordAsync(id, due);
        await payments.Get<PaymentLedger>().RecordAsync(id, due);
        await payments.WaitForAsync(id, payment => payment.Money.Refunds is [{ State: RefundState.Settled }]);
        await payments.AllCallbacksDeliveredAsync();

        Assert.That(payments.Said<PaymentPartlyRefunded>().Select(said => (said.AskedAs, said.Amount, said.Returned)), Is.EqualTo(new[] { ((Guid?)refundId, 2_500L, 2_500L) }));
        Assert.That(await NetAsync(), Is.EqualTo(order.Total - 2_500));
        Assert.That(await CasesAsync(all: true), Is.Empty, "we asked for it");
    }

    [Test]
    public async Task Unmatched_money_is_given_back_over_REST_where_the_gateway_finds_it()
    {
        var charge = new Charge(Guid.CreateVersion7(), Guid.CreateVersion7(), 700, "BRL", PaymentMethod.Card, "tok_approve", clock.GetUtcNow());
        await payments.Get<IPaymentGateway>().CreateAsync(charge, CancellationToken.None);
        await payments.AllCallbacksDeliveredAsync();
        using var clerk = payments.ClientOf(Guid.CreateVersion7(), Roles.Clerk);
        var listed = JsonNode.Parse(await clerk.GetStringAsync("/api/v1/payments/cases"))!["items"]!.AsArray();
        var id = (string)listed.Single()!["id"]!;

        var (response, refunding) = await PaymentsHost.PostAsync(clerk, $"/api/v1/payments/cases/{id}/refund", "");
        await TicketBooth.Testing.Eventually.Async(
            async () => (await payments.Get<IMoneyStore>().ListAsync(openOnly: false, Guid.Empty, 2)).Single().State, state => state == UnmatchedState.Refunded, "the refund");
        var (late, _) = await PaymentsHost.PostAsync(clerk, $"/api/v1/payments/cases/{id}/accept", """{ "note": "Too late" }""");

        Assert.That(((int)response.StatusCode, (string?)refunding!["kind"], (bool?)refunding["isOpen"]), Is.EqualTo((200, "unmatched", (bool?)true)));
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await NetAsync(), Is.Zero);
    }

    [TestCase(DisputeState.Opened, true, 0)]
    [TestCase(DisputeState.Won, false, 0)]
    [TestCase(DisputeState.Lost, true, 700)]
    public async Task A_dispute_of_money_without_a_payment_is_a_case(DisputeState state, bool isOpen, long returned)
    {
        var ledger = payments.Get<PaymentLedger>();
        var opened = Notice(DisputeState.Opened);
        await ledger.RecordAsync(opened);
        await ledger.RecordAsync(opened);
        await ledger.RecordAsync(Notice(state));

        var shown = (await CasesAsync(all: true)).Single();
        Assert.That(
            (shown.Kind, shown.IsOpen, shown.Dispute, shown.Amount, shown.Returned, shown.Reason),
            Is.EqualTo((MoneyCaseKind.Dispute, isOpen, (PaymentDisputeState?)Enum.Parse<PaymentDisputeState>(state.ToString()), 700L, returned, "med")));
        Assert.That((await CasesAsync()).Count, Is.EqualTo(isOpen ? 1 : 0));
        var noted = await payments.SendAsync(new NoteMoney(shown.Id, "Answered by the bank's form", Clerk));
        Assert.That((noted.Error?.Code, noted.IsSuccess && !noted.Value.IsOpen), Is.EqualTo(isOpen ? ((string?)null, true) : ("money-case-choice", false)));
        Assert.That(await CasesAsync(), Is.Empty);

        await ledger.RecordAsync(new GatewayNotice("Sandbox", "x-9", null, new GatewayFact.Captured(new GatewayCapture("x-9", 700, "BRL", clock.GetUtcNow()))));
        Assert.That((await CasesAsync(all: true)).Select(one => one.Kind), Is.EqualTo(new[] { MoneyCaseKind.Unmatched, MoneyCaseKind.Dispute }), "the money is a case beside it");
        Assert.That((await CasesAsync()).Count, Is.EqualTo(state == DisputeState.Lost ? 0 : 1), "lost money waits for nobody");

        GatewayNotice Notice(DisputeState heard) => new("Sandbox", "x-9", null, new GatewayFact.Dispute(new GatewayDispute("dp_9", "x-9", 700, "BRL", heard, "med", clock.GetUtcNow())));
    }

    [Test]
    public async Task Unmatched_money_is_accepted_or_noted_and_then_waits_for_nobody()
    {
        foreach (var external in new[] { "x-1", "x-2" })
        {
            await payments.WebhookAsync((await payments.KeepPaymentAsync()) with { Id = Guid.CreateVersion7() }, externalId: external);
        }

        var shown = await CasesAsync();
        var accepted = await payments.SendAsync(new AcceptMoney(shown[0].Id, "Deposit", Clerk));
        var noted = await payments.SendAsync(new NoteMoney(shown[1].Id, "A test of the bank", Clerk));
        var empty = await payments.SendAsync(new AcceptMoney(shown[1].Id, "", Clerk));
        var unknown = await payments.SendAsync(new NoteMoney("nonsense", "x", Clerk));

        Assert.That((accepted.Value.IsOpen, noted.Value.IsOpen), Is.EqualTo((false, false)));
        Assert.That((empty.Error?.Code, unknown.Error?.Code), Is.EqualTo(("validation-failed", "money-case-not-found")));
        Assert.That(await CasesAsync(), Is.Empty);
        Assert.That(await CasesAsync(all: true), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Cases_come_page_by_page_and_only_to_staff()
    {
        for (var i = 0; i < 3; i++)
        {
            await payments.WebhookAsync((await payments.KeepPaymentAsync()) with { Id = Guid.CreateVersion7() }, externalId: $"x-{i}");
            var payment = await payments.KeepPaymentAsync();
            await payments.WebhookAsync(payment, amount: 1);
        }

        List<string> ids = [];
        string? cursor = null;
        do
        {
            var page = (await payments.SendAsync(new ListMoneyCases(All: true, cursor, 2))).Value;
            ids.AddRange(page.Items.Select(one => one.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        using var buyer = payments.ClientOf(Guid.CreateVersion7());
        using var refused = await buyer.GetAsync("/api/v1/payments/cases");
        Assert.That((ids.Count, ids.Distinct(StringComparer.Ordinal).Count()), Is.EqualTo((6, 6)));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_canceled_attempt_takes_no_money()
    {
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_silent");
        var gateway = payments.Get<IPaymentGateway>();
        var reference = new PaymentReference(id, null, clock.GetUtcNow());

        var answers = new[]
        {
            await gateway.CancelAsync(reference, CancellationToken.None), await gateway.CancelAsync(reference, CancellationToken.None),
            await gateway.CancelAsync(reference with { PaymentId = Guid.CreateVersion7() }, CancellationToken.None),
        };
        await payments.WaitForAsync(id, PaymentStatus.Declined);

        Assert.That(answers, Is.EqualTo(new[] { CancelAnswer.Canceled, CancelAnswer.Canceled, CancelAnswer.NotKnown }));
        Assert.That(payments.Said<PaymentDeclined>().Single().Reason, Is.EqualTo("canceled"));
    }

    private async Task<Guid> FailedRefundAsync()
    {
        var id = await payments.PayByCardAsync(payments.Booking.NewOrder(), "tok_refund_fails");
        await payments.WaitForAsync(id, PaymentStatus.Paid);
        await payments.Get<PaymentLedger>().RecordAsync(id, new PaymentFact.RefundDue("order-canceled"));
        await payments.WaitForAsync(id, PaymentStatus.RefundFailed);
        return id;
    }

    private async Task<IReadOnlyList<MoneyCase>> CasesAsync(bool all = false) => (await payments.SendAsync(new ListMoneyCases(all, null, 50))).Value.Items;

    /// <summary>What the gateway has taken, less what it gave back.</summary>
    private async Task<long> NetAsync()
    {
        var net = 0L;
        await foreach (var movement in payments.Get<IPaymentGateway>().ListAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, CancellationToken.None))
        {
            net += movement.Kind == MovementKind.Capture ? movement.Amount : -movement.Amount;
        }

        return net;
    }
}
