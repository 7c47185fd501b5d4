using System.Globalization;
using Confluent.Kafka;
using TicketBooth.BuildingBlocks.Kafka.Topics;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Kafka.Out;

/// <summary>Publishes what a module could not process to the module's dead-letter topic, with the reason in the headers.</summary>
internal sealed class KafkaDeadLetterTopic(KafkaProducer producer, KafkaTopics topics, KafkaMetrics metrics, TimeProvider clock)
{
    public const string Reason = "TicketBooth-Dead-Letter-Reason";
    public const string FailedAt = "TicketBooth-Dead-Letter-Failed-At";

    /// <summary>Where an unreadable record came from: topic, partition and offset.</summary>
    public const string Position = "TicketBooth-Dead-Letter-Position";

    // The message of an exception may contain a whole document.
    private const int LongestReason = 2_000;

    /// <summary>
    /// Completes when the letter is stored, without its body when Kafka refuses that as too large. A repeated call stores it twice, with
    /// the same message id.
    /// </summary>
    /// <param name="module">The consuming module.</param>
    /// <param name="source">The outbox that the entry came from.</param>
    public Task PublishAsync(string module, string source, OutboxEntry entry, string reason, CancellationToken cancellationToken) =>
        PublishAsync(module, KafkaRecord.Of(entry, source), reason, cancellationToken);

    /// <summary>The same for a record that cannot be read: it is published as it came.</summary>
    public Task PublishAsync(string module, ConsumeResult<byte[], byte[]> unreadable, string reason, CancellationToken cancellationToken)
    {
        var headers = new Headers();
        foreach (var header in unreadable.Message.Headers ?? [])
        {
            headers.Add(header.Key, header.GetValueBytes());
        }

        headers.Add(
            Position,
            KafkaRecord.Bytes(
                string.Create(CultureInfo.InvariantCulture, $"{unreadable.Topic}/{unreadable.Partition.Value}/{unreadable.Offset.Value}")
            )
        );
        var letter = new Message<byte[], byte[]>
        {
            Key = unreadable.Message.Key,
            Value = unreadable.Message.Value,
            Headers = headers,
            Timestamp = unreadable.Message.Timestamp,
        };
        return PublishAsync(module, letter, reason, cancellationToken);
    }

    private async Task PublishAsync(string module, Message<byte[], byte[]> letter, string reason, CancellationToken cancellationToken)
    {
        letter.Headers.Add(Reason, KafkaRecord.Bytes(reason.Length <= LongestReason ? reason : reason[..LongestReason]));
        letter.Headers.Add(FailedAt, KafkaRecord.Bytes(clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
        try
        {
            await producer.ProduceAsync(topics.DeadLettersOf(module), letter, cancellationToken);
        }
        catch (ProduceException<byte[], byte[]> failure) when (failure.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            // Its size may be the reason why it is a dead letter. The dead-letter store has the body.
            letter.Value = null!;
            await producer.ProduceAsync(topics.DeadLettersOf(module), letter, cancellationToken);
        }

        metrics.DeadLetter(module);
    }
}
