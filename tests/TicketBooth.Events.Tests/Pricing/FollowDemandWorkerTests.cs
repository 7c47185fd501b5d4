using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using MassTransit.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Domain;
using TicketBooth.Events.Managing;
using TicketBooth.Events.Pricing;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Events.Storage;
using TicketBooth.Events.Tests.Storage;
using MessageUrn = MassTransit.MessageUrn;

namespace TicketBooth.Events.Tests.Pricing;

/// <summary>The loop, round by round: when it decides, what it writes, and what becomes of it when it is not alone.</summary>
[TestFixture]
internal sealed class FollowDemandWorkerTests
{
    private const int StepSeconds = 60;

    // Each taken ticket of a hundred points one percent higher, and a step is five percent.
    private static readonly PricingPolicy Policy = new(
        PricingMode.Demand, MaxIncreasePercent: 100, SharePercent: 100, PacePercent: 0, WindowMinutes: 60, MaxStepPercent: 5, StepSeconds: StepSeconds, BandPercent: 0);

    private static readonly Actor Ana = new(Guid.Parse("019a3f60-0000-7000-8000-000000000001"), "Ana Böhm");

    private readonly List<FollowDemandWorker> loops = [];
    private FakeTimeProvider clock = null!;
    private TestStorage storage = null!;
    private TestStores store = null!;
    private ServiceProvider services = null!;
    private ReadCache cache = null!;
    private int cacheLoads;
    private FailureLog log = null!;

    [SetUp]
    public void Make()
    {
        clock = new FakeTimeProvider(Sample.Now);
        log = new FailureLog();
        storage = new TestStorage();
        store = TestStores.In(storage.Storage);
        services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        cache = new ReadCache(clock, services.GetRequiredService<IMeterFactory>());
    }

    [TearDown]
    public async Task Drop()
    {
        loops.ForEach(loop => loop.Dispose());
        loops.Clear();
        cache.Dispose();
        log.Dispose();
        await services.DisposeAsync();
        await storage.DisposeAsync();
    }

    [Test]
    public async Task Writes_nothing_and_decides_nothing_while_nothing_changes()
    {
        var shown = await OnSaleAsync();
        var loop = Loop();

        for (var i = 0; i < StepSeconds / 2; i++)
        {
            await RoundAsync(loop);
        }

        Assert.That(loop.Decisions, Is.EqualTo(1), "the first look at it");
        await RoundAsync(loop);
        Assert.That(loop.Decisions, Is.EqualTo(2), "a step's time has passed");
        await SellAsync(shown, 1);
        await RoundAsync(loop);
        await RoundAsync(loop);
        Assert.That(loop.Decisions, Is.EqualTo(3), "a ticket was taken");
        Assert.That((await FindAsync(shown)).Version, Is.EqualTo(shown.Version + 1), "which moved the price once, by a percent");
        Assert.That((await FindAsync(shown)).Tiers[0].Price, Is.EqualTo(10_100));
    }

