using Confluent.Kafka;
using TicketBooth.BuildingBlocks.Kafka.Out;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.BuildingBlocks.Kafka.In;

/// <summary>A record as the consuming module sees it.</summary>
/// <param name="Record">As it came from the broker.</param>
/// <param name="Entry">The message in it; null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be read, or null.</param>
internal sealed record IncomingRecord(ConsumeResult<byte[], byte[]> Record, OutboxEntry? Entry, string? Problem)
{
    /// <summary>The outbox that it came from.</summary>
    public string Source => KafkaRecord.Text(Record.Message, KafkaRecord.Outbox) ?? Record.Topic;

    public static IncomingRecord Read(ConsumeResult<byte[], byte[]> record)
    {
        KafkaRecord.TryRead(record.Message, out var entry, out var problem);
        return new IncomingRecord(record, entry, problem);
    }
}
