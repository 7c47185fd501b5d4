using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using static TicketBooth.Booking.Tests.Shards.PurchaseLaneTests;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>What one buyer may have holds over all hosts. The last test takes the guard away, and so shows that the others prove something.</summary>
internal abstract class BuyerLimitTests : TwoLanesTests
{
    private const int Limit = 10;

    protected override (string Key, string Value)[] Settings => [("Booking:MaxTicketsPerBuyer", "10")];

    [Test]
    public async Task A_buyer_who_asks_two_hosts_at_once_gets_no_more_tickets_than_one_buyer_may_have()
    {
        var sale = await PublishAsync(200);
        var buyer = Bench.NewId();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Here : Elsewhere).TryAsync(Bench.Place(sale, null, quantity: 1 + (i % 3), buyer: buyer)))));

        var granted = outcomes.Where(outcome => outcome.IsSuccess).Sum(outcome => outcome.Value.Tickets.Count);
        Assert.That(granted, Is.InRange(Limit - 2, Limit));
        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(Text), Is.All.EqualTo("ticket-limit"));
        Assert.That(await Store.TakenNumbersAsync(sale.Id), Has.Count.EqualTo(granted));
    }

    [Test]
    public async Task What_a_buyer_has_by_one_host_counts_at_the_other()
    {
        var sale = await PublishAsync(50);
        var buyer = Bench.NewId();
        var first = await Here.TryAsync(Bench.Place(sale, null, 8, buyer: buyer));

        Assert.That(Text(await Elsewhere.TryAsync(Bench.Place(sale, null, 3, buyer: buyer))), Is.EqualTo("ticket-limit"));
        Assert.That((await Elsewhere.TryAsync(Bench.Place(sale, null, 2, buyer: buyer))).IsSuccess, Is.True);
        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, null, 1, buyer: buyer))), Is.EqualTo("ticket-limit"));

        await Elsewhere.RunAsync(Cancel(first.Value.Id), CancellationToken.None);
        Assert.That((await Here.TryAsync(Bench.Place(sale, null, 8, buyer: buyer))).IsSuccess, Is.True);
        Assert.That(Text(await Here.TryAsync(Bench.Place(sale, null, 1, buyer: Bench.NewId()))), Is.Not.EqualTo("ticket-limit"), "others are not concerned");
    }

    [Test]
    public async Task A_first_order_of_a_buyer_costs_no_read()
    {
        var sale = await PublishAsync(50);

        for (var i = 0; i < 10; i++)
        {
            Assert.That((await Here.TryAsync(Bench.Place(sale, null, 2))).IsSuccess, Is.True);
        }

        Assert.That((Store.BuyerReads, Store.Batches), Is.EqualTo((0, 10)));
    }

    [Test]
    public async Task Any_number_of_requests_of_one_buyer_cost_no_more_writes_than_the_buyer_gets_orders()
    {
        var sale = await PublishAsync(500);
        var buyer = Bench.NewId();

        var outcomes = await InOneBatchAsync(Here, Store, [.. Enumerable.Range(0, 300).Select(_ => Bench.Place(sale, null, buyer: buyer))]);

        Assert.That(outcomes.Count(outcome => outcome.IsSuccess), Is.EqualTo(Limit));
        Assert.That(Store.Batches, Is.EqualTo(Limit));
        Assert.That(Store.BuyerReads, Is.EqualTo(Limit), "each but the first is decided by what was read, and so are the refusals");
    }

    [Test]
    public async Task Late_money_gives_nobody_more_tickets_than_one_buyer_may_have()
    {
        var sale = await PublishAsync(50);
        var buyer = Bench.NewId();
        var lapsed = (await Here.TryAsync(Bench.Place(sale, null, 5, buyer: buyer))).Value;
        Bench.Clock.Advance(Bench.Options.Hold);
        await Here.RunAsync(Expire(lapsed.Id), CancellationToken.None);
        var next = (await Elsewhere.TryAsync(Bench.Place(sale, null, 6, buyer: buyer))).Value;
        var (late, again) = (Bench.NewId(), Bench.NewId());

        var refunded = await Here.RunAsync(Confirm(lapsed.Id, late), CancellationToken.None);
        Assert.That(refunded.Value.Status, Is.EqualTo(OrderStatus.Expired));
        var refunds = Store.Written.Where(write => write.Outcome == WriteOutcome.Written).SelectMany(write => write.Change.Refunds());
        Assert.That(refunds.Select(due => (due.PaymentId, due.Reason)), Is.EqualTo(new[] { (late, "ticket-limit") }));

        await Elsewhere.RunAsync(Cancel(next.Id), CancellationToken.None);
        var paid = await Here.RunAsync(Confirm(lapsed.Id, again), CancellationToken.None);
        Assert.That((paid.Value.Status, paid.Value.Turn), Is.EqualTo((OrderStatus.Paid, (int?)3)));
    }

    [Test]
    public async Task Without_the_index_over_turns_two_hosts_would_give_a_buyer_twice_as_many()
    {
        var sale = await PublishAsync(50);
        var buyer = Bench.NewId();
        await DropTurnsAsync();

        await Here.TryAsync(Bench.Place(sale, null, Limit, buyer: buyer));
        var second = await Elsewhere.TryAsync(Bench.Place(sale, null, Limit, buyer: buyer));

        Assert.That(second.IsSuccess, Is.True);
    }
}

[TestFixture]
internal sealed class BuyerLimitInSqliteTests : BuyerLimitTests
{
    protected override TestedStore NewStore() => new SqliteUnderTest();
}

[TestFixture]
internal sealed class BuyerLimitInMongoTests : BuyerLimitTests
{
    protected override TestedStore NewStore() => new MongoUnderTest();
}
