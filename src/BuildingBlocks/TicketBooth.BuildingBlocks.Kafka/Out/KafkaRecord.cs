using System.Diagnostics.CodeAnalysis;
using System.Text;
using Confluent.Kafka;
using MassTransit;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using Headers = Confluent.Kafka.Headers;

namespace TicketBooth.BuildingBlocks.Kafka.Out;

/// <summary>Converts outbox entries to Kafka records and back. Only the entry's sequence in its outbox is lost.</summary>
internal static class KafkaRecord
{
    /// <summary>The outbox that a record came from.</summary>
    public const string Outbox = "TicketBooth-Outbox";

    /// <summary>W3C trace context, under the name that other programs look for.</summary>
    public const string TraceParent = "traceparent";

    /// <remarks>The key is text, so that tools can show it. Records with the same key share a partition, and so stay in order.</remarks>
    public static Message<byte[], byte[]> Of(OutboxEntry entry, string outbox)
    {
        var headers = new Headers
        {
            { MessageHeaders.MessageType, Bytes(entry.MessageType) },
            { MessageHeaders.ContentType, Bytes("application/json") },
            { MessageHeaders.MessageId, Bytes(entry.MessageId.ToString()) },
            { MessageHeaders.CorrelationId, Bytes(entry.CorrelationId.ToString()) },
            { Outbox, Bytes(outbox) },
        };
        if (entry.TraceParent is { } trace)
        {
            headers.Add(TraceParent, Bytes(trace));
        }

        return new Message<byte[], byte[]>
        {
            Key = Bytes(entry.Key.ToString()),
            Value = entry.Body,
            Headers = headers,
            Timestamp = new Timestamp(entry.At),
        };
    }

    /// <param name="message">As it came from the broker. Another program may have produced it, so anything may be missing.</param>
    /// <param name="entry">The entry; its time is rounded to milliseconds.</param>
    /// <param name="problem">Why the message is not an entry.</param>
    public static bool TryRead(
        Message<byte[], byte[]> message,
        [NotNullWhen(true)] out OutboxEntry? entry,
        [NotNullWhen(false)] out string? problem
    )
    {
        entry = null;
        problem = null;
        if (Text(message, MessageHeaders.MessageType) is not { Length: > 0 } type)
        {
            problem = $"The header {MessageHeaders.MessageType} is missing.";
        }
        else if (!Guid.TryParse(Text(message, MessageHeaders.MessageId), out var id))
        {
            problem = $"The header {MessageHeaders.MessageId} is missing or not a UUID.";
        }
        else if (!Guid.TryParse(Text(message, MessageHeaders.CorrelationId), out var correlation))
        {
            problem = $"The header {MessageHeaders.CorrelationId} is missing or not a UUID.";
        }
        else if (message.Key is null || !Guid.TryParse(Encoding.UTF8.GetString(message.Key), out var key))
        {
            problem = "The key is missing or not a UUID.";
        }
        else if (message.Value is null)
        {
            problem = "The body is missing.";
        }
        else
        {
            entry = new OutboxEntry(
                id,
                type,
                key,
                message.Value,
                correlation,
                Text(message, TraceParent),
                new DateTimeOffset(message.Timestamp.UtcDateTime)
            );
        }

        return problem is null;
    }

    /// <returns>Null when the header is missing.</returns>
    public static string? Text(Message<byte[], byte[]> message, string header) =>
        message.Headers is { } headers && headers.TryGetLastBytes(header, out var value) && value is not null
            ? Encoding.UTF8.GetString(value)
            : null;

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
