using System.Diagnostics.Metrics;

namespace TicketBooth.BuildingBlocks.Kafka.Topics;

/// <summary>How many records of a topic are not processed yet, in the partitions that this host consumes for a group.</summary>
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
        consumed = meter.CreateCounter<long>(ConsumedName, "{record}", "Messages that a module has processed, or does not consume.");
        deadLetters = meter.CreateCounter<long>(DeadLettersName, "{record}", "Messages that a module could not process.");
        meter.CreateObservableGauge(
            LagName,
            () =>
                Volatile.Read(ref lags).Select(lag => new Measurement<long>(lag.Records, Tag("group", lag.Group), Tag("topic", lag.Topic))),
            "{record}",
            "Messages that are not processed yet, in the partitions of this host. The sum over all hosts is the lag of the group."
        );
    }

    public void Produced(string topic) => produced.Add(1, Tag("topic", topic));

    public void Consumed(string module, string topic) => consumed.Add(1, Tag("module", module), Tag("topic", topic));

    public void DeadLetter(string module) => deadLetters.Add(1, Tag("module", module));

    /// <summary>Replaces what the gauge shows.</summary>
    public void Lags(IReadOnlyList<KafkaLag> measured) => Volatile.Write(ref lags, measured);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
