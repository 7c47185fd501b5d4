using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Redis;
using TicketBooth.Events.Reads.Cache;
using TicketBooth.Testing;

namespace TicketBooth.Events.Tests.Reads.Cache;

/// <summary>The caches of two hosts on one Redis, in front of one store.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SharedReadsTests
{
    private static readonly Guid Shown = Sample.NewId();
    private static readonly ReadKey Key = new(Shown, "");

    private Store store = null!;
    private RedisSpace space = null!;
    private Node first = null!;
    private Node second = null!;

    [SetUp]
    public async Task Start()
    {
        store = new Store();
        space = await RedisSpace.NewAsync();
        first = await Node.StartAsync(space.ConnectionString);
        second = await Node.StartAsync(space.ConnectionString);
    }

    [TearDown]
    public async Task Stop()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
        await space.DisposeAsync();
    }

    [Test]
    public async Task What_one_host_has_loaded_the_other_does_not_load()
    {
        await first.AskAsync(store);
        await Eventually.Async(() => KeptAsync(first), kept => kept == 1, "the answer to be in Redis");

        Assert.That(await second.AskAsync(store), Is.EqualTo(1));
        Assert.That(store.Loads, Is.EqualTo(1));
    }

    [Test]
    public void An_answer_comes_back_as_it_was()
    {
        var answer = new Remembered([1, 2, 3], "\"7-0af3\"", Sample.Now, IsPublic: false);

        using var stored = new MemoryStream(RememberedBytes.Encode(answer));

        // The form is private to a build, so this only has to hold with itself; the way through Redis is every other test's.
        Assert.That(RememberedBytes.Decode(stored.ToArray()), Is.EqualTo(answer).Using<Remembered>((a, b) =>
            a.Body.SequenceEqual(b.Body) && a.ETag == b.ETag && a.HoldsUntil == b.HoldsUntil && a.IsPublic == b.IsPublic));
    }

    [Test]
    public async Task A_change_at_one_host_is_seen_there_at_once_and_at_the_other_moments_later()
    {
        await first.AskAsync(store);
        await second.AskAsync(store);

        store.Value = 2;
        await second.Cache.EvictAsync(Shown);

        Assert.That(await second.AskAsync(store), Is.EqualTo(2));
        await Eventually.Async(() => first.AskAsync(store), value => value == 2, "the first host to see the change");
    }

    [Test]
    public async Task A_change_of_any_event_empties_the_lists_of_all_hosts()
    {
        var list = new ReadKey(Guid.Empty, "all");
        await first.AskAsync(store, list);
        await second.AskAsync(store, list);

        store.Value = 2;
        await second.Cache.EvictAsync(Sample.NewId());

        Assert.That(await second.AskAsync(store, list), Is.EqualTo(2));
        await Eventually.Async(() => first.AskAsync(store, list), value => value == 2, "the first host's list to change");
    }

    [Test]
    public async Task A_status_that_changes_by_itself_ends_an_answer_in_Redis_too()
    {
        store.HoldsFor = TimeSpan.FromMilliseconds(300);
        await first.AskAsync(store);
        await Eventually.Async(() => KeptAsync(first), kept => kept == 1, "the answer to be in Redis");

        store.Value = 2;
        await Eventually.Async(() => second.AskAsync(store), value => value == 2, "the answer to end");
    }

    [Test]
    public async Task An_answer_that_was_read_before_a_change_at_the_other_host_is_not_kept_however_late_it_comes()
    {
        var reading = await ReadBeforeAndEndAfterAChangeAsync();

        await reading;
        await Eventually.Async(() => first.AskAsync(store), value => value == 2, "the first host to see the change");
        await using var third = await Node.StartAsync(space.ConnectionString);
        Assert.That(await third.AskAsync(store), Is.EqualTo(2));
    }

    [Test]
    public async Task Without_the_stamp_the_late_answer_would_stay()
    {
        await await ReadBeforeAndEndAfterAChangeAsync();
        await Eventually.Async(() => first.AskAsync(store), value => value == 2, "the first host to see the change");

        // What a level without stamps does at the end of that reading.
        await using var client = await ConnectionMultiplexer.ConnectAsync(space.ConnectionString);
        await client.GetDatabase().HashSetAsync(first.Shared.Keys.HashOf(Shown), SharedReadsKeys.FieldOf(Key), RememberedBytes.Encode(Answer(1, TimeSpan.FromMinutes(1))));

        await using var third = await Node.StartAsync(space.ConnectionString);
        Assert.That(await third.AskAsync(store), Is.EqualTo(1), "the old answer, although everybody was told of the change");
    }

    [Test]
    public async Task A_change_by_a_host_that_is_cut_off_from_Redis_reaches_the_others_when_it_is_back()
    {
        await using var proxy = ProxyOf(space.ConnectionString);
        await using var cutOff = await Node.StartAsync(Through(proxy, space.ConnectionString));
        await first.AskAsync(store);
        await Eventually.Async(() => KeptAsync(first), kept => kept == 1, "the answer to be in Redis");

        proxy.Cut();
        store.Value = 2;
        await cutOff.Cache.EvictAsync(Shown);
        Assert.That(await cutOff.AskAsync(store), Is.EqualTo(2), "itself sees it at once");
        Assert.That(await first.AskAsync(store), Is.EqualTo(1), "the other host cannot know");

        proxy.Restore();
        await Eventually.Async(() => first.AskAsync(store), value => value == 2, "the first host to see the change");

        // Not before: on a slow machine the first host has seen it because it waited for Redis in vain.
        await Eventually.Async(() => Task.FromResult(cutOff.Shared.IsLive), live => live, "the host to be live again");
        Assert.That(await second.AskAsync(store), Is.EqualTo(2), "and Redis holds nothing old");
    }

    [Test]
    public async Task A_host_that_cannot_hear_of_changes_sees_them_all_the_same()
    {
        await using var proxy = ProxyOf(space.ConnectionString);
        await using var deaf = await Node.StartAsync(Through(proxy, space.ConnectionString));
        Assert.That(await deaf.AskAsync(store), Is.EqualTo(1));

        proxy.Cut();
        store.Value = 2;
        await first.Cache.EvictAsync(Shown);

        await Eventually.Async(() => deaf.AskAsync(store), value => value == 2, "the host to see the change");
        Assert.That(deaf.Shared.IsLive, Is.False);

        // Changed while it is away, heard of by nobody there, and read afterwards from what is shared.
        store.Value = 3;
        await first.Cache.EvictAsync(Shown);
        proxy.Restore();
        await Eventually.Async(() => Task.FromResult(deaf.Shared.IsLive), live => live, "the host to be live again");
        Assert.That(await deaf.AskAsync(store), Is.EqualTo(3));
    }

    [Test]
    public async Task An_emptied_Redis_empties_every_host()
    {
        await first.AskAsync(store);
        await using (var client = await ConnectionMultiplexer.ConnectAsync(space.ConnectionString + ",allowAdmin=true"))
        {
            await client.GetDatabase().ExecuteAsync("FLUSHDB");
        }

        // Nobody evicts: only the numbers tell.
        store.Value = 2;
        await Eventually.Async(() => first.AskAsync(store), value => value == 2, "the first host to drop what it had");
    }

    [Test]
    public async Task Changes_of_one_event_that_come_at_once_share_evictions()
    {
        var before = await LastNumberAsync();
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => first.Cache.EvictAsync(Shown).AsTask()));

        Assert.That(await LastNumberAsync() - before, Is.InRange(1, 10));
    }

    [Test]
    public async Task The_last_resort_ends_an_answer_that_nobody_ends()
    {
        await using var brief = await Node.StartAsync(space.ConnectionString, TimeSpan.FromMilliseconds(500));
        await brief.AskAsync(store);

        store.Value = 2;
        await Eventually.Async(() => brief.AskAsync(store), value => value == 2, "the answer to end by its age");
    }

    [Test]
    public async Task A_stranger_who_tries_all_searches_fills_Redis_to_a_bound()
    {
        for (var i = 0; i < 700; i++)
        {
            await first.AskAsync(store, new ReadKey(Guid.Empty, i.ToString(CultureInfo.InvariantCulture)));
        }

        await using var client = await ConnectionMultiplexer.ConnectAsync(space.ConnectionString);
        Assert.That(await client.GetDatabase().HashLengthAsync(first.Shared.Keys.HashOf(Guid.Empty)), Is.EqualTo(513), "the answers and the stamp");
    }

    [TestCase("stops and starts again, empty")]
    [TestCase("cuts all connections")]
    [TestCase("hangs")]
    [Parallelizable(ParallelScope.Children)]
    public async Task While_Redis_is_away_nobody_sees_an_error_waits_for_long_or_is_told_old_things(string trouble)
    {
        // Long beside what a host waits and how old its answers may grow, so that a slow machine is not taken for a fault.
        var away = TimeSpan.FromSeconds(8);
        await using var redis = await OwnServer.StartAsync(TestServer.Redis);
        await using var proxy = ProxyOf(redis.ConnectionString);
        await using var one = await Node.StartAsync(Through(proxy, redis.ConnectionString));
        await using var other = await Node.StartAsync(Through(proxy, redis.ConnectionString));
        using var end = new CancellationTokenSource();
        var readers = new[] { one, other, one, other }.Select(node => Task.Run(() => ReadAsync(node, end.Token))).ToList();
        var writer = Task.Run(() => WriteAsync(one, end.Token));
        await Task.Delay(TimeSpan.FromSeconds(1));

        try
        {
            switch (trouble[0])
            {
                case 's':
                    await using (await redis.StopAsync())
                    {
                        await Task.Delay(away);
                    }

                    break;
                case 'c':
                    proxy.Cut();
                    await Task.Delay(away);
                    proxy.Restore();
                    break;
                default:
                    proxy.Hush();
                    await Task.Delay(away);
                    proxy.Restore();
                    break;
            }

            await Eventually.Async(() => Task.FromResult(one.Shared.IsLive && other.Shared.IsLive), live => live, "both hosts to be live again");
        }
        finally
        {
            // Also when there is no Redis to stop and the test ends here: nobody may write on into the next test.
            await end.CancelAsync();
        }

        await writer;
        var (oldest, longest) = ((await Task.WhenAll(readers)).Max(seen => seen.Oldest), (await Task.WhenAll(readers)).Max(seen => seen.Longest));
        TestContext.Out.WriteLine($"oldest answer {oldest.TotalSeconds:F2} s, longest wait {longest.TotalSeconds:F2} s, {store.Loads} loads for {store.Value} changes");

        Assert.Multiple(async () =>
        {
            Assert.That(oldest, Is.LessThan(away));
            Assert.That(longest, Is.LessThan(away));
            Assert.That(await one.AskAsync(store), Is.EqualTo(store.Value));
            await Eventually.Async(() => other.AskAsync(store), value => value == store.Value, "the other host to see the last change");
        });
    }

    [Test]
    public async Task A_reader_never_sees_less_than_what_was_announced_at_its_host_before_it_asked()
    {
        var announced = 0;
        using var end = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var late = 0;
            while (!end.IsCancellationRequested)
            {
                var least = Volatile.Read(ref announced);
                late += await first.AskAsync(store) < least ? 1 : 0;
                await Task.Yield();
            }

            return late;
        })).ToList();
        for (var i = 0; i < 500; i++)
        {
            store.Value++;
            await first.Cache.EvictAsync(Shown);
            Volatile.Write(ref announced, store.Value);
        }

        await end.CancelAsync();
        Assert.That((await Task.WhenAll(readers)).Sum(), Is.Zero);
        await Eventually.Async(() => second.AskAsync(store), value => value == store.Value, "the second host to see the last change");
    }

    private static Remembered Answer(int value, TimeSpan holdsFor) => new(BitConverter.GetBytes(value), "\"tag\"", TimeProvider.System.GetUtcNow() + holdsFor, IsPublic: true);

    /// <summary>The first host has read the store and hangs; the second one changes, evicts and keeps the new answer; then the first one goes on.</summary>
    private async Task<Task> ReadBeforeAndEndAfterAChangeAsync()
    {
        var release = store.Hold();
        var reading = first.AskAsync(store);
        await Eventually.Async(() => Task.FromResult(store.Loads), loads => loads == 1, "the load to have read the store");
        store.Value = 2;
        await second.Cache.EvictAsync(Shown);
        Assert.That(await second.AskAsync(store), Is.EqualTo(2));
        await Eventually.Async(() => KeptAsync(second), kept => kept == 1, "the new answer to be in Redis");
        release();
        return reading;
    }

    /// <remarks>At one host only: the other one can learn of it by messages, or by the age of what it has.</remarks>
    private async Task WriteAsync(Node node, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            store.Value++;
            await node.Cache.EvictAsync(Shown);
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task<(TimeSpan Oldest, TimeSpan Longest)> ReadAsync(Node node, CancellationToken end)
    {
        var (oldest, longest) = (TimeSpan.Zero, TimeSpan.Zero);
        while (!end.IsCancellationRequested)
        {
            var asked = Stopwatch.GetTimestamp();
            var value = await node.AskAsync(store);
            var waited = Stopwatch.GetElapsedTime(asked);
            longest = waited > longest ? waited : longest;
            var age = store.AgeOf(value, asked);
            oldest = age > oldest ? age : oldest;
            await Task.Delay(5, CancellationToken.None);
        }

        return (oldest, longest);
    }

    private static TestProxy ProxyOf(string redis)
    {
        var server = redis.Split(',')[0].Split(':');
        return new TestProxy(server[0], int.Parse(server[1], CultureInfo.InvariantCulture));
    }

    private static string Through(TestProxy proxy, string redis) =>
        FormattableString.Invariant($"127.0.0.1:{proxy.Port}") + redis[redis.IndexOf(',', StringComparison.Ordinal)..];

    private async Task<long> LastNumberAsync()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(space.ConnectionString);
        return (long)await client.GetDatabase().HashGetAsync(first.Shared.Keys.Numbers, "message");
    }

    private async Task<int> KeptAsync(Node node)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(space.ConnectionString);
        return (int)await client.GetDatabase().HashLengthAsync(node.Shared.Keys.HashOf(Shown)) - 1;
    }

    /// <summary>A number that only grows, and when each of its values was overtaken.</summary>
    private sealed class Store
    {
        private readonly ConcurrentDictionary<int, long> overtaken = new();
        private TaskCompletionSource? held;
        private int value = 1;
        private int loads;

        public TimeSpan HoldsFor { get; set; } = TimeSpan.FromHours(1);

        public int Loads => Volatile.Read(ref loads);

        public int Value
        {
            get => Volatile.Read(ref value);
            set
            {
                overtaken[this.value] = Stopwatch.GetTimestamp();
                Volatile.Write(ref this.value, value);
            }
        }

        /// <summary>For how long the value had been overtaken at that time.</summary>
        public TimeSpan AgeOf(int told, long at) => overtaken.TryGetValue(told, out var since) && since < at ? Stopwatch.GetElapsedTime(since, at) : TimeSpan.Zero;

        /// <summary>The next load reads and then waits for the result to be called.</summary>
        public Action Hold()
        {
            held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return held.SetResult;
        }

        public async Task<Remembered?> LoadAsync()
        {
            var read = Value;
            var wait = Interlocked.Exchange(ref held, null);
            Interlocked.Increment(ref loads);
            if (wait is not null)
            {
                await wait.Task;
            }

            return Answer(read, HoldsFor);
        }
    }

    /// <summary>What a host has of all this.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly RedisLink redis;
        private readonly SendHeartbeatWorker heartbeat;

        private Node(string connectionString, TimeSpan lastResort)
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>(RedisLink.Setting, connectionString)]).Build();
            var meters = services.GetRequiredService<IMeterFactory>();
            redis = new RedisLink(configuration, TimeProvider.System, meters, NullLogger<RedisLink>.Instance);
            Shared = new SharedReads(redis, TimeProvider.System, meters, lastResort);
            Cache = new ReadCache(TimeProvider.System, meters, Shared);
            heartbeat = new SendHeartbeatWorker(
                Shared,
                new WorkServices(TimeProvider.System, new SingleHost(), new WorkHealth(TimeProvider.System), new WorkMetrics(meters), NullLoggerFactory.Instance));
        }

        public SharedReads Shared { get; }

        public ReadCache Cache { get; }

        /// <summary>So long a last resort that nothing passes a test because of it.</summary>
        public static async Task<Node> StartAsync(string connectionString, TimeSpan? lastResort = null)
        {
            var node = new Node(connectionString, lastResort ?? TimeSpan.FromMinutes(10));
            await node.redis.OpenAsync(CancellationToken.None);
            await Eventually.Async(
                node.TryFollowAsync, follows => follows, "the connection for messages, which on a slow machine comes after the other");
            await Eventually.Async(() => Task.FromResult(node.Shared.IsLive), live => live, "the host to hear its first beat");
            return node;
        }

        public async Task<int> AskAsync(Store store, ReadKey? key = null) =>
            BitConverter.ToInt32((await Cache.GetAsync(key ?? Key, store, static from => from.LoadAsync(), CancellationToken.None))!.Body);

        private async Task<bool> TryFollowAsync()
        {
            try
            {
                await heartbeat.StartAsync(CancellationToken.None);
                return true;
            }
            catch (RedisConnectionException)
            {
                return false;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await heartbeat.StopAsync(CancellationToken.None);
            heartbeat.Dispose();
            Cache.Dispose();
            await redis.DisposeAsync();
            await services.DisposeAsync();
        }
    }
}
