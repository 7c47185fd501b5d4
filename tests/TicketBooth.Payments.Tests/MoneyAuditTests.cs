using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Ledger;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests;

/// <summary>Each case of money that is not plain has a rule of the audit. A violation is planted in the file, and the audit names it.</summary>
[TestFixture]
internal sealed class MoneyAuditTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 20, 0, 0, TimeSpan.Zero);

    private FakeTimeProvider clock = null!;
    private PaymentsHost payments = null!;
    private Payment paid = null!;

    [SetUp]
    public async Task StartAsync()
    {
        clock = new FakeTimeProvider(Now);
        payments = await PaymentsHost.StartAsync(clock, listen: false, settings: [("Payments:Gateways:0", "Sandbox")]);
        paid = await payments.KeepPaymentAsync(kept => kept with { ExternalId = "c1" });
        payments.Booking.Facts[paid.OrderId] = new OrderFacts(
            paid.OrderId, 2, Guid.Empty, OrderStatus.Paid, [], paid.Amount, paid.Currency, DateTimeOffset.UnixEpoch, paid.Id, HasPendingMessages: false);
        await HearAsync(Capture("c1", paid.Amount));
    }

    [TearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    /// <summary>What happened, how it is spoilt, and what the audit says.</summary>
    private static IEnumerable<TestCaseData> Violations()
    {
        yield return Of("other amount", [Capture("c2", 700)], Without("$.refunds"), "pays nothing (another amount or currency), and 7.00 BRL of it does not go back");
        yield return Of("other currency", [Capture("c2", 12_500, "USD")], Without("$.refunds"), "(another amount or currency), and 125.00 USD of it does not go back");
        yield return Of("captured twice", [Capture("c2", 12_500)], Without("$.refunds"), "(paid twice), and 125.00 BRL of it does not go back");
        yield return Of("captured twice, and both count", [Capture("c2", 12_500)], Set("$.captures[1].pays", "true"), "both captures count as the order's");
        yield return Of("another amount counts", [Capture("c2", 700)], Set("$.captures[0].amount", "12499"), "counts as that");
        yield return Of("after the refund", [new PaymentFact.RefundDue("event-ended"), Capture("c2", 12_500)], Without("$.refunds[0]"), "must go back, and no refund of 125.00 BRL");
        yield return Of("a refused refund that nobody sees", Refused, Set("$.case", "false"), "waits for a person, and no list shows it");
        yield return Of("a refused refund that is forgotten", Refused, Without("$.refunds"), "must go back, and no refund of 125.00 BRL");
        yield return Of("a refused refund that is asked for twice", Refused, Set("$.refunds[1]", """json('{"id":"0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d","captureId":"c1","amount":1,"currency":"BRL","reason":"x","state":"settled"}')"""), "we ask for more back than that");
        yield return Of("by hand without a reference", [.. Refused, new PaymentFact.PaidBackByHand(0, "TED 1", "Carla")], Without("$.refunds[0].reference"), "without the transfer's reference");
        yield return Of("a refund that nobody asks for", [new PaymentFact.PartialRefundDue(Guid.Parse("0199e2f4-9a10-7b33-8d0e-5c6f7a8b9c0d"), 500, "BRL", "by-ticket")], Without("$.due"), "nobody asks the gateway for it");
        yield return Of("a part from the console that nobody sees", [Refund(null, 500)], Set("$.case", "false"), "waits for a person, and no list shows it");
        yield return Of("a dispute that nobody sees", [Dispute(DisputeState.Opened)], Set("$.case", "false"), "waits for a person, and no list shows it");
        yield return Of("a dispute that the order does not know", [Dispute(DisputeState.Opened)], null, "is Opened, and order");
        yield return Of("a Pix that its bank took back", [Dispute(DisputeState.Lost)], null, "is Lost, and order");
    }

    [TestCaseSource(nameof(Violations))]
    public async Task A_case_that_is_spoilt_is_named(object[] facts, string? sql, string said)
    {
        foreach (var fact in facts)
        {
            await TellAsync(fact);
        }

        Assume.That(sql is null || (await AuditAsync()).All(text => !text.Contains(said, StringComparison.Ordinal)), "it is named because it was spoilt");
        Plant(sql is null ? null : $"UPDATE payments SET money = {sql}");

        Assert.That(await AuditAsync(), Has.Some.Contains(said));
    }

    [Test]
    public async Task An_order_that_knows_of_the_dispute_satisfies_the_audit()
    {
        await HearAsync(Dispute(DisputeState.Opened));
        payments.Booking.Facts[paid.OrderId] = payments.Booking.Facts[paid.OrderId] with
        {
            Disputes = [new OrderDisputeFacts("dp_1", paid.Id, 12_500, OrderDisputeState.Opened, Now, 3)],
        };

        Assert.That(await AuditAsync(), Is.Empty);
    }

    [Test]
    public async Task A_refused_refund_that_only_the_order_remembers_is_named()
    {
        payments.Booking.Facts[paid.OrderId] = payments.Booking.Facts[paid.OrderId] with
        {
            Returned = 500,
            Refunds = [new OrderRefundFacts(Guid.CreateVersion7(Now), 3, 500, [], false, "Sorry.", Now, OrderRefundStatus.Failed, null, "no")],
        };

        Assert.That(await AuditAsync(), Has.Some.Contains("neither has it nor pays it back"));
    }

    [TestCase("'$.state', 'accepted'", "waits for nobody, and nobody said why")]
    [TestCase("'$.state', 'noted'", "waits for nobody, and nobody said why")]
    [TestCase("'$.state', 'refunding'", "no refund of it is under way")]
    [TestCase("'$.state', 'refunded'", "counts as given back; 0.00 BRL of 7.00 BRL went")]
    public async Task Money_without_a_payment_is_a_case_or_given_back(string change, string said)
    {
        await payments.Get<PaymentLedger>().RecordAsync(new GatewayNotice("Sandbox", "x-1", Guid.CreateVersion7(Now), Capture("x-1", 700)));
        Assert.That(await AuditAsync(), Is.Empty);

        Plant($"UPDATE unmatched SET money = json_set(money, {change})");

        Assert.That(await AuditAsync(), Has.Some.Contains(said));
    }

    [Test]
    public async Task Money_without_a_payment_is_in_the_list_and_expected_by_no_payment()
    {
        await payments.Get<PaymentLedger>().RecordAsync(new GatewayNotice("Sandbox", "x-1", Guid.CreateVersion7(Now), Capture("x-1", 700)));

        Plant("UPDATE unmatched SET is_open = 0");
        Assert.That(await AuditAsync(), Has.Some.Contains("waits for a person, and no list shows it"));

        Plant($"UPDATE unmatched SET is_open = 1, money = json_set(money, '$.paymentId', '{paid.Id}')");
        Assert.That(await AuditAsync(), Has.Some.Contains($"is that of payment {paid.Id}"));
    }

    private static TestCaseData Of(string name, object[] facts, string? sql, string said) => new TestCaseData(facts, sql, said).SetArgDisplayNames(name);

    private static object[] Refused => [new PaymentFact.RefundDue("order-canceled"), Refund("paid", 12_500, GatewayRefundState.Refused)];

    private static string Without(string path) => $"json_remove(money, '{path}')";

    private static string Set(string path, string value) => string.Create(CultureInfo.InvariantCulture, $"json_set(money, '{path}', {(value is "true" or "false" ? $"json('{value}')" : value)})");

    private static GatewayFact Capture(string id, long amount, string currency = "BRL") => new GatewayFact.Captured(new GatewayCapture(id, amount, currency, Now));

    /// <param name="refundId">Not null stands for the payment's own.</param>
    private static Func<Guid, GatewayFact> Refund(string? refundId, long amount, GatewayRefundState state = GatewayRefundState.Settled) =>
        payment => new GatewayFact.Refund(new GatewayRefund("re-1", refundId is null ? null : payment, "c1", amount, "BRL", state, state == GatewayRefundState.Refused ? "no" : null, Now));

    private static GatewayFact Dispute(DisputeState state) => new GatewayFact.Dispute(new GatewayDispute("dp_1", "c1", 12_500, "BRL", state, "fraudulent", Now));

    private Task TellAsync(object fact) =>
        fact switch
        {
            PaymentFact ours => payments.Store.ChangeAsync(paid.Id, payment => PaymentTransitions.Apply(payment, ours, Now)),
            Func<Guid, GatewayFact> later => HearAsync(later(paid.Id)),
            _ => HearAsync((GatewayFact)fact),
        };

    /// <summary>Past the ledger, so that no refund is done meanwhile.</summary>
    private Task HearAsync(GatewayFact fact) => payments.Store.ChangeAsync(paid.Id, payment => PaymentTransitions.Apply(payment, new GatewayNotice("Sandbox", "c1", paid.Id, fact), Now));

    private void Plant(string? sql)
    {
        if (sql is null)
        {
            return;
        }

        using var file = new SqliteConnection($"Data Source={Path.Combine(payments.Host.Folder, "payments.db")};Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = sql;
        Assert.That(command.ExecuteNonQuery(), Is.Positive);
    }

    private async Task<string[]> AuditAsync()
    {
        // What is on its way excuses either side.
        await Eventually.Async(() => payments.Store.FindAsync([paid.Id]), stored => !stored.Single().HasPendingMessages, "the messages to be delivered");
        var report = new InvariantReport();
        var audit = payments.All<IInvariantCheck>().OfType<PaymentsInvariants>().Single().RunAsync(report, CancellationToken.None);
        await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return Task.FromResult(audit.IsCompleted);
            },
            done => done,
            "the audit to end");
        await audit;
        return [.. report.Violations.Select(violation => violation.Text)];
    }
}