    [Test]
    public async Task Reads_only_the_events_that_have_changed_or_whose_step_is_due()
    {
        Event[] shown = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => OnSaleAsync()))];
        var watched = new CountingStore(store.Events, store.Tickets);
        var loop = Loop(over: watched);
        await loop.RunOnceAsync(CancellationToken.None);
        Assert.That(watched.Count, Is.EqualTo(20), "all are new to it");

        await loop.RunOnceAsync(CancellationToken.None);
        Assert.That(watched.Count, Is.EqualTo(20), "nothing has changed");

        await SellAsync(shown[7], 1);
        await AdjustAsync(shown[9], 10);
        await loop.RunOnceAsync(CancellationToken.None);
        Assert.That(watched.Count, Is.EqualTo(22), "a ticket of one is taken, and another one has new prices");

        clock.Advance(TimeSpan.FromSeconds(StepSeconds));
        await loop.RunOnceAsync(CancellationToken.None);
        Assert.That(watched.Count, Is.EqualTo(42), "a step of each is due");
    }

    [Test]
    public async Task Leaves_an_event_without_demand_as_it_is()
    {
        var shown = await OnSaleAsync();
        var off = await OnSaleAsync(PricingPolicy.Off);
        var paused = await OnSaleAsync(Policy with { Paused = true });
        await SellAsync(off, 60);
        await SellAsync(paused, 60);
        var loop = Loop();

        await RoundsAsync(loop, 200);

        Assert.That(loop.Decisions, Is.EqualTo(7), "the first one, and one for each step's time");
        foreach (var untouched in new[] { shown, off, paused })
        {
            Assert.That((await FindAsync(untouched)).Version, Is.EqualTo(untouched.Version));
            Assert.That(await HistoryAsync(untouched), Is.Empty);
        }

        Assert.That(Said(), Is.Empty);
    }

    [Test]
    public async Task Moves_a_price_one_step_per_interval()
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 22);

        await RoundsAsync(Loop(), 200);

        Assert.That(await PathAsync(shown), Is.EqualTo(Steps(10_500, 11_000, 11_500, 12_000, 12_200)));
    }

    [TestCase(4)]
    [TestCase(30)]
    [TestCase(58)]
    public async Task A_sale_between_two_steps_does_not_put_off_the_second(int seconds)
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 22);
        var loop = Loop();
        await RoundsAsync(loop, seconds / 2);
        await SellAsync(shown, 1, first: 23);

        await RoundsAsync(loop, 45 - (seconds / 2));

        Assert.That(await PathAsync(shown), Is.EqualTo(Steps(10_500, 11_000)));
    }

    [Test]
    public async Task Takes_the_same_steps_when_every_round_is_that_of_a_new_host()
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 22);

        for (var i = 0; i < 200; i++)
        {
            if (i % 25 == 24)
            {
                await storage.ReopenAsync();
                store = TestStores.In(storage.Storage);
            }

            await RoundAsync(Loop());
        }

        Assert.That(await PathAsync(shown), Is.EqualTo(Steps(10_500, 11_000, 11_500, 12_000, 12_200)));
        Assert.That(Said().Select(told => told.Version), Is.EqualTo(Enumerable.Range(1, 5).Select(i => shown.Version + i)));
    }

    [Test]
    public async Task Messages_that_come_twice_and_out_of_order_move_prices_as_those_that_do_not()
    {
        var (orderly, messy) = (await OnSaleAsync(Policy with { PacePercent = 10 }), await OnSaleAsync(Policy with { PacePercent = 10 }));
        foreach (var shown in new[] { orderly, messy })
        {
            List<TicketUpdate> sales = [];
            for (var number = 1; number <= 30; number++)
            {
                var order = Sample.NewId();
                sales.Add(Sample.Update(shown, order, 1, TicketState.OnPayment, number));
                sales.Add(Sample.Update(shown, order, 2, number % 3 == 0 ? TicketState.Available : TicketState.Sold, number));
            }

            if (shown == messy)
            {
                sales = [.. sales.AsEnumerable().Reverse(), .. sales, .. sales];
                new Random(4).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sales)[20..]);
            }

            foreach (var sale in sales)
            {
                await store.Tickets.ApplyAsync(sale);
            }
        }

        await RoundsAsync(Loop(), 100);

        var (left, right) = (await FindAsync(orderly), await FindAsync(messy));
        Assert.That((left.Tiers[0].Held, left.Tiers[0].Sold), Is.EqualTo((0, 20)));
        Assert.That((right.Tiers[0].Held, right.Tiers[0].Sold), Is.EqualTo((0, 20)));
        Assert.That(await PathAsync(orderly), Has.Count.GreaterThan(2));
        Assert.That(await PathAsync(messy), Is.EqualTo(await PathAsync(orderly)));
        Assert.That((await HistoryAsync(messy)).Select(change => change.Cause), Is.EqualTo((await HistoryAsync(orderly)).Select(change => change.Cause)), "for the same reasons");
    }

    [Test]
    public async Task A_new_price_its_history_and_its_message_say_the_same()
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 30);

        await RoundAsync(Loop());

        var (found, row, told) = (await FindAsync(shown), (await HistoryAsync(shown)).Single(), Said().Single());
        var tier = shown.Tiers[0].Id;
        Assert.Multiple(() =>
        {
            Assert.That((found.Version, found.Tiers[0].Price, found.Tiers[0].Pricing.MovedAt), Is.EqualTo((shown.Version + 1, 10_500L, (DateTimeOffset?)row.At)));
            Assert.That((row.Version, row.TierId, row.From, row.To, row.Cause.Reason, row.Cause.By), Is.EqualTo((shown.Version + 1, tier, (long?)10_000, 10_500L, PriceChangeReason.Demand, (Actor?)null)));
            Assert.That(row.Cause.Figures!.ShareTaken, Is.EqualTo(0.3));
            Assert.That((told.EventId, told.Version, told.Reason, told.At), Is.EqualTo((shown.Id, row.Version, PriceChangeReason.Demand, row.At)));
            Assert.That(told.Tiers, Is.EqualTo(new[] { new TierPriceChange(tier, 10_000, 10_500) }));
            Assert.That((found.Tiers[0].Held, found.Revision), Is.EqualTo((30, shown.Revision)), "a price is no edit, and no sale");
        });
    }

    [TestCase("outbox_pages")]
    [TestCase("price_changes")]
    public async Task A_price_that_cannot_be_written_whole_is_not_written_and_comes_with_the_next_round(string table)
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 30);
        var loop = Loop();
        var database = storage.Storage.Open("events", []);
        await database.WriteAsync(session => session.Execute($"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END"));

        await RoundAsync(loop);
        Assert.That(log.Failures.Single(), Is.InstanceOf<SqliteException>());
        Assert.That((await FindAsync(shown)).Version, Is.EqualTo(shown.Version));
        Assert.That((await FindAsync(shown)).Tiers[0].Price, Is.EqualTo(10_000));
        Assert.That(await HistoryAsync(shown), Is.Empty);
        Assert.That(Said(), Is.Empty);

        await database.WriteAsync(session => session.Execute("DROP TRIGGER full"));
        await RoundAsync(loop);
        Assert.That((await FindAsync(shown)).Tiers[0].Price, Is.EqualTo(10_500));
        Assert.That(await HistoryAsync(shown), Has.Count.EqualTo(1));
        Assert.That(Said(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_event_whose_price_cannot_be_written_holds_up_no_other()
    {
        Event[] shown = [await OnSaleAsync(), await OnSaleAsync()];
        await SellAsync(shown[0], 30);
        await SellAsync(shown[1], 30);
        var loop = Loop(over: new CountingStore(store.Events, store.Tickets) { BeforeReplace = () => throw new IOException("The disk is full.") });

        await RoundAsync(loop);
        Assert.That(log.Failures.Single(), Is.InstanceOf<IOException>());
        Assert.That(await PricesAsync(shown), Is.EquivalentTo(new[] { 10_000L, 10_500L }));

        await RoundAsync(loop);
        Assert.That(await PricesAsync(shown), Is.EqualTo(new[] { 10_500L, 10_500L }));
    }

    [Test]
    public async Task Minutes_of_demand_that_nobody_looks_back_to_are_deleted()
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 1);
        clock.Advance(TimeSpan.FromDays(1));
        await SellAsync(shown, 1, first: 2);
        clock.Advance(DemandMinute.Kept - TimeSpan.FromHours(1));
        using var worker = new ForgetDemandWorker(store.Tickets, Services());

        await worker.RunOnceAsync(CancellationToken.None);

        Assert.That(await store.Tickets.DemandAsync(shown.Id, 0), Has.Count.EqualTo(1));
        Assert.That((await FindAsync(shown)).Tiers[0].Held, Is.EqualTo(2));
    }

    [Test]
    public async Task A_reader_is_told_the_new_price_as_soon_as_it_is_written()
    {
        var (shown, other) = (await OnSaleAsync(), await OnSaleAsync());
        var loop = Loop();
        await RoundAsync(loop);
        await SellAsync(shown, 30);
        Assert.That((await ReadAsync(shown), await ReadAsync(other)), Is.EqualTo((10_000L, 10_000L)));
        var loads = cacheLoads;

        await loop.RunOnceAsync(CancellationToken.None);

        Assert.That((await ReadAsync(shown), await ReadAsync(other)), Is.EqualTo((10_500L, 10_000L)));
        Assert.That(cacheLoads, Is.EqualTo(loads + 1), "what was remembered of the other event still holds");
    }

    [Test]
    public async Task A_decision_about_a_stale_version_loses_and_leaves_nothing()
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 30);
        var interrupted = new CountingStore(store.Events, store.Tickets) { BeforeReplace = () => AdjustAsync(shown, 10) };
        var loop = Loop(over: interrupted);

        await RoundAsync(loop);
        var found = await FindAsync(shown);
        Assert.Multiple(async () =>
        {
            Assert.That(interrupted.BeforeReplace is null, "it did try to write");
            Assert.That((found.Version, found.Tiers[0].Price, found.Tiers[0].Pricing.Demand, found.Tiers[0].Pricing.MovedAt), Is.EqualTo((shown.Version + 1, 11_000L, 0, (DateTimeOffset?)null)));
            Assert.That((await HistoryAsync(shown)).Select(change => (change.To, change.Cause.Reason)), Is.EqualTo(new[] { (11_000L, PriceChangeReason.Adjusted) }));
            Assert.That(Said().Select(told => told.Reason), Is.EqualTo(new[] { PriceChangeReason.Adjusted }));
        });

        await RoundAsync(loop);
        Assert.That((await FindAsync(shown)).Tiers[0].Price, Is.EqualTo(11_550), "decided anew on what is");
    }

    [Test]
    public async Task A_price_is_not_older_than_the_one_it_replaces()
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 30);
        var interrupted = new CountingStore(store.Events, store.Tickets)
        {
            BeforeFind = () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(40));
                return AdjustAsync(shown, 10);
            },
        };

        await RoundAsync(Loop(over: interrupted));

        var history = await HistoryAsync(shown);
        Assert.That(history.Select(change => change.Cause.Reason), Is.EqualTo(new[] { PriceChangeReason.Adjusted, PriceChangeReason.Demand }));
        Assert.That(history.Select(change => change.At), Is.Ordered);
    }

    [Test]
    public async Task Of_two_hosts_one_decides_and_the_other_takes_over_when_it_is_gone()
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 22);
        var work = new Work(clock);
        var (first, second) = (Loop(work.Host()), Loop(work.Host()));

        for (var i = 0; i < 50; i++)
        {
            await first.RunOnceAsync(CancellationToken.None);
            await RoundAsync(second);
        }

        Assert.That((first.Decisions > 0, second.Decisions), Is.EqualTo((true, 0L)));
        Assert.That(await PathAsync(shown), Is.EqualTo(Steps(10_500, 11_000)));

        await RoundsAsync(second, 150);
        Assert.That(second.Decisions, Is.GreaterThan(0));
        Assert.That(await PathAsync(shown), Is.EqualTo(Steps(10_500, 11_000, 11_500, 12_000, 12_200)), "as if it had been one all the time");
    }

    [Test]
    public async Task Two_hosts_that_both_think_it_is_theirs_still_move_a_price_once()
    {
        var shown = await OnSaleAsync();
        await SellAsync(shown, 22);
        FollowDemandWorker[] both = [Loop(), Loop()];

        for (var i = 0; i < 150; i++)
        {
            await Task.WhenAll(both.Select(loop => Task.Run(() => loop.RunOnceAsync(CancellationToken.None))));
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.That(both.Select(loop => loop.Decisions), Is.All.GreaterThan(0));
        Assert.That(await PathAsync(shown), Is.EqualTo(Steps(10_500, 11_000, 11_500, 12_000, 12_200)));
        Assert.That(Said(), Has.Count.EqualTo(5));
    }

    private static List<(double Seconds, long Price)> Steps(params long[] prices) => [.. prices.Select((price, i) => ((double)i * StepSeconds, price))];

    private FollowDemandWorker Loop(ILeases? leases = null, IEventStore? over = null)
    {
        var used = over ?? store.Events;
        var loop = new FollowDemandWorker(used, store.Tickets, new EventWriter(used, cache, new PriceMetrics(services.GetRequiredService<IMeterFactory>()), clock), Services(leases), NullLogger<FollowDemandWorker>.Instance);
        loops.Add(loop);
        return loop;
    }

    private WorkServices Services(ILeases? leases = null) =>
        new(clock, leases ?? new SingleHost(), new WorkHealth(clock), new WorkMetrics(services.GetRequiredService<IMeterFactory>()), log);

    private async Task<List<long>> PricesAsync(Event[] events)
    {
        var prices = new List<long>(events.Length);
        foreach (var shown in events)
        {
            prices.Add((await FindAsync(shown)).Tiers[0].Price);
        }

        return prices;
    }

    /// <summary>A round, and the two seconds to the next.</summary>
    private async Task RoundAsync(FollowDemandWorker loop)
    {
        await loop.RunOnceAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(2));
    }

    private async Task RoundsAsync(FollowDemandWorker loop, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await RoundAsync(loop);
        }
    }

    private async Task<Event> OnSaleAsync(PricingPolicy? policy = null)
    {
        var shown = Sample.Published(Sample.Tier(tickets: 100)) with { Policy = policy ?? Policy };
        await store.Events.AddAsync(shown);
        return shown;
    }

    private Task SellAsync(Event shown, int tickets, int first = 1) =>
        store.Tickets.ApplyAsync(Sample.Update(shown, Sample.NewId(), 1, TicketState.OnPayment, [.. Enumerable.Range(first, tickets)]) with { At = clock.GetUtcNow() });

    private async Task AdjustAsync(Event shown, decimal percentage)
    {
        var cause = new PriceCause(PriceChangeReason.Adjusted, Ana, percentage);
        var adjusted = await new EventWriter(store.Events, cache, new PriceMetrics(services.GetRequiredService<IMeterFactory>()), clock).ChangeAsync(
            shown.Id,
            (current, now) => EventChange.Of(current, current.Adjust(percentage, now).Value, now, cause)
        );
        Assert.That(adjusted.IsSuccess, Is.True);
    }

    private async Task<Event> FindAsync(Event shown) => (await store.Events.FindAsync(shown.Id))!;

    private async Task<List<PriceChange>> HistoryAsync(Event shown) => [.. (await store.Prices.PriceChangesAsync(shown.Id, tierId: null, after: null, limit: 1_000)).Reverse()];

    /// <summary>The event's prices, each with the seconds since the sale opened.</summary>
    private async Task<List<(double Seconds, long Price)>> PathAsync(Event shown) =>
        (await HistoryAsync(shown)).ConvertAll(change => ((change.At - Sample.Now).TotalSeconds, change.To));

    private List<TicketPriceChanged> Said() =>
    [
        .. ((IOutboxSource)store.Events.Outbox).Read(0, 1_000)
            .Where(entry => entry.MessageType == MessageUrn.ForTypeString<TicketPriceChanged>())
            .Select(entry => JsonSerializer.Deserialize<TicketPriceChanged>(entry.Body, SystemTextJsonMessageSerializer.Options)!),
    ];

    private async Task<long> ReadAsync(Event shown)
    {
        var answer = await cache.GetAsync(new ReadKey(shown.Id, ""), shown, LoadAsync, CancellationToken.None);
        return BitConverter.ToInt64(answer!.Body);
    }

    private async Task<Remembered?> LoadAsync(Event shown)
    {
        cacheLoads++;
        return new Remembered(BitConverter.GetBytes((await FindAsync(shown)).Tiers[0].Price), "\"tag\"", DateTimeOffset.MaxValue, IsPublic: true);
    }

    /// <summary>What workers log of failures.</summary>
    private sealed class FailureLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<Exception> Failures { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                Failures.Enqueue(exception);
            }
        }

        public void Dispose()
        {
            // Nothing to give back.
        }
    }

    /// <summary>Work that several hosts could do.</summary>
    private sealed class Work(TimeProvider clock)
    {
        private (ILeases? Host, DateTimeOffset Until) held;

        private TimeProvider Clock => clock;

        public ILeases Host() => new Member(this);

        private sealed class Member(Work work) : ILeases
        {
            public bool Several => true;

            public Task<bool> TryHoldAsync(string name, TimeSpan duration, CancellationToken cancellationToken)
            {
                var now = work.Clock.GetUtcNow();
                if (work.held.Host != this && work.held.Until >= now)
                {
                    return Task.FromResult(false);
                }

                work.held = (this, now + duration);
                return Task.FromResult(true);
            }

            public Task ReleaseAsync(string name, CancellationToken cancellationToken)
            {
                if (work.held.Host == this)
                {
                    work.held = default;
                }

                return Task.CompletedTask;
            }
        }
    }
}
