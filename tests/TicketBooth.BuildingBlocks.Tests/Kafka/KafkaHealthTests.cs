using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.BuildingBlocks.Kafka.Health;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.KafkaMock;

namespace TicketBooth.BuildingBlocks.Tests.Kafka;

public sealed class KafkaHealthTests
{
    private static readonly Guid Row = new(1, 0, 0, new byte[8]);

    private MockKafkaCluster cluster = null!;
    private FakeModule foyer = null!;
    private FakeTimeProvider clock = null!;

    [SetUp]
    public void Prepare()
    {
        foyer = new FakeModule("Foyer");
        clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero));
        cluster = new MockKafkaCluster();
        cluster.CreateTopic("ticketbooth.stalls", partitions: 2);
        cluster.CreateTopic("ticketbooth.foyer", 1);
        cluster.CreateTopic("ticketbooth.foyer.dead-letter", 1);
    }

    [TearDown]
    public void CleanUp() => cluster.Dispose();

    [Test]
    public async Task Without_brokers_the_host_is_degraded_and_never_unhealthy()
    {
        await using var host = KafkaHost.Build(cluster.Bootstrap, [foyer], clock);
        await host.StartAsync();
        Assert.That(await host.HealthAsync(), Is.EqualTo(HealthStatus.Healthy));

        cluster.Down();
        await Soon.Async(() => host.Get<KafkaHealthCheck>().Troubles.Any(), "somebody to notice", () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.That(await host.HealthAsync(), Is.EqualTo(HealthStatus.Degraded));

        cluster.Up();
        await Soon.Async(() => !host.Get<KafkaHealthCheck>().Troubles.Any(), "the brokers again", () => clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.That(await host.HealthAsync(), Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task The_lag_of_a_group_is_what_it_has_not_committed()
    {
        var gate = new TaskCompletionSource();
        foyer.Before = (_, cancellationToken) => gate.Task.WaitAsync(cancellationToken);
        await using var host = KafkaHost.Build(cluster.Bootstrap, [foyer], clock);
        using var meters = new Meters(host.Get<KafkaMetrics>(), host.Get<IMeterFactory>());
        await host.StartAsync();
        await host.RelayAsync(Enumerable.Range(1, 5).Select(number => KafkaHost.Entry(Row, number)));

        await Soon.Async(() => meters.Lag() == 5, "the lag to show", () => clock.Advance(TimeSpan.FromSeconds(1)));
        gate.SetResult();
        await Soon.Async(() => meters.Lag() == 0, "the lag to go", () => clock.Advance(TimeSpan.FromSeconds(1)));

        Assert.That(meters.Tags, Is.EquivalentTo(new[] { ("group", "ticketbooth.foyer"), ("topic", "ticketbooth.stalls") }));
        Assert.That((meters.Sum(KafkaMetrics.ProducedName), meters.Sum(KafkaMetrics.ConsumedName)), Is.EqualTo((5, 5)));
    }

    /// <summary>Reads one host's meter: its instruments are told from another host's by the factory that their meter is of.</summary>
    private sealed class Meters : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly Lock gate = new();
        private readonly Dictionary<string, long> sums = new(StringComparer.Ordinal);
        private long? lag;

        public Meters(KafkaMetrics metrics, IMeterFactory factory)
        {
            Assert.That(metrics, Is.Not.Null, "made before it is listened to");
            listener.InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == KafkaMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    own.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                lock (gate)
                {
                    if (instrument.Name == KafkaMetrics.LagName)
                    {
                        lag = value;
                        Tags = [.. tags.ToArray().Select(tag => (tag.Key, tag.Value?.ToString() ?? ""))];
                    }
                    else
                    {
                        sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value;
                    }
                }
            });
            listener.Start();
        }

        public IReadOnlyList<(string Name, string Value)> Tags { get; private set; } = [];

        public long? Lag()
        {
            listener.RecordObservableInstruments();
            lock (gate)
            {
                return lag;
            }
        }

        public long Sum(string name)
        {
            lock (gate)
            {
                return sums.GetValueOrDefault(name);
            }
        }

        public void Dispose() => listener.Dispose();
    }
}
