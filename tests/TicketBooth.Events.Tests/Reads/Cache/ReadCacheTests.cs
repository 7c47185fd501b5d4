using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Events.Reads.Cache;

namespace TicketBooth.Events.Tests.Reads.Cache;

[TestFixture]
internal sealed class ReadCacheTests
{
    private static readonly Guid Shown = Sample.NewId();
    private static readonly ReadKey Key = new(Shown, "");

    private FakeTimeProvider clock = null!;
    private ServiceProvider services = null!;
    private ReadCache cache = null!;

    [SetUp]
    public void Make()
    {
        clock = new FakeTimeProvider(Sample.Now);
        services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        cache = new ReadCache(clock, services.GetRequiredService<IMeterFactory>());
    }

    [TearDown]
    public void Drop()
    {
        cache.Dispose();
        services.Dispose();
    }

    [Test]
    public async Task Loads_once_and_answers_from_memory_after_that()
    {
        var source = new Source();

        var first = await source.AskAsync(cache);
        var second = await source.AskAsync(cache);

        Assert.That(second, Is.SameAs(first));
        Assert.That(source.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task Lets_everyone_who_asks_at_once_share_one_load()
    {
        var source = new Source { IsHeld = true };
        var asked = Enumerable.Range(0, 100).Select(_ => source.AskAsync(cache)).ToList();

        source.Release();

        Assert.That((await Task.WhenAll(asked)).Distinct().Count(), Is.EqualTo(1));
        Assert.That(source.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task Loads_again_after_an_eviction_of_that_event_only()
    {
        var source = new Source();
        await source.AskAsync(cache);
        var other = OtherStamp();

        await cache.EvictAsync(other);
        await source.AskAsync(cache);
        Assert.That(source.Loads, Is.EqualTo(1));

        await cache.EvictAsync(Shown);
        await source.AskAsync(cache);
        Assert.That(source.Loads, Is.EqualTo(2));
    }

    [Test]
    public async Task Empties_lists_with_every_event()
    {
        var source = new Source { Key = new ReadKey(Guid.Empty, "list") };
        await source.AskAsync(cache);

        await cache.EvictAsync(OtherStamp());
        await source.AskAsync(cache);

        Assert.That(source.Loads, Is.EqualTo(2));
    }

    [Test]
    public async Task Never_remembers_a_value_that_was_read_before_an_eviction_during_its_load()
    {
        var source = new Source { IsHeld = true };
        var early = source.AskAsync(cache);

        // The store was read; the sale is written and evicts; only then does the load come back.
        source.Value = 2;
        await cache.EvictAsync(Shown);
        source.Release();

        Assert.That(ValueOf(await early), Is.EqualTo(2), "who had asked before loads once more");
        Assert.That(ValueOf(await source.AskAsync(cache)), Is.EqualTo(2), "and nobody finds the old answer");
    }

    [Test]
    public async Task Lets_nobody_who_asks_after_an_eviction_join_a_load_from_before_it()
    {
        var source = new Source { IsHeld = true };
        var early = source.AskAsync(cache);
        source.Value = 2;
        await cache.EvictAsync(Shown);
        source.IsHeld = false;

        // The first load still hangs; this one must not wait for it.
        Assert.That(ValueOf(await source.AskAsync(cache).WaitAsync(TimeSpan.FromMinutes(1))), Is.EqualTo(2));

        source.Release();
        Assert.That(ValueOf(await early), Is.EqualTo(2));
        Assert.That(ValueOf(await source.AskAsync(cache)), Is.EqualTo(2), "the late end of the first load puts nothing back");
    }

    [Test]
    public async Task Answers_a_reader_whose_loads_are_overtaken_again_and_again_with_no_older_than_it_asked_and_remembers_nothing()
    {
        var source = new Source();
        source.OnLoad = async () =>
        {
            source.Value++;
            await cache.EvictAsync(Shown);
        };

        var answer = await source.AskAsync(cache);

        Assert.That(source.Loads, Is.EqualTo(2));
        Assert.That(ValueOf(answer), Is.EqualTo(2));
        await source.AskAsync(cache);
        Assert.That(source.Loads, Is.EqualTo(4));
    }

    [Test]
    public async Task Serves_no_reader_what_was_stored_before_a_change_that_was_announced_before_it_asked()
    {
        // The store is a number that only grows; a writer changes it and evicts, readers must never see less than what was announced when they asked.
        var stored = 0;
        var announced = 0;
        var done = false;
        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                Interlocked.Increment(ref stored);
                await cache.EvictAsync(Shown);
                Interlocked.Increment(ref announced);
                await Task.Yield();
            }

            Volatile.Write(ref done, true);
        });
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var late = 0;
            while (!Volatile.Read(ref done))
            {
                var least = Volatile.Read(ref announced);
                var answer = await cache.GetAsync(
                    Key,
                    0,
                    async _ =>
                    {
                        var value = Volatile.Read(ref stored);
                        await Task.Yield();
                        return Answer(value);
                    },
                    CancellationToken.None);
                late += ValueOf(answer) < least ? 1 : 0;
            }

            return late;
        })).ToList();

        await writer;
        Assert.That((await Task.WhenAll(readers)).Sum(), Is.Zero);
        Assert.That(ValueOf(await cache.GetAsync(Key, 0, _ => Task.FromResult<Remembered?>(Answer(stored)), CancellationToken.None)), Is.EqualTo(2_000));
    }

    [Test]
    public async Task Loads_again_at_the_moment_when_a_status_changes_by_itself()
    {
        var source = new Source { HoldsUntil = Sample.Now.AddMinutes(5) };
        await source.AskAsync(cache);

        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        await source.AskAsync(cache);
        Assert.That(source.Loads, Is.EqualTo(1));

        source.HoldsUntil = DateTimeOffset.MaxValue;
        clock.Advance(TimeSpan.FromTicks(1));
        await source.AskAsync(cache);
        await source.AskAsync(cache);
        Assert.That(source.Loads, Is.EqualTo(2));
    }

    [Test]
    public async Task Remembers_neither_a_failure_nor_that_there_was_nothing()
    {
        var source = new Source { OnLoad = () => throw new IOException("The disk is gone.") };
        Assert.That(() => source.AskAsync(cache), Throws.InstanceOf<IOException>());

        source.OnLoad = null;
        source.IsMissing = true;
        Assert.That(await source.AskAsync(cache), Is.Null);

        source.IsMissing = false;
        Assert.That(await source.AskAsync(cache), Is.Not.Null);
        Assert.That(source.Loads, Is.EqualTo(3));
    }

    [Test]
    public async Task A_reader_who_gives_up_does_not_spoil_the_load_for_the_others()
    {
        var source = new Source { IsHeld = true };
        using var impatient = new CancellationTokenSource();
        var first = source.AskAsync(cache, impatient.Token);
        var second = source.AskAsync(cache);

        await impatient.CancelAsync();
        Assert.That(() => first, Throws.InstanceOf<OperationCanceledException>());

        source.Release();
        Assert.That(await second, Is.Not.Null);
        Assert.That(source.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task Where_nothing_tells_of_changes_at_other_hosts_an_answer_holds_for_a_second()
    {
        using var alone = new ReadCache(clock, services.GetRequiredService<IMeterFactory>(), longest: TimeSpan.FromSeconds(1));
        var source = new Source();
        await source.AskAsync(alone);

        source.Value = 2;
        clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.That(ValueOf(await source.AskAsync(alone)), Is.EqualTo(1));

        clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(ValueOf(await source.AskAsync(alone)), Is.EqualTo(2));
    }

    [Test]
    public async Task Stays_within_its_bound_and_keeps_what_is_read()
    {
        using var small = new ReadCache(clock, services.GetRequiredService<IMeterFactory>(), largestGeneration: 100_000);
        var hot = new Source();
        for (var i = 0; i < 5_000; i++)
        {
            await new Source { Key = new ReadKey(Shown, FormattableString.Invariant($"page {i}")) }.AskAsync(small);
            await hot.AskAsync(small);
        }

        Assert.That(small.Count, Is.LessThan(500));
        Assert.That(hot.Loads, Is.EqualTo(1));
    }

    private static Guid OtherStamp()
    {
        // Stamps are shared by some ids; an id with another hash in the low bits has another stamp.
        while (true)
        {
            var id = Sample.NewId();
            if ((uint)id.GetHashCode() % 4096 != (uint)Shown.GetHashCode() % 4096)
            {
                return id;
            }
        }
    }

    private static Remembered Answer(int value) => new(BitConverter.GetBytes(value), "\"tag\"", DateTimeOffset.MaxValue, IsPublic: true);

    private static int ValueOf(Remembered? answer) => BitConverter.ToInt32(answer!.Body);

    /// <summary>A store of one number, which it reads at the beginning of a load and hands out at its end.</summary>
    private sealed class Source
    {
        private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ReadKey Key { get; init; } = ReadCacheTests.Key;

        public int Value { get; set; } = 1;

        public int Loads { get; private set; }

        public bool IsHeld { get; set; }

        public bool IsMissing { get; set; }

        public Func<Task>? OnLoad { get; set; }

        public DateTimeOffset HoldsUntil { get; set; } = DateTimeOffset.MaxValue;

        public void Release()
        {
            IsHeld = false;
            held.SetResult();
        }

        public Task<Remembered?> AskAsync(ReadCache cache, CancellationToken cancellationToken = default) =>
            cache.GetAsync(Key, this, static source => source.LoadAsync(), cancellationToken).AsTask();

        private async Task<Remembered?> LoadAsync()
        {
            Loads++;
            var value = Value;
            if (OnLoad is not null)
            {
                await OnLoad();
            }

            if (IsHeld)
            {
                await held.Task;
            }

            return IsMissing ? null : Answer(value) with { HoldsUntil = HoldsUntil };
        }
    }
}
