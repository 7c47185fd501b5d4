using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Booking.Tests;

/// <summary>The audit passes on what the module writes, and finds what it would never write: each violation is planted in the closed file.</summary>
internal sealed class BookingInvariantsTests
{
    private string folder = null!;
    private BookingBench bench = null!;
    private EventForSale sale = null!;
    private OrderView held = null!;
    private OrderView paid = null!;
    private Guid payment;

    [SetUp]
    public async Task OpenAsync()
    {
        folder = BookingBench.NewFolder();
        bench = await BookingBench.OpenAsync(folder);
        sale = bench.Events.Publish(10);
        held = (await bench.OrderAsync(sale, 1, 2)).Value;
        paid = (await bench.OrderAsync(sale, 3)).Value;
        payment = bench.NewId();
        await bench.ConfirmAsync(paid.Id, payment);
        bench.Payments.Facts[payment] = new PaymentFacts(payment, paid.Id, PaymentStatus.Paid, paid.Total, "BRL", RefundDue: false, HasPendingMessages: false);
        await bench.SendAsync(new CancelOrder((await bench.OrderAsync(sale, 4)).Value.Id, null));
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await bench.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Good_data_passes_and_is_counted()
    {
        var report = await AuditAsync();

        Assert.That(report.Violations, Is.Empty);
        Assert.That(report.Figures.Select(figure => (figure.Promise, figure.Value)), Is.EqualTo(new[] { ("I1", 3L), ("I1", 0L), ("I1", 3L), ("I1", 2L), ("I5", 1L), ("I6", 3L), ("I5", 0L), ("I5", 0L) }));
    }

    [Test]
    public async Task Finds_a_second_active_order_of_a_ticket()
    {
        await PlantAsync(
            """
            INSERT INTO orders(id, event_id, buyer_id, status, tickets, total, currency, placed_at, expires_at, payment_id, payment_status, revision, version, refunded_payments, paid_at, ended_at, turn)
            SELECT $2, event_id, buyer_id, status, tickets, total, currency, placed_at, expires_at, payment_id, payment_status, revision, version, refunded_payments, paid_at, ended_at, turn
            FROM orders WHERE id = $1
            """,
            held.Id, TaggedId.New(BookingBench.Start, 1));

        Assert.That(await ViolationsAsync(), Is.EquivalentTo(new[] { "I1", "I1", "I1" }), "each of its two tickets twice, and two tickets without a claim");
    }

    [Test]
    public async Task What_is_left_of_an_order_is_what_is_left_of_its_payment()
    {
        var actor = new Actor(bench.NewId(), "Ana");
        var refund = (await bench.SendAsync(new RefundOrder(paid.Id, null, 1_000, "Sorry.", null, actor))).Value.Refunds.Single();
        Assert.That(await ViolationsAsync(), Is.Empty, "the message is on its way");

        // The bench has no relay: the message is taken away as if it were delivered.
        await PlantAsync("DELETE FROM outbox_pages");
        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I5" }));
        bench.Payments.Facts[payment] = bench.Payments.Facts[payment] with { Returning = 1_000 };
        Assert.That(await ViolationsAsync(), Is.Empty);

        await bench.ChangeAsync(paid.Id, (order, now) => GatewayRefundRules.RecordPart(order, payment, refund.Id, "re_1", 1_000, now));
        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I5" }), "it is settled here and not there");
        bench.Payments.Facts[payment] = bench.Payments.Facts[payment] with { Returning = 0, Returned = 1_000 };
        Assert.That(await ViolationsAsync(), Is.Empty);
    }

    [Test]
    public async Task Knows_an_order_whose_money_went_back_and_whose_tickets_stayed()
    {
        await bench.ChangeAsync(paid.Id, (order, now) => PaymentRules.RecordRefund(order, payment, releasesTickets: false, now));
        bench.Payments.Facts[payment] = bench.Payments.Facts[payment] with { Status = PaymentStatus.Refunded, Returned = paid.Total };

        Assert.That(await ViolationsAsync(), Is.Empty);
    }

    [Test]
    public async Task Counts_no_released_ticket_as_held()
    {
        var order = (await bench.OrderAsync(sale, 6, 7)).Value;
        var another = bench.NewId();
        await bench.ConfirmAsync(order.Id, another);
        bench.Payments.Facts[another] = new PaymentFacts(another, order.Id, PaymentStatus.Paid, order.Total, "BRL", RefundDue: false, HasPendingMessages: false);
        await bench.SendAsync(new RefundOrder(order.Id, [sale.Ticket(6)], null, "Ill.", null, new Actor(bench.NewId(), "Ana")));
        await bench.OrderAsync(sale, 6);
        Assert.That(await ViolationsAsync(), Is.Empty);

        await PlantAsync("INSERT OR REPLACE INTO claims VALUES ($1, $2)", sale.Ticket(6), order.Id);
        Assert.That(await ViolationsAsync(), Is.EquivalentTo(new[] { "I1", "I1" }), "a released ticket claimed again, and its new order without its claim");
    }

    [Test]
    public async Task Finds_a_claim_that_no_order_has()
    {
        await PlantAsync("INSERT INTO claims VALUES ($1, $2)", sale.Ticket(9), TaggedId.New(BookingBench.Start, 1));

        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I1" }));
    }

    [Test]
    public async Task Finds_a_ticket_without_its_claim()
    {
        await PlantAsync("DELETE FROM claims WHERE ticket_id = $1", sale.Ticket(2));

        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I1" }));
    }

    [Test]
    public async Task Finds_a_claim_that_the_wrong_order_has()
    {
        await PlantAsync("UPDATE claims SET order_id = $2 WHERE ticket_id = $1", sale.Ticket(2), paid.Id);

        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I1", "I1" }), "a claim too many and one too few");
    }

    [Test]
    public async Task Finds_an_order_that_kept_its_claims_when_it_ended()
    {
        await PlantAsync("UPDATE orders SET status = 2 WHERE id = $1", held.Id);

        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I1" }));
    }

    [Test]
    public async Task Finds_a_total_that_is_not_what_was_quoted()
    {
        await PlantAsync("UPDATE orders SET total = total + 1 WHERE id = $1", held.Id);

        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I6" }));
    }

    [Test]
    public async Task Finds_a_payment_that_captured_another_amount()
    {
        bench.Payments.Facts[payment] = bench.Payments.Facts[payment] with { Amount = paid.Total - 1 };

        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I6" }));
    }

    [Test]
    public async Task Finds_a_paid_order_without_a_payment()
    {
        bench.Payments.Facts.Clear();

        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I5" }));
    }

    [Test]
    public async Task Finds_a_paid_order_that_names_no_payment()
    {
        await PlantAsync("UPDATE orders SET payment_id = NULL, payment_status = NULL WHERE id = $1", paid.Id);

        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I5" }));
    }

    [Test]
    public async Task Finds_a_paid_order_whose_money_went_back()
    {
        bench.Payments.Facts[payment] = bench.Payments.Facts[payment] with { Status = PaymentStatus.Refunded };
        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I5" }));

        bench.Payments.Facts[payment] = bench.Payments.Facts[payment] with { HasPendingMessages = true };
        Assert.That(await ViolationsAsync(), Is.Empty, "the message about it is on its way");
    }

    [Test]
    public async Task Finds_a_ticket_that_was_never_released()
    {
        bench.Events.Put(sale with { Tiers = [sale.Tiers[0] with { Tickets = [new TicketRange(2, 9)] }], Version = 2 });
        await bench.Catalog.RefreshAsync(sale.Id, CancellationToken.None);

        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I7" }));
    }

    [Test]
    public async Task Finds_a_paid_order_of_a_canceled_event()
    {
        bench.Events.Change(sale.Id, known => known with { IsCanceled = true });
        await bench.Catalog.RefreshAsync(sale.Id, CancellationToken.None);
        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I5" }));

        bench.Events.Pending.Add(sale.Id);
        Assert.That(await ViolationsAsync(), Is.Empty, "the message about it is on its way");
    }

    /// <summary>Money of a sale that is paid back after the time for voids, out of another shift, in cash and by the terminal.</summary>
    [Test]
    public async Task Finds_money_of_the_counter_that_is_in_no_shift()
    {
        var (clerk, admin) = (new Actor(bench.NewId(), "Ana"), new Actor(bench.NewId(), "Rui"));
        var first = await bench.SendAsync(new OpenShift(5_000, "BRL", clerk));
        var cash = (await bench.SendAsync(Sale(clerk, CounterMethod.Cash, null))).Value;
        var card = (await bench.SendAsync(Sale(clerk, CounterMethod.CardTerminal, "T-1"))).Value;
        bench.Clock.Advance(TimeSpan.FromHours(1));
        var second = await bench.SendAsync(new OpenShift(50_000, "BRL", admin));
        await bench.SendAsync(new RefundOrder(cash.Id, null, 4_000, "Bad view.", null, admin, IsAdmin: true));
        await bench.SendAsync(new CancelOrder(card.Id, null, admin, IsAdmin: true, Reference: "R-1"));
        var closed = await bench.SendAsync(new CloseShift(first.Value.Id, 15_000, null, clerk));
        var left = await bench.SendAsync(new CloseShift(second.Value.Id, 46_000, null, admin));

        Assert.That((closed.Value.Expected, closed.Value.Difference, left.Value.Expected, left.Value.Difference), Is.EqualTo((15_000L, 0L, 46_000L, 0L)));
        Assert.That((left.Value.Sums.CashBack, left.Value.Sums.CardBack), Is.EqualTo((4_000L, 10_000L)));
        Assert.That(await ViolationsAsync(), Is.Empty);

        // The cash that went back is in no shift any more: neither its order nor the closed shift adds up.
        await PlantAsync("UPDATE orders SET counter = json_remove(counter, '$.entries[1]') WHERE id = $1", cash.Id);
        Assert.That(await ViolationsAsync(), Is.EqualTo(new[] { "I5", "I5" }));
    }

    [Test]
    public async Task A_hold_that_nobody_released_is_found_where_a_host_serves_and_released()
    {
        bench.Clock.Advance(bench.Options.Hold + TimeSpan.FromMinutes(1));
        Assert.That((await AuditAsync(isServed: true)).Violations, Is.Empty, "it may be about to be released");
        bench.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That((await AuditAsync()).Violations, Is.Empty, "nobody releases it while nothing serves");

        var found = (await AuditAsync(isServed: true)).Violations.Single();
        Assert.That((found.Promise, found.Text), Is.EqualTo(("I7", $"order {held.Id} still holds its tickets, and its hold was over at {held.ExpiresAt:O}")));
        Assert.That(await found.Repair!(CancellationToken.None), Is.True);

        Assert.That((await bench.LoadAsync(held.Id)).Status, Is.EqualTo(OrderStatus.Expired));
        Assert.That((await AuditAsync(isServed: true)).Violations, Is.Empty);
        Assert.That((await bench.OrderAsync(sale, 1, 2)).IsSuccess, Is.True, "the tickets are on sale again");
    }

    [Test]
    public async Task A_hold_with_a_payment_under_way_is_the_gateways_to_end()
    {
        await bench.BeginPaymentAsync(held, (await bench.LoadAsync(held.Id)).BuyerId, bench.NewId());
        bench.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That((await AuditAsync(isServed: true)).Violations, Is.Empty);
    }

    private SellAtCounter Sale(Actor clerk, CounterMethod method, string? reference) =>
        new(sale.Id, null, null, 1, method, reference, null, null, null, null, null, null, clerk);

    private async Task<InvariantReport> AuditAsync(bool isServed = false)
    {
        var report = isServed ? new InvariantReport(_ => Task.CompletedTask) : new InvariantReport();
        await using var scope = bench.Get<IServiceScopeFactory>().CreateAsyncScope();
        await scope.ServiceProvider.GetServices<IInvariantCheck>().OfType<BookingInvariants>().Single().RunAsync(report, CancellationToken.None);
        return report;
    }

    private async Task<IEnumerable<string>> ViolationsAsync() => (await AuditAsync()).Violations.Select(violation => violation.Promise);

    /// <summary>Changes the closed file behind the module's back, and opens it again.</summary>
    private async Task PlantAsync(string sql, params Guid[] values)
    {
        await bench.CloseAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, SqliteStores.NameOf(1))}.db;Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.AddWithValue(FormattableString.Invariant($"${i + 1}"), values[i].ToByteArray(bigEndian: true));
            }

            Assert.That(await command.ExecuteNonQueryAsync(), Is.Positive);
        }

        var before = bench;
        bench = await BookingBench.OpenAsync(folder, before);
        await before.DisposeAsync();
    }
}
