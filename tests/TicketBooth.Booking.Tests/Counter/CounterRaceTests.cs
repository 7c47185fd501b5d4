using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Tests.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using static TicketBooth.Booking.Tests.Shards.PurchaseLaneTests;

namespace TicketBooth.Booking.Tests.Counter;

/// <summary>The counter sells from the same house as everybody else, on two hosts. Where a guard is taken away, the race is lost.</summary>
internal abstract class CounterRaceTests : TwoLanesTests
{
    private const int Left = 50;

    [Test]
    public async Task Counter_and_two_hundred_buyers_sell_the_last_fifty_tickets_once()
    {
        var sale = await PublishAsync(Left);

        var outcomes = await RaceAsync(sale, i => i % 5 == 0 ? Sale(sale, quantity: 2) : Bench.Place(sale, numbers: null));

        var sold = outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value).ToList();
        Assert.That(sold.Sum(order => order.Tickets.Count), Is.EqualTo(Left));
        Assert.That(sold.SelectMany(order => order.Tickets).Select(ticket => ticket.Id), Is.Unique);
        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(Text), Is.All.EqualTo("not-enough-tickets"));
        Assert.That(sold.Select(order => (order.Status == OrderStatus.Paid) == (order.Counter is not null)), Is.All.True);
        Assert.That(await Store.CountClaimsAsync(), Is.EqualTo((0L, 0L, (long)Left)));
    }

    [Test]
    public async Task Counter_and_buyers_of_the_same_seats_sell_each_once()
    {
        var sale = await PublishAsync(Left);

        var outcomes = await RaceAsync(sale, i => i % 2 == 0 ? Sale(sale, numbers: [1 + (i % Left)]) : Bench.Place(sale, [1 + (i % Left)]));

        Assert.That(outcomes.Count(outcome => outcome.IsSuccess), Is.EqualTo(Left));
        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(Text), Is.All.EqualTo("ticket-taken"));
    }

    [Test]
    public async Task No_more_is_given_away_than_the_allowance_whichever_host_is_asked()
    {
        var sale = await PublishAsync(200);

        var outcomes = await RaceAsync(sale, _ => Gift(sale, allowance: 7));

        Assert.That(outcomes.Count(outcome => outcome.IsSuccess), Is.EqualTo(7));
        Assert.That(outcomes.Where(outcome => !outcome.IsSuccess).Select(Text), Is.All.EqualTo("complimentary-allowance"));
        Assert.That(outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value.Total), Is.All.Zero);
    }

    [Test]
    public async Task Without_the_index_of_turns_more_would_be_given_away()
    {
        await DropTurnsAsync();
        var sale = await PublishAsync(200);

        // Each host knows of no gift of the other, and nothing tells it.
        Assert.That((await Here.TryAsync(Gift(sale, allowance: 1, numbers: [1]))).IsSuccess, Is.True);
        Assert.That((await Elsewhere.TryAsync(Gift(sale, allowance: 1, numbers: [2]))).IsSuccess, Is.True, "this is what the index is there for");
    }

    [Test]
    public async Task A_gift_that_was_taken_back_may_be_given_again()
    {
        var sale = await PublishAsync(10);
        var given = (await Here.TryAsync(Gift(sale, allowance: 1))).Value;
        Assert.That(Text(await Elsewhere.TryAsync(Gift(sale, allowance: 1))), Is.EqualTo("complimentary-allowance"));

        await Elsewhere.RunAsync(Cancel(given.Id), CancellationToken.None);

        Assert.That((await Here.TryAsync(Gift(sale, allowance: 1))).IsSuccess, Is.True);
    }

    private Task<Result<Order>[]> RaceAsync(EventOnSale sale, Func<int, PlaceItem> next)
    {
        Assert.That(sale.IsCanceled, Is.False);
        return Task.WhenAll(Enumerable.Range(0, 250).Select(i => Task.Run(() => ComeAgainAsync(i % 2 == 0 ? Here : Elsewhere, () => next(i)))));
    }

    /// <summary>Who meets a lane that is busy comes again, as a client does that gets 503: on a machine with much other work some do.</summary>
    private static async Task<Result<Order>> ComeAgainAsync(PurchaseLane lane, Func<PlaceItem> next)
    {
        var outcome = await lane.RunAsync(next(), CancellationToken.None);
        for (var tries = 1; tries < 20 && outcome.Error?.Code == "busy"; tries++)
        {
            outcome = await lane.RunAsync(next(), CancellationToken.None);
        }

        return outcome;
    }

    private PlaceItem Sale(EventOnSale sale, int[]? numbers = null, int quantity = 1)
    {
        var id = TaggedId.New(Bench.Clock.GetUtcNow(), sale.Shard);
        var placed = Bench.Place(sale, numbers, quantity, orderId: id, buyer: id);
        return With(placed, CounterMethod.Cash, allowance: null, Bench.NewId());
    }

    private PlaceItem Gift(EventOnSale sale, int allowance, int[]? numbers = null) =>
        With(Bench.Place(sale, numbers, buyer: CounterSale.Guests), CounterMethod.Complimentary, allowance, shift: null);

    private PlaceItem With(PlaceItem item, CounterMethod method, int? allowance, Guid? shift)
    {
        var now = Bench.Clock.GetUtcNow();
        var sale = new CounterSale(method, new Actor(Bench.NewId(), "Ana"), now.AddMinutes(15)) { Allowance = allowance };
        return new PlaceItem(item.OrderId, item.EventId, item.BuyerId, item.Numbers, item.TierId, item.Quantity)
        {
            Counter = new CounterTerms(sale, shift, now + ShiftRules.LongestWrite),
        };
    }
}

[TestFixture]
internal sealed class SqliteCounterRaceTests : CounterRaceTests
{
    protected override TestedStore NewStore() => new SqliteUnderTest();
}

[TestFixture]
internal sealed class MongoCounterRaceTests : CounterRaceTests
{
    protected override TestedStore NewStore() => new MongoUnderTest();
}
