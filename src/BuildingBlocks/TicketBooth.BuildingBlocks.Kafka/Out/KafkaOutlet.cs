using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kafka.Health;
using TicketBooth.BuildingBlocks.Kafka.In;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Kafka.Out;

/// <summary>The relay's way to the brokers: one topic for each publishing module, records keyed by what they are about.</summary>
internal sealed partial class KafkaOutlet(
    KafkaProducer producer,
    KafkaTopics topics,
    KafkaModules modules,
    IDeadLetters deadLetters,
    KafkaMetrics metrics,
    ILogger<KafkaOutlet> logger
) : IMessageDestination
{
    public string Name => MessageBroker.Name;

    /// <remarks>Each of them waits for an acknowledgement, and librdkafka packs what waits together.</remarks>
    public int SideBySide => 128;

    public bool Accepts(OutboxEntry entry) => true;

    public async Task DeliverAsync(OutboxEntry entry, string source, CancellationToken cancellationToken)
    {
        if (topics.ForMessages(entry.MessageType) is not { } topic)
        {
            await RefuseAsync(entry, source, "No module's Contracts hold this type, so it has no topic.");
            return;
        }

        try
        {
            await producer.ProduceAsync(topic, KafkaRecord.Of(entry, source), cancellationToken);
            metrics.Produced(topic);
        }
        catch (ProduceException<byte[], byte[]> failure)
            when (failure.Error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord)
        {
            await RefuseAsync(entry, source, "Kafka will never take it: " + failure.Error.Reason);
        }
    }

    /// <summary>
    /// No later attempt would do better, and waiting would hold up everything behind it: each module that should have had the message gets a
    /// dead letter, from which a person can give it to the module without Kafka. If none of them runs here, the letter stands under this outlet's name.
    /// </summary>
    private async Task RefuseAsync(OutboxEntry entry, string source, string reason)
    {
        LogRefused(logger, entry.MessageType, entry.MessageId, reason);
        var readers = modules.All.Where(module => module.Accepts(entry)).Select(module => module.Name).DefaultIfEmpty(Name);
        foreach (var reader in readers)
        {
            await deadLetters.AddAsync(reader, source, entry, reason);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{MessageType} {MessageId} cannot be produced and is put with the dead letters: {Reason}"
    )]
    private static partial void LogRefused(ILogger logger, string messageType, Guid messageId, string reason);
}
