using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Kafka.Out;

/// <summary>Delivers outbox entries to the brokers: one topic for each publishing module, records with the entry's key.</summary>
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

    public bool YieldsToSales => false;

    public bool Accepts(OutboxEntry entry) => true;

    /// <remarks>
    /// Each entry waits for the acknowledgement of the one before it under its key, and for no other: librdkafka sends a page in a few
    /// requests.
    /// </remarks>
    public async Task<IReadOnlyList<OutboxEntry>> DeliverAsync(
        IReadOnlyList<OutboxEntry> page,
        string source,
        CancellationToken cancellationToken
    )
    {
        using var span = Tracing.StartJoined("send messages kafka", ActivityKind.Producer, page.Select(entry => entry.TraceParent));
        span?.SetTag("messaging.system", "kafka").SetTag("messaging.batch.message_count", page.Count);
        return await KeyedDelivery.RunAsync(
            page,
            Math.Max(1, page.Count),
            (entry, ct) => DeliverAsync(entry, source, ct),
            cancellationToken
        );
    }

    private async Task DeliverAsync(OutboxEntry entry, string source, CancellationToken cancellationToken)
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
            await RefuseAsync(entry, source, "Kafka will never accept it: " + failure.Error.Reason);
        }
    }

    /// <summary>
    /// A later attempt would fail too, and a retry would block every entry after this one. So each module that consumes the message gets a
    /// dead letter, which staff can replay without Kafka. When none of those modules runs here, the letter has this outlet's name.
    /// </summary>
    private async Task RefuseAsync(OutboxEntry entry, string source, string reason)
    {
        LogRefused(logger, entry.MessageType, entry.MessageId, reason);
        var consuming = modules.All.Where(module => module.Accepts(entry)).Select(module => module.Name).DefaultIfEmpty(Name);
        foreach (var module in consuming)
        {
            await deadLetters.AddAsync(module, source, entry, reason);
        }
    }

    [LoggerMessage(
        EventId = 1440,
        Level = LogLevel.Error,
        Message = "{MessageType} {MessageId} cannot be published to Kafka and is a dead letter now: {Reason}"
    )]
    private static partial void LogRefused(ILogger logger, string messageType, Guid messageId, string reason);
}
