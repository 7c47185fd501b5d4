using System.Text;
using Confluent.Kafka;
using TicketBooth.KafkaMock;

namespace TicketBooth.Testing.Tests;

public sealed class KafkaTests
{
    private const string Topic = "ticketbooth.booking";
    private const short Produce = 0;

    [Test]
    public async Task The_shared_one_has_every_topic_and_survives_an_outage()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = TestServers.Kafka }).Build();
        using var producer = Producer(TestServers.Kafka);
        Assert.That(admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Where(topic => topic.Partitions.Count == 4).Select(topic => topic.Topic), Is.SupersetOf(new[]
        {
            "ticketbooth.events", "ticketbooth.booking", "ticketbooth.payments", "ticketbooth.dashboard", "ticketbooth.accounts",
            "ticketbooth.events.dead-letter", "ticketbooth.booking.dead-letter", "ticketbooth.payments.dead-letter", "ticketbooth.dashboard.dead-letter", "ticketbooth.accounts.dead-letter",
        }));
        await producer.ProduceAsync("servers-test", new() { Key = "key", Value = "before" });

        Task<DeliveryResult<string, string>> during;
        await using (await TestServers.StopAsync(TestServer.Kafka))
        {
            during = producer.ProduceAsync("servers-test", new() { Key = "key", Value = "during" });
            Assert.That(await Task.WhenAny(during, Task.Delay(500)), Is.Not.SameAs(during), "nothing is delivered while Kafka is down");
        }

        Assert.That((await during.WaitAsync(TimeSpan.FromMinutes(1))).Status, Is.EqualTo(PersistenceStatus.Persisted));
    }

    [Test]
    public async Task A_groups_members_share_the_partitions_and_take_over_from_one_that_leaves()
    {
        using var cluster = new MockKafkaCluster();
        using var producer = Producer(cluster.Bootstrap);
        using var staying = Consumer(cluster.Bootstrap);
        staying.Subscribe(Topic);
        var read = new List<string>();
        using (var leaving = Consumer(cluster.Bootstrap))
        {
            leaving.Subscribe(Topic);
            await ReadUntilAsync([staying, leaving], read, () => staying.Assignment.Count == 2 && leaving.Assignment.Count == 2, "two partitions each");
            await SendAsync(producer, 0, 40);
            await ReadUntilAsync([staying, leaving], read, () => read.Count == 40, "the first forty");
            leaving.Close();
        }

        await SendAsync(producer, 40, 40);
        await ReadUntilAsync([staying], read, () => read.Count >= 80, "the next forty");

        Assert.That(read, Is.EquivalentTo(Enumerable.Range(0, 80).Select(number => number.ToString(Invariant))));
    }

    [Test]
    public async Task A_producer_gets_over_errors_and_a_leader_that_moves()
    {
        using var cluster = new MockKafkaCluster();
        using var producer = Producer(cluster.Bootstrap);
        await SendAsync(producer, 0, 8);

        cluster.FailNext(Produce, ErrorCode.NotLeaderForPartition, ErrorCode.NotEnoughReplicas);
        for (var partition = 0; partition < 4; partition++)
        {
            cluster.MoveLeader(Topic, partition, broker: 1 + (partition % 2));
        }

        await SendAsync(producer, 8, 8);

        using var consumer = Consumer(cluster.Bootstrap);
        consumer.Subscribe(Topic);
        var read = new List<string>();
        await ReadUntilAsync([consumer], read, () => read.Distinct(StringComparer.Ordinal).Count() == 16, "all sixteen");
    }

    [Test]
    public void A_producer_is_told_when_its_message_cannot_be_taken()
    {
        using var cluster = new MockKafkaCluster();
        using var producer = Producer(cluster.Bootstrap);

        cluster.FailNext(Produce, ErrorCode.MsgSizeTooLarge);

        Assert.That(() => producer.ProduceAsync(Topic, new() { Key = "key", Value = "value" }), Throws.InstanceOf<ProduceException<string, string>>());
    }

    [Test]
    public async Task Another_process_steers_it_by_lines()
    {
        using var cluster = new MockKafkaCluster();
        using var control = new Control(cluster);
        using var stop = new CancellationTokenSource();
        var serving = control.RunAsync(stop.Token);
        using (var client = new System.Net.Sockets.TcpClient("127.0.0.1", control.Port))
        {
            using var reader = new StreamReader(client.GetStream());
            await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { AutoFlush = true };
            foreach (var (line, answer) in new[]
            {
                ("status", "ok up"), ("down", "ok"), ("status", "ok down"), ("up", "ok"), ("status", "ok up"), ("down 1", "ok"), ("up 1", "ok"), ("delay 2 10", "ok"),
                ("topic extra 3", "ok"), ("leader extra 0 2", "ok"), ("coordinator group 1", "ok"), ("fail 0 6 19", "ok"), ("unfail 0", "ok"),
                ("topic extra 3", "error The mock cluster answered TopicAlreadyExists"), ("down x", "error The input string 'x' was not in a correct format."), ("dance", "error unknown command"),
            })
            {
                await writer.WriteLineAsync(line);
                Assert.That(await reader.ReadLineAsync(), Is.EqualTo(answer), line);
            }
        }

        await stop.CancelAsync();
        await serving;
    }

    private static readonly System.Globalization.CultureInfo Invariant = System.Globalization.CultureInfo.InvariantCulture;

    private static IProducer<string, string> Producer(string bootstrap) =>
        new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = bootstrap, EnableIdempotence = true, LingerMs = 1 }).Build();

    private static IConsumer<string, string> Consumer(string bootstrap) => new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = bootstrap,
        GroupId = "readers",
        GroupProtocol = GroupProtocol.Consumer,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        FetchWaitMaxMs = 10,
    }).Build();

    private static Task SendAsync(IProducer<string, string> producer, int first, int count) => Task.WhenAll(Enumerable.Range(first, count)
        .Select(number => number.ToString(Invariant))
        .Select(number => producer.ProduceAsync(Topic, new() { Key = number, Value = number })));

    private static Task ReadUntilAsync(IConsumer<string, string>[] consumers, List<string> read, Func<bool> isSo, string what) => Eventually.Async(
        () =>
        {
            foreach (var consumer in consumers)
            {
                while (consumer.Consume(TimeSpan.FromMilliseconds(20)) is { } record)
                {
                    read.Add(record.Message.Value);
                }
            }

            return Task.FromResult(isSo());
        },
        so => so,
        what);
}
