using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kafka.Health;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.KafkaMock;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class KafkaDeliveryTests : IDisposable
{
    private const string Topic = "ticketbooth.stalls";
    private const string Group = "ticketbooth.foyer";

    private MockKafkaCluster cluster = null!;
    private FakeModule foyer = null!;

    [SetUp]
    public void Prepare() => foyer = new FakeModule("Foyer");

    public void Dispose() => cluster.Dispose();

    [Test]
    public async Task A_message_takes_effect_in_the_module_that_follows_it_with_all_it_says()
    {
        await using var host = await StartAsync();
        var entry = KafkaHost.Entry(Row(1), 7) with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

        await host.Outlet.DeliverAsync([entry], "stalls-0001", CancellationToken.None);

        await Soon.Async(() => !foyer.Effects.IsEmpty, "the message");
        var (came, source) = foyer.Effects.Single();
        Assert.That(came with { Body = entry.Body }, Is.EqualTo(entry));
        Assert.That(foyer.Seats.Single(), Has.Property("Number").EqualTo(7));
        Assert.That(source, Is.EqualTo("stalls-0001"));
    }

    [Test]
    public async Task Messages_that_the_module_does_not_follow_are_passed_over()
    {
        await using var host = await StartAsync();
        var dusted = MessageCodec.Encode(new TicketBooth.Stalls.Contracts.SeatDusted(Row(1)), Row(1), TimeProvider.System.GetUtcNow());

        await host.RelayAsync([dusted, KafkaHost.Entry(Row(1), 1)]);

        await Soon.Async(() => !foyer.Effects.IsEmpty, "the message behind it");
        await Soon.Async(() => KafkaTool.Committed(cluster, Group, Topic) == 2, "both to be committed");
        Assert.That(foyer.Effects, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Each_module_is_given_each_message()
    {
        Create(partitions: 3);
        cluster.CreateTopic("ticketbooth.kiosk", 1);
        cluster.CreateTopic("ticketbooth.kiosk.dead-letter", 1);
        var kiosk = new FakeModule("Kiosk");
        await using var host = KafkaHost.Build(cluster.Bootstrap, [foyer, kiosk]);
        await host.StartAsync();

        await host.RelayAsync(Entries(rows: 4, messages: 10));

        await Soon.Async(() => foyer.Effects.Count == 40 && kiosk.Effects.Count == 40, "both modules to have all");
    }

    [Test]
    public async Task Messages_about_one_thing_come_in_order_while_hosts_join_and_leave()
    {
        const int Rows = 24;
        const int Messages = 150;
        Create(partitions: 6);
        foyer.Before = (entry, _) => Task.Delay(entry.MessageId.GetHashCode() & 3, CancellationToken.None);
        await using var first = await KafkaHost.StartAsync(cluster, foyer);
        var relaying = first.RelayAsync(Entries(Rows, Messages));

        await Soon.Async(() => foyer.Effects.Count > 300, "some messages");
        await using var second = await KafkaHost.StartAsync(cluster, foyer);
        await Soon.Async(() => foyer.Effects.Count > 1_200, "more messages");
        await using var third = await KafkaHost.StartAsync(cluster, foyer);
        await second.DisposeAsync();
        await relaying.WithinDeadlineAsync();
        await first.DisposeAsync();

        await Soon.Async(() => foyer.Effects.DistinctBy(effect => effect.Entry.MessageId).Count() == Rows * Messages, "all messages");
        AssertOrder(Rows, Messages);
    }

    [Test]
    public async Task Different_things_do_not_wait_for_each_other()
    {
        var gate = new TaskCompletionSource();
        foyer.Before = (entry, _) => entry.Key == Row(1) ? gate.Task : Task.CompletedTask;
        await using var host = await StartAsync();

        await host.RelayAsync([KafkaHost.Entry(Row(1), 1), .. Entries(rows: 3, messages: 5).Where(entry => entry.Key != Row(1))]);

        await Soon.Async(() => foyer.Effects.Count == 10, "the other rows, which share the partition");
        gate.SetResult();
        await Soon.Async(() => foyer.Effects.Count == 11, "the slow one");
    }

    [Test]
    public async Task Brokers_that_are_gone_for_a_while_lose_nothing_and_change_no_order()
    {
        const int Rows = 8;
        const int Messages = 40;
        var clock = new FakeTimeProvider();
        Create(partitions: 3);
        await using var host = await KafkaHost.StartAsync(cluster, foyer, clock);
        var entries = Entries(Rows, Messages).ToList();
        await host.RelayAsync(entries.Where(entry => Number(entry) <= 10));
        await Soon.Async(() => foyer.Effects.Count == Rows * 10, "the first ten of each row");

        cluster.Down();
        var relaying = host.RelayAsync(entries.Where(entry => Number(entry) > 10));
        await Soon.Async(() => host.Get<KafkaHealthCheck>().Troubles.Any(), "somebody to notice", () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.That(relaying.IsCompleted, Is.False);
        Assert.That(foyer.Effects, Has.Count.EqualTo(Rows * 10));
        cluster.Up();

        await relaying.WithinDeadlineAsync();
        await Soon.Async(() => foyer.Effects.DistinctBy(effect => effect.Entry.MessageId).Count() == Rows * Messages, "all messages");
        AssertOrder(Rows, Messages);
    }

    [Test]
    public async Task A_partition_and_a_group_may_move_to_another_broker_at_any_time()
    {
        const int Rows = 8;
        const int Messages = 60;
        Create(partitions: 2);
        await using var host = await KafkaHost.StartAsync(cluster, foyer);
        var relaying = host.RelayAsync(Entries(Rows, Messages));

        foreach (var broker in new[] { 1, 2, 1, 2 })
        {
            cluster.MoveLeader(Topic, 0, broker);
            cluster.MoveLeader(Topic, 1, 3 - broker);
            cluster.MoveCoordinator(Group, broker);
            var before = foyer.Effects.Count;
            await Soon.Async(() => foyer.Effects.Count > before || foyer.Effects.Count >= Rows * Messages, "messages after the move");
        }

        await relaying.WithinDeadlineAsync();
        await Soon.Async(() => foyer.Effects.DistinctBy(effect => effect.Entry.MessageId).Count() == Rows * Messages, "all messages");
        AssertOrder(Rows, Messages);
        await Soon.Async(() => KafkaTool.Committed(cluster, Group, Topic, 0) + KafkaTool.Committed(cluster, Group, Topic, 1) >= Rows * Messages, "all to be committed");
    }

    [Test]
    public async Task An_offset_is_committed_when_everything_before_it_had_its_effect_and_not_sooner()
    {
        foyer.Before = (entry, cancellationToken) => Number(entry) == 3 ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask;
        Create(partitions: 1);
        await using (var host = await KafkaHost.StartAsync(cluster, foyer))
        {
            // Five rows: nothing of them has to wait for the third.
            foreach (var number in Enumerable.Range(1, 5))
            {
                await host.Outlet.DeliverAsync([KafkaHost.Entry(Row(number), number)], "stalls", CancellationToken.None);
            }

            await Soon.Async(() => foyer.Effects.Count == 4, "all but the third");
        }

        Assert.That(KafkaTool.Committed(cluster, Group, Topic), Is.EqualTo(2), "the third is where the next one begins");
        foyer.Effects.Clear();
        foyer.Before = (_, _) => Task.CompletedTask;
        await using var restarted = await KafkaHost.StartAsync(cluster, foyer);

        await Soon.Async(() => foyer.Effects.Count >= 3, "the rest");
        Assert.That(foyer.Seats.Select(seat => seat.Number).Order(), Is.EqualTo(new[] { 3, 4, 5 }), "nothing lost, and what had no commit again");
    }

    [Test]
    public async Task A_host_that_stops_lets_effects_end_and_leaves_nothing_to_repeat()
    {
        var (began, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        foyer.Before = (_, _) =>
        {
            began.TrySetResult();
            return gate.Task;
        };
        Create(partitions: 1);
        var host = await KafkaHost.StartAsync(cluster, foyer);
        await host.RelayAsync([KafkaHost.Entry(Row(1), 1)]);
        await began.Task.WithinDeadlineAsync();

        var stopping = host.DisposeAsync().AsTask();
        Assert.That(stopping.IsCompleted, Is.False);
        gate.SetResult();
        await stopping.WithinDeadlineAsync();

        Assert.That(foyer.Effects, Has.Count.EqualTo(1));
        Assert.That(KafkaTool.Committed(cluster, Group, Topic), Is.EqualTo(1));
    }

    [Test]
    public async Task A_host_can_stop_while_no_broker_answers()
    {
        var host = await StartAsync();
        await host.RelayAsync([KafkaHost.Entry(Row(1), 1)]);
        await Soon.Async(() => !foyer.Effects.IsEmpty, "the module to follow its topic");
        cluster.Down();

        await host.DisposeAsync().AsTask().WithinDeadlineAsync();
    }

    [Test]
    public async Task A_message_that_was_produced_twice_comes_with_the_same_id()
    {
        await using var host = await StartAsync();
        var entry = KafkaHost.Entry(Row(1), 1);

        await host.RelayAsync([entry, entry]);

        await Soon.Async(() => foyer.Effects.Count == 2, "both");
        Assert.That(foyer.Effects.Select(effect => effect.Entry.MessageId), Is.All.EqualTo(entry.MessageId), "by which inboxes know it");
    }

    // By itself: beside others the machine may be slower than this member may be silent.
    [Test]
    [NonParallelizable]
    public async Task A_module_whose_store_is_down_keeps_its_place_in_the_group()
    {
        // More than a partition may have in hand, so that it is paused, and longer than a member may be silent.
        const int Rows = 20;
        const int Messages = 80;
        Create(partitions: 1);
        var store = new TaskCompletionSource();
        foyer.Before = (_, cancellationToken) => store.Task.WaitAsync(cancellationToken);
        await using var host = await KafkaHost.StartAsync(cluster, foyer, ("Kafka:Client:max.poll.interval.ms", "1000"));
        await host.RelayAsync(Entries(Rows, Messages)).WithinDeadlineAsync();

        await Task.Delay(TimeSpan.FromSeconds(3));
        store.SetResult();

        await Soon.Async(() => foyer.Effects.Count >= Rows * Messages, "all messages");
        await Soon.Async(() => KafkaTool.Committed(cluster, Group, Topic) == Rows * Messages, "all to be committed");
        Assert.That(foyer.Effects, Has.Count.EqualTo(Rows * Messages), "nobody took the partition away, so nothing was repeated");
        AssertOrder(Rows, Messages);
    }

    [Test]
    public async Task A_partition_that_was_paused_flows_again_when_it_comes_back()
    {
        const int Rows = 30;
        const int Messages = 120;
        Create(partitions: 2);
        var store = new TaskCompletionSource();
        foyer.Before = (_, cancellationToken) => store.Task.WaitAsync(cancellationToken);
        await using var host = await KafkaHost.StartAsync(cluster, foyer);
        await host.RelayAsync(Entries(Rows, Messages)).WithinDeadlineAsync();
        var other = new FakeModule("Foyer");

        await using (await KafkaHost.StartAsync(cluster, other))
        {
            await Soon.Async(() => !other.Effects.IsEmpty, "the second host to have a partition");
        }

        store.SetResult();
        await Soon.Async(
            () => foyer.Effects.Concat(other.Effects).DistinctBy(effect => effect.Entry.MessageId).Count() == Rows * Messages, "all messages");
    }

    [Test]
    public async Task What_a_module_cannot_be_given_now_is_given_to_it_later()
    {
        var failures = 2;
        foyer.Before = (_, _) => Interlocked.Decrement(ref failures) >= 0 ? throw new IOException("The dead letters cannot be written.") : Task.CompletedTask;
        await using var host = await StartAsync();

        await host.RelayAsync([KafkaHost.Entry(Row(1), 1), KafkaHost.Entry(Row(1), 2)]);

        await Soon.Async(() => foyer.Effects.Count == 2, "both");
        Assert.That(foyer.Seats.Select(seat => seat.Number), Is.EqualTo(new[] { 1, 2 }));
    }

    private Task<KafkaHost> StartAsync()
    {
        Create(partitions: 1);
        return KafkaHost.StartAsync(cluster, foyer);
    }

    private void Create(int partitions)
    {
        cluster = new MockKafkaCluster();
        cluster.CreateTopic(Topic, partitions);
        cluster.CreateTopic(Group, 1);
        cluster.CreateTopic("ticketbooth.foyer.dead-letter", 1);
    }

    /// <summary>The order of first effects: whatever comes again is known to inboxes.</summary>
    private void AssertOrder(int rows, int messages)
    {
        var came = foyer.Seats.Distinct().ToLookup(seat => seat.Row, seat => seat.Number);
        for (var row = 1; row <= rows; row++)
        {
            Assert.That(came[Row(row)], Is.EqualTo(Enumerable.Range(1, messages)));
        }
    }

    private static IEnumerable<OutboxEntry> Entries(int rows, int messages) =>
        Enumerable.Range(1, messages).SelectMany(number => Enumerable.Range(1, rows).Select(row => KafkaHost.Entry(Row(row), number)));

    private static Guid Row(int number) => new(number, 0, 0, new byte[8]);

    private static int Number(OutboxEntry entry) => System.Text.Json.JsonDocument.Parse(entry.Body).RootElement.GetProperty("number").GetInt32();
}
