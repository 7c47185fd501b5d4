using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>The consuming modules of this process, by whom messages of theirs are handled.</summary>
/// <param name="destinations">Asked once, when they are first needed: they may be made by somebody who needs the outlet to the brokers.</param>
internal sealed class KafkaModules(Lazy<IReadOnlyList<IMessageDestination>> destinations)
{
    public IReadOnlyList<IMessageDestination> All => destinations.Value;
}
