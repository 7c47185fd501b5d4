using System.Text;
using Confluent.Kafka;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.KafkaMock;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class KafkaDeadLetterTests : IDisposable
{
    private const string Topic = "ticketbooth.stalls";
    private const string Group = "ticketbooth.foyer";
    private const string DeadLetters = "ticketbooth.foyer.dead-letter";

    private static readonly Guid Row = new(1, 0, 0, new byte[8]);

    private MockKafkaCluster cluster = null!;
    private FakeModule foyer = null!;

    [SetUp]
    public void Prepare()
    {
        foyer = new FakeModule("Foyer");
        cluster = new MockKafkaCluster();
        cluster.CreateTopic(Topic, 1);
        cluster.CreateTopic(Group, 1);
        cluster.CreateTopic(DeadLetters, 1);
    }

    public void Dispose() => cluster.Dispose();

    [Test]
    public async Task What_is_no_message_goes_to_the_dead_letters_as_it_came_and_blocks_nothing()
    {
        await using var host = await KafkaHost.StartAsync(cluster, foyer);
        var typeless = KafkaRecord.Of(KafkaHost.Entry(Row, 1), "stalls");
        typeless.Headers.Remove("MT-MessageType");
        await KafkaTool.ProduceAsync(
            cluster,
            Topic,
            typeless,
            new Message<byte[], byte[]> { Value = Encoding.UTF8.GetBytes("free beer") },
            KafkaRecord.Of(KafkaHost.Entry(Row, 2), "stalls"));

        await Soon.Async(() => !foyer.Effects.IsEmpty, "the message behind them");
        var letters = KafkaTool.Read(cluster, DeadLetters, 2).OrderBy(letter => letter.Text(KafkaDeadLetterTopic.Position), StringComparer.Ordinal).ToList();

        Assert.That(letters.Select(letter => letter.Text(KafkaDeadLetterTopic.Position)), Is.EqualTo(new[] { "ticketbooth.stalls/0/0", "ticketbooth.stalls/0/1" }));
        Assert.That(letters.Select(letter => letter.Text(KafkaDeadLetterTopic.Reason)), Is.All.Contains("MT-MessageType is missing"));
        Assert.That(letters.Select(letter => letter.Text(KafkaDeadLetterTopic.FailedAt)), Is.All.Not.Null);
        Assert.That((letters[0].Key, letters[0].Value), Is.EqualTo((typeless.Key, typeless.Value)));
        Assert.That(letters[0].Text("MessageId"), Is.EqualTo(typeless.Text("MessageId")), "its own headers stay");
        Assert.That(Encoding.UTF8.GetString(letters[1].Value), Is.EqualTo("free beer"));
        Assert.That(foyer.Seats.Select(seat => seat.Number), Is.EqualTo(new[] { 2 }));
        await Soon.Async(() => KafkaTool.Committed(cluster, Group, Topic) == 3, "all to be committed");
    }

    [Test]
    public async Task What_is_no_message_is_not_passed_over_while_its_letter_cannot_be_stored()
    {
        await using var host = await KafkaHost.StartAsync(cluster, foyer);
        cluster.FailNext(KafkaTool.Produce, ErrorCode.NoError, ErrorCode.TopicAuthorizationFailed);

        await KafkaTool.ProduceAsync(cluster, Topic, new Message<byte[], byte[]> { Value = [1] });

        Assert.That(KafkaTool.Read(cluster, DeadLetters, 1).Single().Value, Is.EqualTo(new byte[] { 1 }));
        await Soon.Async(() => KafkaTool.Committed(cluster, Group, Topic) == 1, "the record to be done with");
    }

    [Test]
    public async Task What_a_module_gave_up_stands_there_with_the_reason()
    {
        await using var host = await KafkaHost.StartAsync(cluster, foyer);
        var entry = KafkaHost.Entry(Row, 1);

        await host.Get<KafkaDeadLetterTopic>().PublishAsync("Foyer", "stalls-0001", entry, "InvalidOperationException: no such row" + new string('!', 5_000), CancellationToken.None);

        var letter = KafkaTool.Read(cluster, DeadLetters, 1).Single();
        Assert.That(letter.Text(KafkaDeadLetterTopic.Reason), Does.StartWith("InvalidOperationException: no such row!").And.Length.LessThan(3_000));
        Assert.That(letter.Text(KafkaRecord.Outbox), Is.EqualTo("stalls-0001"));
        Assert.That(KafkaRecord.TryRead(letter, out var read, out _), Is.True, "so that it can be produced again as it is");
        Assert.That(read!.MessageId, Is.EqualTo(entry.MessageId));
    }

    [Test]
    public async Task What_Kafka_never_takes_becomes_a_dead_letter_of_each_module_that_follows_it()
    {
        await using var host = await KafkaHost.StartAsync(cluster, foyer);
        var huge = KafkaHost.Entry(Row, 1) with { Body = new byte[2_000_000] };

        await host.RelayAsync([huge, KafkaHost.Entry(Row, 2)]);

        await Soon.Async(() => !foyer.Effects.IsEmpty, "the message behind it");
        var letter = host.DeadLetters.All.Single();
        Assert.That((letter.Module, letter.Source, letter.Entry), Is.EqualTo(("Foyer", "stalls-0001", huge)));
        Assert.That(letter.Reason, Does.Contain("size").IgnoreCase);
        var there = KafkaTool.Read(cluster, DeadLetters, 1).Single();
        Assert.That((there.Text("MessageId"), there.Value), Is.EqualTo((huge.MessageId.ToString(), (byte[]?)null)), "without what made it too large");
    }

    [Test]
    public async Task A_message_without_a_topic_is_seen_by_somebody()
    {
        await using var host = await KafkaHost.StartAsync(cluster, foyer);

        await host.RelayAsync([KafkaHost.Entry(Row, 1) with { MessageType = "urn:message:Elsewhere:Thing" }]);

        Assert.That(host.DeadLetters.All.Single(), Has.Property("Module").EqualTo("kafka"), "no module follows it");
    }

    [Test]
    public async Task A_producer_that_cannot_go_on_is_replaced()
    {
        await using var host = await KafkaHost.StartAsync(cluster, foyer);
        await host.RelayAsync([KafkaHost.Entry(Row, 1)]);

        // The first in flight out of order: librdkafka cannot know what was stored, and this producer never produces again.
        cluster.FailNext(KafkaTool.Produce, ErrorCode.OutOfOrderSequenceNumber);
        await host.RelayAsync([KafkaHost.Entry(Row, 2), KafkaHost.Entry(Row, 3)]).WithinDeadlineAsync();

        await Soon.Async(() => foyer.Seats.Any(seat => seat.Number == 3), "what the new one produced");
        Assert.That(foyer.Seats.Select(seat => seat.Number).Distinct(), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task What_the_brokers_refuse_now_comes_out_for_the_relay_to_try_again()
    {
        await using var host = await KafkaHost.StartAsync(cluster, foyer);
        cluster.FailNext(KafkaTool.Produce, ErrorCode.TopicAuthorizationFailed);

        Assert.That(() => host.Outlet.DeliverAsync([KafkaHost.Entry(Row, 1)], "stalls", CancellationToken.None), Throws.InstanceOf<KafkaException>());
        Assert.That(host.DeadLetters.All, Is.Empty);
    }

    [Test]
    public async Task The_relay_can_stop_while_no_broker_answers()
    {
        await using var host = await KafkaHost.StartAsync(cluster, foyer);
        cluster.Down();
        using var stop = new CancellationTokenSource();
        var entry = KafkaHost.Entry(Row, 1);
        var delivering = host.Outlet.DeliverAsync([entry], "stalls", stop.Token);

        await stop.CancelAsync();

        Assert.That(await delivering.WithinDeadlineAsync(), Is.EqualTo(new[] { entry }), "it is still to be delivered");
    }
}
