using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Messaging.Relay;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>Delivers records to one module, by the page; see <see cref="RecordPages"/>.</summary>
internal sealed partial class RecordDelivery(
    IMessageDestination module,
    SalesPauses pauses,
    KafkaDeadLetterTopic deadLetters,
    KafkaMetrics metrics,
    TimeProvider clock,
    ILogger logger
)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly RecordPages pages = new(module, pauses);

    /// <summary>
    /// Completes when the module has processed the record, or the record is a dead letter. Throws only when it is canceled.
    /// </summary>
    public async Task DeliverAsync(IncomingRecord incoming, CancellationToken cancellationToken)
    {
        while (!await TryDeliverAsync(incoming, cancellationToken))
        {
            await Task.Delay(RetryPause, clock, cancellationToken);
        }

        metrics.Consumed(module.Name, incoming.Record.Topic);
    }

    private async Task<bool> TryDeliverAsync(IncomingRecord incoming, CancellationToken cancellationToken)
    {
        try
        {
            if (incoming.Entry is { } entry)
            {
                await pages.DeliverAsync(entry, incoming.Source, cancellationToken);
            }
            else
            {
                LogUnreadable(logger, incoming.Record.TopicPartitionOffset, incoming.Problem);
                await deadLetters.PublishAsync(module.Name, incoming.Record, incoming.Problem!, cancellationToken);
            }

            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the failure is: to go on to the next record would lose this one.
            LogDeliveryFailed(logger, failure, incoming.Record.TopicPartitionOffset, module.Name);
            return false;
        }
    }

    [LoggerMessage(EventId = 1420, Level = LogLevel.Warning, Message = "{Position} could not be delivered to {Module} and will be retried")]
    private static partial void LogDeliveryFailed(ILogger logger, Exception failure, TopicPartitionOffset position, string module);

    [LoggerMessage(
        EventId = 1421,
        Level = LogLevel.Error,
        Message = "{Position} is not a message and goes to the dead-letter topic: {Problem}"
    )]
    private static partial void LogUnreadable(ILogger logger, TopicPartitionOffset position, string? problem);
}
