using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Messaging;
using TicketBooth.BuildingBlocks.Messaging.Kafka;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.Stalls.Contracts;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

/// <summary>From an entry over the brokers into a real MassTransit consumer with a real inbox.</summary>
public sealed class KafkaDispatchTests
{
    private static readonly Guid Row = new(1, 0, 0, new byte[8]);

    private TempFolder folder = null!;
    private MockKafkaCluster cluster = null!;
    private Ushers ushers = null!;
    private IHost host = null!;

    [SetUp]
    public async Task PrepareAsync()
    {
        folder = new TempFolder();
        cluster = new MockKafkaCluster();
        cluster.CreateTopic("ticketbooth.stalls");
        cluster.CreateTopic("ticketbooth.ushers");
        cluster.CreateTopic("ticketbooth.ushers.dead-letter");
        var storage = TestStorage.Open(folder.Path);
        ushers = new Ushers(storage.Open("ushers", [SqliteOutbox.Schema]));
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(KafkaConnection.Setting, (string?)cluster.BootstrapServers)]);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(storage);
        builder.Services.AddSingleton(ushers);
        builder.Services.AddSingleton<IDeadLetters, FakeDeadLetters>();
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<UsherConsumer>();
            bus.UsingInMemory((_, configuration) => configuration.UseRawJsonSerializer(RawSerializerOptions.AddTransportHeaders, isDefault: true));
        });
        var consumers = new ModuleConsumers("Ushers").Add<UsherConsumer>();
        builder.Services.AddSingleton(consumers);
        builder.Services.AddKafka(provider =>
            [new Dispatched(ModuleDispatcher.Create(provider.GetRequiredService<IBusInstance>(), provider.GetRequiredService<IBusRegistrationContext>(), consumers))]);
        host = builder.Build();
        await host.StartAsync();
    }

    [TearDown]
    public async Task CleanUpAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
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

        await Outlet.DeliverAsync(entry, "stalls", CancellationToken.None);

        await Soon.Async(() => !ushers.Came.IsEmpty, "the message");
        var came = ushers.Came.Single();
        Assert.That((came.Message, came.MessageId, came.CorrelationId), Is.EqualTo((new SeatTaken(Row, 1), (Guid?)entry.MessageId, (Guid?)Row)));
        Assert.That(came.Trace, Is.EqualTo("0af7651916cd43dd8448eb211c80319c"));
    }

    [Test]
    public async Task A_message_that_was_produced_twice_has_one_effect()
    {
        var entry = KafkaHost.Entry(Row, 1);

        await Outlet.DeliverAsync(entry, "stalls", CancellationToken.None);
        await Outlet.DeliverAsync(entry, "stalls", CancellationToken.None);

        await Soon.Async(() => ushers.Came.Count == 2, "both");
        Assert.That(ushers.Effects, Is.EqualTo(new[] { 1 }));
    }

    private IMessageDestination Outlet => host.Services.GetRequiredService<KafkaOutlet>();

    private sealed record Arrival(SeatTaken Message, Guid? MessageId, Guid? CorrelationId, string? Trace);

    private sealed class Ushers(SqliteDatabase database)
    {
        public ConcurrentQueue<Arrival> Came { get; } = new();

        public ConcurrentQueue<int> Effects { get; } = new();

        public async Task SeatAsync(InboxKey key, SeatTaken seat)
        {
            var isNew = await database.WriteAsync(session => SqliteOutbox.TryEnter(session, key));
            if (isNew)
            {
                Effects.Enqueue(seat.Number);
            }
        }
    }

    private sealed class UsherConsumer(Ushers ushers) : IConsumer<SeatTaken>
    {
        public async Task Consume(ConsumeContext<SeatTaken> context)
        {
            await ushers.SeatAsync(InboxKey.Of(this, context), context.Message);
            ushers.Came.Enqueue(new Arrival(context.Message, context.MessageId, context.CorrelationId, Activity.Current?.TraceId.ToHexString()));
        }
    }

    private sealed class Dispatched(ModuleDispatcher dispatcher) : IMessageDestination
    {
        public string Name => dispatcher.Module;

        public int SideBySide => 4;

        public bool Accepts(OutboxEntry entry) => dispatcher.Consumes(entry);

        public Task DeliverAsync(OutboxEntry entry, string source, CancellationToken cancellationToken) => dispatcher.DispatchAsync(entry, cancellationToken);
    }
}
