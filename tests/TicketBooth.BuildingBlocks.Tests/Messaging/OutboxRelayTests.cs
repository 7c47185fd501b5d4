using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Messaging;

public sealed class OutboxRelayTests
{
    private static readonly TimeSpan LongerThanAnyPause = TimeSpan.FromSeconds(20);

    private TempFolder folder = null!;
    private FakeTimeProvider clock = null!;
    private Script script = null!;

    [SetUp]
    public void Prepare()
    {
        folder = new TempFolder();
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero));
        script = new Script();
    }

    [TearDown]
    public void CleanUp() => folder.Dispose();

    [Test]
    public async Task Delivers_every_message_to_every_consuming_module_and_then_forgets_it()
    {
        await using var host = await StartAsync();
        var messages = Ticks(NewKey(), OutboxRelay.PageSize + 1);

        await host.PublishAsync(messages);

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work");
        Assert.That(script.CameToFirst, Is.EqualTo(messages));
        Assert.That(script.CameToSecond, Is.EqualTo(messages));
        Assert.That(host.Stored(), Is.Zero);
        Assert.That(await host.DeadLetters.CountAsync(), Is.Zero);
    }

    [Test]
    public async Task A_message_keeps_its_ids_on_the_way()
    {
        var came = new TaskCompletionSource<(Guid? MessageId, Guid? CorrelationId)>();
        script.First = (_, context) =>
        {
            came.SetResult((context.MessageId, context.CorrelationId));
            return Task.CompletedTask;
        };
        await using var host = await StartAsync();
        var message = new Tick(NewKey(), 1);
        var entry = MessageCodec.Encode(message, message.Key, clock.GetUtcNow());

        await host.Database.WriteAsync(session => SqliteOutbox.Append(session, entry));
        host.Outbox.Signal();

        Assert.That(await came.Task.WithinDeadlineAsync(), Is.EqualTo(((Guid?)entry.MessageId, (Guid?)message.Key)));
    }

    [Test]
    public async Task Messages_about_one_thing_come_in_order()
    {
        var keys = Enumerable.Range(0, 5).Select(_ => NewKey()).ToList();
        script.First = async (_, context) => await Task.Delay(context.Message.Number % 3);
        await using var host = await StartAsync();

        await host.PublishAsync(Enumerable.Range(1, 60).SelectMany(number => keys.Select(key => new Tick(key, number))));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work");
        foreach (var key in keys)
        {
            Assert.That(script.CameToFirst.Where(tick => tick.Key == key).Select(tick => tick.Number), Is.EqualTo(Enumerable.Range(1, 60)));
        }
    }

    [Test]
    public async Task Messages_about_different_things_do_not_wait_for_each_other()
    {
        var (slow, quick) = (NewKey(), NewKey());
        var quickCame = new TaskCompletionSource();
        script.First = (_, context) =>
        {
            if (context.Message.Key == slow)
            {
                return quickCame.Task.WithinDeadlineAsync();
            }

            quickCame.SetResult();
            return Task.CompletedTask;
        };
        await using var host = await StartAsync();

        await host.PublishAsync(new Tick(slow, 1), new Tick(quick, 1));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work");
        Assert.That(script.CameToFirst, Has.Count.EqualTo(2), "nobody gave up waiting and was tried again");
    }

    [Test]
    public async Task A_module_that_lags_does_not_hold_up_another()
    {
        var gate = new TaskCompletionSource();
        script.Second = (_, _) => gate.Task;
        await using var host = await StartAsync();

        await host.PublishAsync(Ticks(NewKey(), 3));

        await Soon.Async(() => script.CameToFirst.Count == 3, "the first module to have all");
        Assert.That((host.Undelivered(), host.Stored()), Is.EqualTo((3L, 3L)), "the second module still needs them");
        gate.SetResult();
        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work");
        Assert.That(script.CameToSecond, Has.Count.EqualTo(3));
        Assert.That(script.CameToFirst, Has.Count.EqualTo(3), "each module once");
    }

    [Test]
    public async Task What_keeps_failing_is_tried_again_and_then_put_aside_without_blocking_what_follows()
    {
        var key = NewKey();
        script.First = (_, context) =>
            context.Message.Number == 2 ? throw new InvalidOperationException("cannot make sense of it") : Task.CompletedTask;
        await using var host = await StartAsync();

        await host.PublishAsync(Ticks(key, 3));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        var letter = (await host.DeadLetters.ListAsync(10)).Single();
        Assert.That(
            (letter.Module, letter.Source, letter.Reason),
            Is.EqualTo(("First", "outbox", "InvalidOperationException: cannot make sense of it"))
        );
        Assert.That(letter.Entry.Key, Is.EqualTo(key));
        Assert.That(script.CameToFirst.Select(tick => tick.Number).Distinct(), Is.EqualTo([1, 2, 3]));
        Assert.That(script.CameToFirst.Count(tick => tick.Number == 2), Is.EqualTo(9), "three rounds of three");
        Assert.That(script.CameToSecond.Select(tick => tick.Number), Is.EqualTo([1, 2, 3]), "the other module has no trouble with it");
    }

    [Test]
    public async Task What_fails_for_a_moment_is_delivered()
    {
        var failures = 0;
        script.First = (_, _) =>
            Interlocked.Increment(ref failures) <= 5 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        await using var host = await StartAsync();

        await host.PublishAsync(Ticks(NewKey(), 1));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        Assert.That(script.CameToFirst, Has.Count.EqualTo(6));
        Assert.That(await host.DeadLetters.CountAsync(), Is.Zero);
    }

    [Test]
    public async Task A_backlog_of_a_long_outage_is_delivered_within_seconds_of_its_end()
    {
        var reached = new TaskCompletionSource();
        var outage = new TaskCompletionSource();
        script.First = (_, _) =>
        {
            reached.TrySetResult();
            return outage.Task;
        };
        await using var host = await StartAsync();
        await host.PublishAsync(Ticks(NewKey(), OutboxRelay.PageSize + 1));
        await reached.Task.WithinDeadlineAsync();

        clock.Advance(TimeSpan.FromMinutes(10));
        outage.SetResult();

        // A rest of half an hour would need more steps of this size than the deadline has time for.
        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", () => clock.Advance(TimeSpan.FromMilliseconds(50)));
    }

    [TestCase(SQLitePCL.raw.SQLITE_BUSY)]
    [TestCase(SQLitePCL.raw.SQLITE_FULL)]
    [TestCase(SQLitePCL.raw.SQLITE_IOERR)]
    public async Task A_store_that_is_down_is_tried_until_it_works_and_nothing_is_put_aside(int code)
    {
        await OutlastAsync(() => new SqliteException("the store is down", code));
    }

    [Test]
    public async Task A_store_that_is_down_behind_an_ORM_is_tried_until_it_works() =>
        await OutlastAsync(() =>
            new InvalidOperationException("could not save", new SqliteException("the store is down", SQLitePCL.raw.SQLITE_FULL))
        );

    [Test]
    public async Task A_disk_that_is_down_is_tried_until_it_works() =>
        await OutlastAsync(() => new StorageException("Storage:Path: orders.db cannot be opened", new IOException("the disk is down")));

    [Test]
    public async Task A_message_that_breaks_a_constraint_is_put_aside_because_no_waiting_will_mend_it()
    {
        script.First = (_, context) =>
            context.Message.Number == 1
                ? throw new SqliteException("UNIQUE constraint failed", SQLitePCL.raw.SQLITE_CONSTRAINT)
                : Task.CompletedTask;
        await using var host = await StartAsync();

        await host.PublishAsync(Ticks(NewKey(), 2));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        Assert.That((await host.DeadLetters.ListAsync(10)).Single().Reason, Does.StartWith("SqliteException: "));
    }

    [Test]
    public async Task A_restart_delivers_again_what_was_not_acknowledged()
    {
        var key = NewKey();
        var reached = new TaskCompletionSource();
        script.First = (_, context) =>
        {
            if (context.Message.Number < 2)
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.CancellationToken);
        };
        await using (var host = await StartAsync())
        {
            await host.PublishAsync(Ticks(key, 3));
            await reached.Task.WithinDeadlineAsync();
        }

        script.First = (_, _) => Task.CompletedTask;
        await using var again = await StartAsync();

        await Soon.Async(() => again.Undelivered() == 0, "an outbox without work");
        Assert.That(script.CameToFirst.Select(tick => tick.Number), Is.EqualTo([1, 2, 1, 2, 3]));
        Assert.That(await again.DeadLetters.CountAsync(), Is.Zero, "stopping is nobody's failure");
    }

    [Test]
    public async Task Duplicates_have_their_effect_once()
    {
        RelayHost? host = null;
        var failed = 0;
        script.First = async (consumer, context) =>
        {
            await host!.TakeEffectOnceAsync(consumer, context);
            if (Interlocked.Increment(ref failed) <= 4)
            {
                throw new InvalidOperationException("after the effect");
            }
        };
        script.Second = (consumer, context) => host!.TakeEffectOnceAsync(consumer, context);
        await using (host = await StartAsync())
        {
            await host.PublishAsync(Ticks(NewKey(), 3));
            await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);

            Assert.That(script.CameToFirst, Has.Count.GreaterThan(3), "there were duplicates");
            Assert.That(host.Effects(nameof(FirstConsumer)), Is.EqualTo([1, 2, 3]));
            Assert.That(host.Effects(nameof(SecondConsumer)), Is.EqualTo([1, 2, 3]), "two consumers of one message each have theirs");
        }
    }

    [Test]
    public async Task A_dead_letter_is_delivered_when_it_is_replayed_after_the_cause_was_mended()
    {
        script.First = (_, _) => throw new InvalidOperationException("broken");
        await using var host = await StartAsync();
        var message = new Tick(NewKey(), 1);
        await host.PublishAsync(message);
        await Soon.Async(async () => await host.DeadLetters.CountAsync() == 1, "a dead letter", PassTime);
        var letter = (await host.DeadLetters.ListAsync(1)).Single();

        Assert.That(
            () => host.Modules.ReplayAsync(letter, CancellationToken.None),
            Throws.InvalidOperationException.With.Message.EqualTo("broken")
        );
        Assert.That(await host.DeadLetters.CountAsync(), Is.EqualTo(1));

        var came = new TaskCompletionSource<Guid?>();
        script.First = (_, context) =>
        {
            came.SetResult(context.MessageId);
            return Task.CompletedTask;
        };
        await host.Modules.ReplayAsync(letter, CancellationToken.None);

        Assert.That(await came.Task.WithinDeadlineAsync(), Is.EqualTo(letter.Entry.MessageId), "the same message, so inboxes know it");
        Assert.That(script.CameToSecond, Has.Count.EqualTo(1), "a replay is for the module that failed");
    }

    [Test]
    public async Task What_nobody_consumes_is_passed_over()
    {
        await using var host = await StartAsync();

        await host.PublishUnheardAsync(new Unheard(NewKey()));
        await host.PublishAsync(Ticks(NewKey(), 1));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work");
        Assert.That(script.CameToFirst, Has.Count.EqualTo(1));
        Assert.That(await host.DeadLetters.CountAsync(), Is.Zero);
    }

    [Test]
    public async Task An_outbox_that_is_attached_later_flows_as_well()
    {
        await using var host = await StartAsync();
        await using var late = SqliteDatabase.Open(folder.File("late.db"), [SqliteOutbox.Schema, SqliteOutbox.Pages], readOnly: false, new PageCaches(16));
        var outbox = new SqliteOutbox("late", late);
        var message = new Tick(NewKey(), 1);
        await late.WriteAsync(session => SqliteOutbox.Append(session, MessageCodec.Encode(message, message.Key, clock.GetUtcNow())));

        host.Relay.Attach(outbox);

        await Soon.Async(async () => await outbox.DepthAsync(CancellationToken.None) == 0, "an outbox without work");
        Assert.That(script.CameToFirst, Is.EqualTo([message]));
        Assert.That(host.Relay.Outboxes.Select(source => source.Name), Is.EquivalentTo(["outbox", "late"]));
    }

    [TestCase(nameof(IOutboxSource.SubscribeAsync))]
    [TestCase(nameof(IOutboxSource.UnsubscribeAsync))]
    [TestCase(nameof(IOutboxSource.Read))]
    [TestCase(nameof(IOutboxSource.AcknowledgeAsync))]
    public async Task An_outbox_that_fails_for_a_moment_does_not_stop_the_relay(string where)
    {
        await using var host = await StartAsync(outbox => new Outbox(outbox) { FailsOnceIn = where });

        await host.PublishAsync(Ticks(NewKey(), 3));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        Assert.That(script.CameToFirst.Select(tick => tick.Number).Distinct(), Is.EqualTo([1, 2, 3]));
        Assert.That(script.CameToSecond.Select(tick => tick.Number).Distinct(), Is.EqualTo([1, 2, 3]));
    }

    [Test]
    public async Task Nothing_moves_before_every_module_has_its_cursor()
    {
        var late = new TaskCompletionSource();
        await using var host = await StartAsync(outbox => new Outbox(outbox)
        {
            BeforeSubscribing = module => module == "Second" ? late.Task : Task.CompletedTask,
        });
        await host.PublishAsync(Ticks(NewKey(), 3));

        // The first module needs a moment to go wrong in, if it does.
        await Task.Delay(100);
        late.SetResult();

        await Soon.Async(() => script.CameToSecond.Count == 3 && host.Undelivered() == 0, "the late module to have all");
        Assert.That(script.CameToFirst, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_dead_letter_store_that_fails_for_a_moment_loses_no_letter()
    {
        script.First = (_, _) => throw new InvalidOperationException("broken");
        var letters = new Letters();
        await using var host = await StartAsync(services: services => services.AddSingleton<IDeadLetters>(letters));

        await host.PublishAsync(Ticks(NewKey(), 1));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        Assert.That(letters.Added, Is.EqualTo(["First", "First"]), "the first attempt failed");
    }

    private async Task OutlastAsync(Func<Exception> trouble)
    {
        const int Failures = 30;
        var failures = 0;
        script.First = (_, context) =>
            context.Message.Number == 2 && Interlocked.Increment(ref failures) <= Failures ? throw trouble() : Task.CompletedTask;
        await using var host = await StartAsync();

        await host.PublishAsync(Ticks(NewKey(), 3));

        await Soon.Async(() => host.Undelivered() == 0, "an outbox without work", PassTime);
        Assert.That(script.CameToFirst.Count(tick => tick.Number == 2), Is.EqualTo(Failures + 1));
        Assert.That(script.CameToFirst.Select(tick => tick.Number).Distinct(), Is.EqualTo([1, 2, 3]));
        Assert.That(await host.DeadLetters.CountAsync(), Is.Zero);
    }

    private Task<RelayHost> StartAsync(Func<IOutboxSource, IOutboxSource>? wrap = null, Action<IServiceCollection>? services = null) =>
        RelayHost.StartAsync(folder.Path, clock, script, wrap, services);

    private void PassTime() => clock.Advance(LongerThanAnyPause);

    private Guid NewKey() => Guid.CreateVersion7(clock.GetUtcNow());

    private static List<Tick> Ticks(Guid key, int count) => [.. Enumerable.Range(1, count).Select(number => new Tick(key, number))];

    /// <summary>An outbox with trouble.</summary>
    private sealed class Outbox(IOutboxSource inner) : IOutboxSource
    {
        private int failed;

        public string? FailsOnceIn { get; init; }

        public Func<string, Task> BeforeSubscribing { get; init; } = _ => Task.CompletedTask;

        public string Name => inner.Name;

        public async Task<long> SubscribeAsync(string module)
        {
            await BeforeSubscribing(module);
            Fail(nameof(SubscribeAsync));
            return await inner.SubscribeAsync(module);
        }

        public Task UnsubscribeAsync(string destination)
        {
            Fail(nameof(UnsubscribeAsync));
            return inner.UnsubscribeAsync(destination);
        }

        public IReadOnlyList<OutboxEntry> Read(long sequence, int limit)
        {
            Fail(nameof(Read));
            return inner.Read(sequence, limit);
        }

        public Task AcknowledgeAsync(IReadOnlyDictionary<string, long> cursors)
        {
            Fail(nameof(AcknowledgeAsync));
            return inner.AcknowledgeAsync(cursors);
        }

        public Task<long> DepthAsync(CancellationToken cancellationToken) => inner.DepthAsync(cancellationToken);

        public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => inner.OldestAsync(cancellationToken);

        public void Wake() => inner.Wake();

        public Task ForgetMessagesAsync(DateTimeOffset before) => inner.ForgetMessagesAsync(before);

        public Task WaitAsync(long sequence, CancellationToken cancellationToken) => inner.WaitAsync(sequence, cancellationToken);

        private void Fail(string where)
        {
            if (where == FailsOnceIn && Interlocked.Exchange(ref failed, 1) == 0)
            {
                throw new SqliteException("disk I/O error", SQLitePCL.raw.SQLITE_IOERR);
            }
        }
    }

    /// <summary>A dead-letter store whose first write fails.</summary>
    private sealed class Letters : IDeadLetters
    {
        public ConcurrentQueue<string> Added { get; } = new();

        public Task AddAsync(string module, string source, OutboxEntry entry, string reason)
        {
            Added.Enqueue(module);
            return Added.Count == 1 ? throw new SqliteException("disk I/O error", SQLitePCL.raw.SQLITE_IOERR) : Task.CompletedTask;
        }

        public Task<IReadOnlyList<DeadLetter>> ListAsync(int limit) => Task.FromResult<IReadOnlyList<DeadLetter>>([]);

        public Task<long> CountAsync() => Task.FromResult<long>(Added.Count);

        public Task<DeadLetter?> FindAsync(long number) => Task.FromResult<DeadLetter?>(null);

        public Task RemoveAsync(long number) => Task.CompletedTask;
    }
}
