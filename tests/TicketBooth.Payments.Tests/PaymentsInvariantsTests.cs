using Microsoft.Extensions.Time.Testing;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests;

[TestFixture]
internal sealed class PaymentsInvariantsTests
{
    private static readonly Guid PaymentId = Guid.CreateVersion7();
    private static readonly Guid OrderId = Guid.CreateVersion7();

    [TestCase(PaymentStatus.Paid, false, OrderStatus.Paid, null)]
    [TestCase(PaymentStatus.Paid, false, OrderStatus.OnPayment, "I5")]
    [TestCase(PaymentStatus.Paid, false, OrderStatus.Expired, "I5")]
    [TestCase(PaymentStatus.Paid, false, OrderStatus.Canceled, "I5")]
    [TestCase(PaymentStatus.Paid, false, OrderStatus.Refunded, "I5")]
    [TestCase(PaymentStatus.Paid, true, OrderStatus.Refunded, null)]
    [TestCase(PaymentStatus.Paid, true, OrderStatus.Expired, null)]
    [TestCase(PaymentStatus.Paid, true, OrderStatus.Paid, "I5")]
    [TestCase(PaymentStatus.Refunded, true, OrderStatus.Refunded, null)]
    [TestCase(PaymentStatus.Refunded, true, OrderStatus.Paid, "I5")]
    [TestCase(PaymentStatus.AwaitingConfirmation, false, OrderStatus.OnPayment, null)]
    [TestCase(PaymentStatus.Declined, false, OrderStatus.Expired, null)]
    public void Money_pays_its_order_or_goes_back(PaymentStatus payment, bool refundDue, OrderStatus order, string? promise) =>
        Assert.That(Promises(Payment(payment, refundDue), Order(order)), Is.EqualTo(promise is null ? [] : new[] { promise }));

