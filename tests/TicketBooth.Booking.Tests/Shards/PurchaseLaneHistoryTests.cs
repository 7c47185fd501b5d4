using FsCheck;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.Booking.Shards;
using TicketBooth.Booking.Storage;
using TicketBooth.Booking.Tests.Support;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Tests.Shards;

/// <summary>Whatever buyers, clock and gateway do at once: what the lane wrote and answered is checked against a model of the tickets.</summary>
internal sealed class PurchaseLaneHistoryTests
{
    private static readonly int[] Tiers = [4, 4];

    private BookingBench bench = null!;

    [SetUp]
    public async Task OpenAsync() => bench = await BookingBench.OpenAsync();

    [TearDown]
    public Task CloseAsync() => bench.DisposeAsync().AsTask();

    [FsCheck.NUnit.Property(MaxTest = 150, EndSize = 80)]
    public Task Waves_that_come_as_one_batch_keep_the_promises(NonNull<byte[]> commands) => PlayAsync(commands.Get, asOneBatch: true);

    [FsCheck.NUnit.Property(MaxTest = 150, EndSize = 80)]
    public Task Waves_that_come_as_they_like_keep_the_promises(NonNull<byte[]> commands) => PlayAsync(commands.Get, asOneBatch: false);

    /// <summary>Plays on an event of its own. A command of a wave is one item for the lane; some commands end the wave, or let time pass.</summary>
    private async Task PlayAsync(byte[] commands, bool asOneBatch)
    {
        var sale = await bench.OnSaleAsync(bench.Events.Publish(Tiers));
        var shard = await bench.Shards.OfAsync(sale.Shard);
        var store = (WatchedStore)shard.Store;
        store.Written.Clear();
        var model = new Model(bench.Events[sale.Id]);
        var wave = new List<LaneItem>();
        foreach (var command in commands.Append(byte.MaxValue))
        {
            if (command % 8 != 7)
            {
                wave.Add(ItemOf(command, sale, model));
                continue;
            }

            var before = model.Moments.Count - 1;
            var outcomes = asOneBatch
                ? await PurchaseLaneTests.InOneBatchAsync(shard.Lane, store, wave)
                : await Task.WhenAll(wave.Select(item => Task.Run(() => shard.Lane.TryAsync(item))));
            while (store.Written.TryDequeue(out var write))
            {
                model.Follow(write.Change, write.Outcome);
            }

            for (var i = 0; i < wave.Count; i++)
            {
                model.Judge(wave[i], outcomes[i], before);
            }

            wave.Clear();
            await AssertStoredAsync(sale, store, model);
            if (command / 8 % 4 == 0)
            {
                bench.Clock.Advance(TimeSpan.FromMinutes(6));
            }
        }
    }

    private LaneItem ItemOf(byte command, EventOnSale sale, Model model)
    {
        var rest = command / 8;
        var order = model.Known.Count == 0 ? null : model.Known[rest % model.Known.Count];
        return (command % 8) switch
        {
            0 => bench.Place(sale, [1 + (rest % 8)]),
            1 => bench.Place(sale, [1 + (rest % 8), 1 + ((rest + 3) % 8)]),
            2 => bench.Place(sale, null, 1 + (rest % 3)),
            3 => bench.Place(sale, null, 1 + (rest % 2), bench.Events[sale.Id].Tiers[rest / 2 % 2].Id),
            _ when order is null => bench.Place(sale, null),
            4 => PurchaseLaneTests.Cancel(order.Id),
            5 => PurchaseLaneTests.Expire(order.Id),
            6 when rest % 2 == 0 => PurchaseLaneTests.Confirm(order.Id, bench.NewId()),
            _ => new ChangeItem(order.Id, inbox: null, (known, now) => PaymentRules.Begin(known, known.BuyerId, order.Id, now, bench.Options.Hold, bench.Options.PaymentTime)),
        };
    }

