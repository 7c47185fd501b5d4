using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;

namespace TicketBooth.BuildingBlocks.Kafka.Topics;

/// <summary>
/// Section <c>Kafka</c>, read only where <c>ConnectionStrings:Kafka</c> names the brokers (comma separated).
/// </summary>
internal sealed class KafkaOptions
{
    private const string NamePattern = "[a-zA-Z0-9._-]{1,100}";

    /// <summary>
    /// The partitions of a topic that TicketBooth creates; an existing topic is not changed. More partitions let more hosts share a
    /// module's work.
    /// </summary>
    [Range(1, 1_000)]
    public int Partitions { get; set; } = 12;

    /// <summary>The replication factor of a topic that TicketBooth creates; 0 is the broker's default.</summary>
    [Range(0, 9)]
    public int Replication { get; set; }

    /// <summary>The beginning of every topic's name. Different prefixes separate two installations on one cluster.</summary>
    [Required]
    [RegularExpression(NamePattern)]
    public string TopicPrefix { get; set; } = "ticketbooth";

    /// <summary>The beginning of every consumer group's name.</summary>
    [Required]
    [RegularExpression(NamePattern)]
    public string GroupPrefix { get; set; } = "ticketbooth";

    /// <summary>How long a broker may delay the response to a fetch while it has no new messages.</summary>
    [Range(1, 10_000)]
    public int FetchWaitMilliseconds { get; set; } = 100;

    /// <summary>
    /// <c>Consumer</c> moves partitions between hosts without a pause and needs brokers of version 4 or later; <c>Classic</c> is for older
    /// brokers.
    /// </summary>
    [EnumDataType(typeof(GroupProtocol))]
    public GroupProtocol GroupProtocol { get; set; } = GroupProtocol.Consumer;

    /// <summary>
    /// Further properties of librdkafka by their own names, for example <c>security.protocol</c> or <c>sasl.password</c>. The properties
    /// that TicketBooth sets itself take precedence.
    /// </summary>
    public Dictionary<string, string> Client { get; } = new(StringComparer.Ordinal);
}
