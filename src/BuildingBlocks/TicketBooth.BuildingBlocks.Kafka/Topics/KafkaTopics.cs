using Microsoft.Extensions.Options;

namespace TicketBooth.BuildingBlocks.Kafka.Topics;

/// <summary>
/// The names on the brokers: a topic for each publishing module, a consumer group and a dead-letter topic for each consuming module.
/// </summary>
internal sealed class KafkaTopics(IOptions<KafkaOptions> options)
{
    private const string UrnPrefix = "urn:message:TicketBooth.";

    public string Of(string module) => $"{options.Value.TopicPrefix}.{module.ToLowerInvariant()}";

    public string DeadLettersOf(string module) => Of(module) + ".dead-letter";

    public string GroupOf(string module) => $"{options.Value.GroupPrefix}.{module.ToLowerInvariant()}";

    /// <summary>The topic of a message type: that of the module whose Contracts contain it.</summary>
    /// <param name="messageType">For example <c>urn:message:TicketBooth.Booking.Contracts:OrderPlaced</c>.</param>
    /// <returns>Null when no module has that type.</returns>
    public string? ForMessages(string messageType)
    {
        if (!messageType.StartsWith(UrnPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var end = messageType.IndexOf(".Contracts:", UrnPrefix.Length, StringComparison.Ordinal);
        return end > UrnPrefix.Length ? Of(messageType[UrnPrefix.Length..end]) : null;
    }
}