    private static async Task AssertStoredAsync(EventOnSale sale, WatchedStore store, Model model)
    {
        var active = await store.ActiveOfEventAsync(sale.Id, after: null, 100);
        var stored = active.SelectMany(order => order.Tickets.Select(ticket => (ticket.Number, order.Id))).ToList();
        Assert.That(stored, Is.EquivalentTo(model.Holders.Select(entry => (entry.Key, entry.Value))));
        Assert.That(await store.TakenNumbersAsync(sale.Id), Is.EquivalentTo(model.Holders.Keys));
        var (claimsWithoutOrder, ticketsWithoutClaim, _) = await store.CountClaimsAsync();
        Assert.That((claimsWithoutOrder, ticketsWithoutClaim), Is.EqualTo((0L, 0L)));
    }

    /// <summary>Who has which ticket, after every single write.</summary>
    private sealed class Model(Events.Contracts.EventForSale sale)
    {
        public Dictionary<int, Guid> Holders { get; } = [];

        /// <summary>The taken numbers as they were after each write; the first entry is the beginning.</summary>
        public List<HashSet<int>> Moments { get; } = [[]];

        public List<Order> Known { get; } = [];

        public void Follow(OrderChange change, WriteOutcome outcome)
        {
            // A sweep also meets the orders of the runs before, which are other events' on this shard.
            if (outcome != WriteOutcome.Written || change.After.EventId != sale.Id)
            {
                return;
            }

            foreach (var ticket in change.After.Tickets)
            {
                if (change.TakesTickets)
                {
                    Assert.That(Holders.TryAdd(ticket.Number, change.After.Id), Is.True, $"ticket {ticket.Number} was sold twice");
                }
                else if (change.FreesTickets)
                {
                    Assert.That(Holders.Remove(ticket.Number), Is.True, $"ticket {ticket.Number} was freed twice");
                }
                else if (change.After.HoldsTickets)
                {
                    Assert.That(Holders.GetValueOrDefault(ticket.Number), Is.EqualTo(change.After.Id), $"order {change.After.Id} lost ticket {ticket.Number}");
                }
            }

            Moments.Add([.. Holders.Keys]);
            if (change.Before is null)
            {
                Known.Add(change.After);
            }
        }

        /// <summary>A refusal must have been right at some moment between the question and the answer.</summary>
        public void Judge(LaneItem item, Result<Order> outcome, int before)
        {
            if (item is not PlaceItem place)
            {
                Assert.That(outcome.Error?.Code, Is.Not.EqualTo("busy").And.Not.EqualTo("order-not-found"));
                return;
            }

            var moments = Moments.Skip(before);
            switch (outcome.Error?.Code)
            {
                case null:
                    Assert.That(outcome.Value.Id, Is.EqualTo(place.OrderId));
                    Assert.That(Known.Select(order => order.Id), Does.Contain(place.OrderId));
                    Assert.That(outcome.Value.Tickets, Has.Count.EqualTo(place.Quantity));
                    Assert.That(outcome.Value.Tickets.Select(ticket => ticket.Number), place.Numbers is null ? Is.Unique : Is.EqualTo(place.Numbers));
                    Assert.That(place.TierId is null || outcome.Value.Tickets.All(ticket => ticket.TierId == place.TierId), Is.True);
                    break;
                case "ticket-taken":
                    Assert.That(moments.Any(taken => place.Numbers!.Any(taken.Contains)), Is.True, "refused although its tickets were free");
                    break;
                case "not-enough-tickets":
                    Assert.That(moments.Any(taken => !HasEnough(place, taken)), Is.True, "refused although a tier had enough");
                    break;
                default:
                    Assert.Fail($"A place was refused with {outcome.Error!.Code}.");
                    break;
            }
        }

        private bool HasEnough(PlaceItem place, HashSet<int> taken) => sale.Tiers
            .Where(tier => place.TierId is null || tier.Id == place.TierId)
            .Any(tier => tier.Tickets.Sum(range => Enumerable.Range(range.First, range.Count).Count(number => !taken.Contains(number))) >= place.Quantity);
    }
}
