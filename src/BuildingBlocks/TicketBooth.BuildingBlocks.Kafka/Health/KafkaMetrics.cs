using System.Diagnostics.Metrics;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;

namespace TicketBooth.BuildingBlocks.Kafka.Health;

/// <summary>How many records of a topic had no effect yet, in the partitions that this host has for a group.</summary>
internal readonly record struct KafkaLag(string Group, string Topic, long Records);

/// <summary>The meter <c>TicketBooth.Kafka</c>.</summary>
internal sealed class KafkaMetrics
{
    public const string MeterName = "TicketBooth.Kafka";
    public const string LagName = "ticketbooth.kafka.lag";
    public const string ProducedName = "ticketbooth.kafka.produced";
    public const string ConsumedName = "ticketbooth.kafka.consumed";
    public const string DeadLettersName = "ticketbooth.kafka.dead_letters";

    private readonly Counter<long> produced;
    private readonly Counter<long> consumed;
    private readonly Counter<long> deadLetters;
    private IReadOnlyList<KafkaLag> lags = [];

    public KafkaMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        produced = meter.CreateCounter<long>(ProducedName, "{record}", "Messages that the brokers have stored.");
        consumed = meter.CreateCounter<long>(ConsumedName, "{record}", "Messages that took effect in a module, or that it has no use for.");
        deadLetters = meter.CreateCounter<long>(DeadLettersName, "{record}", "Messages that a module could not use.");
        meter.CreateObservableGauge(
            LagName,
            () =>
                Volatile.Read(ref lags).Select(lag => new Measurement<long>(lag.Records, Tag("group", lag.Group), Tag("topic", lag.Topic))),
            "{record}",
            "Messages without effect in a module yet, in the partitions of this host: the sum over the hosts is the group's."
        );
    }

    public void Produced(string topic) => produced.Add(1, Tag("topic", topic));

    public void Consumed(string module, string topic) => consumed.Add(1, Tag("module", module), Tag("topic", topic));

    public void DeadLetter(string module) => deadLetters.Add(1, Tag("module", module));

    /// <summary>What the gauge shows until the next time.</summary>
    public void Lags(IReadOnlyList<KafkaLag> measured) => Volatile.Write(ref lags, measured);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
