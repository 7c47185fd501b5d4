using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Kafka.Topics;

/// <summary>The modules of this process that consume messages.</summary>
/// <param name="destinations">Resolved on first use, because creating the modules' consumers may need the producer first.</param>
internal sealed class KafkaModules(Lazy<IReadOnlyList<IMessageDestination>> destinations)
{
    public IReadOnlyList<IMessageDestination> All => destinations.Value;
}
