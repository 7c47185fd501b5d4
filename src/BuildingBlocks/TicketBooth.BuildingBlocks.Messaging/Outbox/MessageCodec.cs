using System.Collections.Concurrent;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Messaging.Outbox;

/// <summary>Converts integration events to outbox entries, and entries to what MassTransit's raw JSON pipeline reads.</summary>
public static class MessageCodec
{
    private static readonly ConcurrentDictionary<Type, string> Urns = new();

    /// <param name="message">A record of a module's Contracts.</param>
    /// <param name="key">The order or event that the message is about; also its correlation id.</param>
    /// <param name="now">When the state changed.</param>
    public static OutboxEntry Encode(IIntegrationEvent message, Guid key, DateTimeOffset now) => Encode(message, key, now, Tracing.Context);

    /// <inheritdoc cref="Encode(IIntegrationEvent, Guid, DateTimeOffset)"/>
    /// <param name="message">A record of a module's Contracts.</param>
    /// <param name="key">The order or event that the message is about; also its correlation id.</param>
    /// <param name="now">When the state changed.</param>
    /// <param name="trace">The trace context of the request that caused it, where that is not the present span.</param>
    public static OutboxEntry Encode(IIntegrationEvent message, Guid key, DateTimeOffset now, string? trace)
    {
        ArgumentNullException.ThrowIfNull(message);
        var type = message.GetType();
        return new OutboxEntry(
            FreshId.At(now),
            Urns.GetOrAdd(type, static type => MessageUrn.ForTypeString(type)),
            key,
            JsonSerializer.SerializeToUtf8Bytes(message, type, SystemTextJsonMessageSerializer.Options),
            key,
            trace,
            now
        ).Remembering(message);
    }

    /// <exception cref="JsonException">It is not such a message.</exception>
    internal static T Decode<T>(byte[] body)
        where T : class =>
        JsonSerializer.Deserialize<T>(body, SystemTextJsonMessageSerializer.Options) ?? throw new JsonException("The message is null.");

    internal static Dictionary<string, object> Headers(OutboxEntry entry)
    {
        var headers = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            [MessageHeaders.MessageType] = entry.MessageType,
            [MessageHeaders.ContentType] = "application/json",
            [MessageHeaders.MessageId] = entry.MessageId.ToString(),
            [MessageHeaders.CorrelationId] = entry.CorrelationId.ToString(),
        };
        if (entry.TraceParent is { } trace)
        {
            // MassTransit 8.5 reads the parent span from its own header, not from traceparent.
            headers["MT-Activity-Id"] = trace;
        }

        return headers;
    }
}
