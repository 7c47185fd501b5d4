using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kafka;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.KafkaMock;
using TicketBooth.Stalls.Contracts;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

/// <summary>The whole way, as the host composes it: outbox, relay, brokers, a MassTransit consumer with an inbox, dead letters.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class KafkaMessagingTests : IDisposable
{
    private static readonly Guid Row = new(1, 0, 0, new byte[8]);

    private TempFolder folder = null!;
    private MockKafkaCluster cluster = null!;
    private Usher usher = null!;
    private IHost host = null!;
    private SqliteOutbox outbox = null!;

    [SetUp]
    public async Task PrepareAsync()
    {
        folder = new TempFolder();
        cluster = new MockKafkaCluster();
        cluster.CreateTopic("ticketbooth.stalls", 2);
        cluster.CreateTopic("ticketbooth.ushers", 1);
        cluster.CreateTopic("ticketbooth.ushers.dead-letter", 1);
        var storage = TestStorage.Open(folder.Path);
        usher = new Usher(storage.Open("stalls", [SqliteOutbox.Schema, SqliteOutbox.Pages]));
        outbox = new SqliteOutbox("stalls-0001", usher.Database);
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(KafkaConnection.Setting, (string?)cluster.Bootstrap)]);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(storage);
        builder.Services.AddSingleton(usher);
        builder.Services.AddSingleton<IDeadLetters, SqliteDeadLetters>();
        builder.Services.AddSingleton<IOutageDetector, OutageDetector>();
        builder.Services.AddSingleton<ILeases, SingleHost>();
        builder.Services.AddMessaging([new Ushers()], services => services.AddKafka(builder.Configuration));
        host = builder.Build();
        host.Services.GetRequiredService<OutboxRelay>().Attach(outbox);
        await host.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    public void Dispose()
    {
        cluster.Dispose();
        folder.Dispose();
    }

    [Test]
    public async Task A_consumer_has_the_ids_and_the_trace_of_the_request_that_caused_the_message()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MassTransit",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var entry = KafkaHost.Entry(Row, 1) with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

        await PublishAsync(entry);

        await Soon.Async(() => !usher.Came.IsEmpty, "the message");
        var came = usher.Came.Single();
        Assert.That((came.Message, came.MessageId, came.CorrelationId), Is.EqualTo((new SeatTaken(Row, 1), (Guid?)entry.MessageId, (Guid?)Row)));
        Assert.That(came.Trace, Is.EqualTo("0af7651916cd43dd8448eb211c80319c"));
    }

    [Test]
    public async Task A_message_that_was_produced_twice_has_one_effect()
    {
        var entry = KafkaHost.Entry(Row, 1);

        await PublishAsync(entry, entry);

        await Soon.Async(() => usher.Came.Count == 2, "both");
        Assert.That(usher.Effects, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task Orders_are_accepted_without_brokers_and_the_backlog_drains_in_order()
    {
        await PublishAsync(KafkaHost.Entry(Row, 1));
        await Soon.Async(() => usher.Effects.Count == 1, "the first message");

        cluster.Down();
        await PublishAsync([.. Enumerable.Range(2, 99).Select(number => KafkaHost.Entry(Row, number))]);
        Assert.That(usher.Effects, Has.Count.EqualTo(1));
        cluster.Up();

        await Soon.Async(() => usher.Effects.Count == 100, "the backlog");
        Assert.That(usher.Effects, Is.EqualTo(Enumerable.Range(1, 100)));
        await Soon.Async(
            () => usher.Database.Read(session => session.Number($"SELECT (SELECT MAX(last) FROM outbox_pages) - ({SqliteOutbox.SelectDelivered})")) == 0, "the relay to be done");
    }

    [Test]
    public async Task What_a_consumer_keeps_failing_on_is_put_into_the_store_and_into_the_topic_and_blocks_nothing()
    {
        var entry = KafkaHost.Entry(Row, Usher.Unlucky);

        await PublishAsync(entry, KafkaHost.Entry(Row, 1));

        await Soon.Async(() => usher.Effects.Contains(1), "the message behind it");
        var letter = (await host.Services.GetRequiredService<IDeadLetters>().ListAsync(10)).Single();
        Assert.That((letter.Module, letter.Source, letter.Entry.MessageId), Is.EqualTo(("Ushers", "stalls-0001", entry.MessageId)));
        var there = KafkaTool.Read(cluster, "ticketbooth.ushers.dead-letter", 1).Single();
        Assert.That(there.Text("MessageId"), Is.EqualTo(entry.MessageId.ToString()));
        Assert.That(there.Text(KafkaDeadLetterTopic.Reason), Is.EqualTo(letter.Reason).And.Contains("no seat 0"));
    }

    private async Task PublishAsync(params OutboxEntry[] entries)
    {
        await usher.Database.WriteAsync(session =>
        {
            foreach (var entry in entries)
            {
                SqliteOutbox.Append(session, entry);
            }
        });
        outbox.Signal();
    }

    private sealed record Arrival(SeatTaken Message, Guid? MessageId, Guid? CorrelationId, string? Trace);

    private sealed class Usher(SqliteDatabase database)
    {
        public const int Unlucky = 0;

        public SqliteDatabase Database => database;

        public ConcurrentQueue<Arrival> Came { get; } = new();

        public ConcurrentQueue<int> Effects { get; } = new();

        public async Task SeatAsync(InboxKey key, SeatTaken seat)
        {
            if (seat.Number == Unlucky)
            {
                throw new InvalidOperationException("There is no seat 0.");
            }

            if (await database.WriteAsync(session => SqliteOutbox.TryEnter(session, key)))
            {
                Effects.Enqueue(seat.Number);
            }
        }
    }

    private sealed class UsherConsumer(Usher usher) : IConsumer<SeatTaken>
    {
        public async Task Consume(ConsumeContext<SeatTaken> context)
        {
            await usher.SeatAsync(InboxKey.Of(this, context), context.Message);
            usher.Came.Enqueue(new Arrival(context.Message, context.MessageId, context.CorrelationId, Activity.Current?.TraceId.ToHexString()));
        }
    }

    private sealed class Ushers : IModule
    {
        public string Name => "Ushers";

        public void AddServices(IServiceCollection services, IConfiguration configuration)
        {
        }

        public void AddConsumers(ModuleConsumers consumers) => consumers.Add<UsherConsumer>();
    }
}