    [Test]
    public void Money_for_an_order_that_another_payment_paid_must_go_back()
    {
        var order = Order(OrderStatus.Paid) with { PaymentId = Guid.CreateVersion7() };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Promises(Payment(PaymentStatus.Paid, refundDue: false), order), Is.EqualTo(new[] { "I5" }));
            Assert.That(Promises(Payment(PaymentStatus.Paid, refundDue: true), order), Is.Empty);
            Assert.That(Promises(Payment(PaymentStatus.Paid, refundDue: false), null), Is.EqualTo(new[] { "I5" }));
        }
    }

    [TestCase(12_501, "BRL")]
    [TestCase(12_500, "USD")]
    public void The_buyer_pays_what_the_order_quoted(long total, string currency) => Assert.That(
        Promises(Payment(PaymentStatus.Paid, refundDue: false), Order(OrderStatus.Paid) with { Total = total, Currency = currency }), Is.EqualTo(new[] { "I6" }));

    private static IEnumerable<TestCaseData> OddMoney()
    {
        yield return new TestCaseData((PaymentFacts facts) => facts with { Returned = 12_000, Returning = 501 }, true);
        yield return new TestCaseData((PaymentFacts facts) => facts with { Returned = 12_000, Returning = 500 }, false);
        yield return new TestCaseData((PaymentFacts facts) => facts with { HasFailedRefund = true }, true);
        yield return new TestCaseData((PaymentFacts facts) => facts with { HasFailedRefund = true, NeedsAttention = true }, false);
    }

    [TestCaseSource(nameof(OddMoney))]
    public void Money_adds_up_whatever_the_order_says(Func<PaymentFacts, PaymentFacts> change, bool isWrong) => Assert.That(
        Promises(change(Payment(PaymentStatus.Paid, refundDue: false) with { Captured = 12_500 }), Order(OrderStatus.Paid)),
        Is.EqualTo(isWrong ? new[] { "I5" } : []));

    [Test]
    public void A_message_on_its_way_excuses_either_side()
    {
        var payment = Payment(PaymentStatus.Paid, refundDue: false);
        var order = Order(OrderStatus.Expired);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Promises(payment with { HasPendingMessages = true }, order), Is.Empty);
            Assert.That(Promises(payment, order with { HasPendingMessages = true }), Is.Empty);
        }
    }

    [Test]
    public async Task Counts_and_finds_on_stored_data_what_stays_wrong()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        await using var payments = await PaymentsHost.StartAsync(clock, listen: false);
        var good = await KeepAsync(payments, PaymentStatus.Paid, OrderStatus.Paid);
        var bad = await KeepAsync(payments, PaymentStatus.Paid, OrderStatus.Expired);
        await KeepAsync(payments, PaymentStatus.Declined, OrderStatus.Expired);
        await KeepAsync(payments, PaymentStatus.Refunded, OrderStatus.Refunded);

        var report = await AuditAsync(payments, clock);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Violations.Single().Promise, Is.EqualTo("I5"));
            Assert.That(report.Violations.Single().Text, Does.Contain(bad.Id.ToString()).And.Not.Contain(good.Id.ToString()));
            Assert.That(report.Figures, Is.EqualTo(new[]
            {
                ("I5", "payments awaiting confirmation", 0L), ("I5", "payments paid", 2L), ("I5", "payments declined", 1L), ("I5", "payments refunded", 1L),
                ("I5", "payments with a refused refund", 0L), ("I5", "payments with a refund still due", 0L), ("I5", "payments refunded in part", 0L),
                ("I5", "payments that need attention", 0L), ("I5", "unmatched money that waits for a person", 0L),
            }));
        }
    }

    [Test]
    public async Task Asks_again_before_it_accuses_a_host_that_is_serving()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        await using var payments = await PaymentsHost.StartAsync(clock, listen: false);
        var lagging = await KeepAsync(payments, PaymentStatus.Paid, OrderStatus.OnPayment);
        var audit = RunAsync(payments);

        payments.Booking.Facts[lagging.OrderId] = payments.Booking.Facts[lagging.OrderId] with { Status = OrderStatus.Paid };
        var report = await FinishAsync(audit, clock);

        Assert.That(report.Violations, Is.Empty);
    }

    [Test]
    public async Task Asks_Booking_for_a_thousand_orders_at_a_time()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
        await using var payments = await PaymentsHost.StartAsync(clock, listen: false);
        var kept = await Task.WhenAll(Enumerable.Range(0, 1_100).Select(_ => KeepAsync(payments, PaymentStatus.Paid, OrderStatus.Paid)));

        var report = await AuditAsync(payments, clock);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Violations, Is.Empty);
            Assert.That(report.Figures, Does.Contain(("I5", "payments paid", (long)kept.Length)));
            Assert.That(payments.Booking.LargestQuestion, Is.EqualTo(1_000));
        }
    }

    [Test]
    public async Task Looks_at_files_that_another_process_is_serving()
    {
        await using var payments = await PaymentsHost.StartAsync();
        await KeepAsync(payments, PaymentStatus.Paid, OrderStatus.Paid);

        // No secret, no gateway and Production: an audit needs none of that.
        await using var beside = Host.TicketBoothHost.Build(
            ["--environment=Production", "--Modules=Payments", $"--Storage:Path={payments.Host.Folder}", "--Storage:ReadOnly=true"], TestAuthentication.AddTo);
        await Host.TicketBoothHost.StartModulesAsync(beside);
        var found = await ((MediatR.IMediator)beside.Services.GetService(typeof(MediatR.IMediator))!).Send(new ListPaymentFacts(null, 10));

        Assert.That(found.Value, Has.Count.EqualTo(1));
    }

    private static async Task<Payment> KeepAsync(PaymentsHost payments, PaymentStatus status, OrderStatus order)
    {
        var payment = await payments.KeepPaymentAsync(kept => kept with { Status = status });
        payments.Booking.Facts[payment.OrderId] = new OrderFacts(payment.OrderId, 2, Guid.Empty, order, [], payment.Amount, payment.Currency, DateTimeOffset.UnixEpoch, payment.Id, HasPendingMessages: false);
        return payment;
    }

    private static Task<InvariantReport> AuditAsync(PaymentsHost payments, FakeTimeProvider clock) => FinishAsync(RunAsync(payments), clock);

    private static async Task<InvariantReport> RunAsync(PaymentsHost payments)
    {
        var report = new InvariantReport();
        await payments.All<IInvariantCheck>().OfType<PaymentsInvariants>().Single().RunAsync(report, CancellationToken.None);
        return report;
    }

    private static async Task<InvariantReport> FinishAsync(Task<InvariantReport> audit, FakeTimeProvider clock)
    {
        await Eventually.Async(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return Task.FromResult(audit.IsCompleted);
            },
            done => done,
            "the audit to end");
        return await audit;
    }

    private static string[] Promises(PaymentFacts payment, OrderFacts? order) =>
        [.. PaymentsInvariants.DifferencesOf(payment, order).Select(difference => difference.Promise)];

    private static PaymentFacts Payment(PaymentStatus status, bool refundDue) => new(PaymentId, OrderId, status, 12_500, "BRL", refundDue, HasPendingMessages: false);

    private static OrderFacts Order(OrderStatus status) => new(OrderId, 2, Guid.Empty, status, [], 12_500, "BRL", DateTimeOffset.UnixEpoch, PaymentId, HasPendingMessages: false);
}
