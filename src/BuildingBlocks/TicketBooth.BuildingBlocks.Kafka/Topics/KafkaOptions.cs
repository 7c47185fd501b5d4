using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;

namespace TicketBooth.BuildingBlocks.Kafka.Topics;

/// <summary>Section <c>Kafka</c>. The brokers stand in <c>ConnectionStrings:Kafka</c>, comma separated; without them nothing here is read.</summary>
internal sealed class KafkaOptions
{
    private const string NamePattern = "[a-zA-Z0-9._-]{1,100}";

    /// <summary>Of a topic that is made here. More partitions are more hosts that can share a module's work; a topic that exists is left as it is.</summary>
    [Range(1, 1_000)]
    public int Partitions { get; set; } = 12;

    /// <summary>How many brokers keep a topic that is made here; 0 leaves it to the broker's own default.</summary>
    [Range(0, 9)]
    public int Replication { get; set; }

    /// <summary>Of every topic's name; another one keeps two installations apart on one cluster.</summary>
    [Required]
    [RegularExpression(NamePattern)]
    public string TopicPrefix { get; set; } = "ticketbooth";

    /// <summary>Of every consumer group's name.</summary>
    [Required]
    [RegularExpression(NamePattern)]
    public string GroupPrefix { get; set; } = "ticketbooth";

    /// <summary>How long a broker may hold back an answer while it has nothing new.</summary>
    [Range(1, 10_000)]
    public int FetchWaitMilliseconds { get; set; } = 100;

    /// <summary><c>Consumer</c> hands partitions over without a pause and needs brokers of version 4 or later; <c>Classic</c> is for older ones.</summary>
    [EnumDataType(typeof(GroupProtocol))]
    public GroupProtocol GroupProtocol { get; set; } = GroupProtocol.Consumer;

    /// <summary>More of librdkafka's properties by their own names, for example <c>security.protocol</c> or <c>sasl.password</c>. What TicketBooth sets itself wins.</summary>
    public Dictionary<string, string> Client { get; } = new(StringComparer.Ordinal);
}
