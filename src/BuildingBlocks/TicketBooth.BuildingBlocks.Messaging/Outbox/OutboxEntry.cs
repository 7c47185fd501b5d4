namespace TicketBooth.BuildingBlocks.Messaging.Outbox;

/// <summary>A message to be delivered, stored in the same atomic write as the change that it reports (promise I3).</summary>
/// <param name="MessageId">The same on every delivery; the inbox stores it.</param>
/// <param name="MessageType">MassTransit's URN of the contract's type.</param>
/// <param name="Key">The id of the order or event it is about: entries with one key are delivered in order.</param>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="CorrelationId">Connects the messages of one purchase: the order's id.</param>
/// <param name="TraceParent">W3C trace context of the request that caused it.</param>
public sealed record OutboxEntry(
    Guid MessageId,
    string MessageType,
    Guid Key,
    byte[] Body,
    Guid CorrelationId,
    string? TraceParent,
    DateTimeOffset At
)
{
    private readonly DecodedBody decoded = new();

    /// <summary>Its position in the outbox that it was read from; ascending and never used twice.</summary>
    public long Sequence { get; init; }

    /// <summary>The message. It is decoded once for all modules of the process that read it.</summary>
    internal T Read<T>()
        where T : class => decoded.Of<T>(Body);

    /// <summary>Remembers what the body says, so that no module of this process decodes it.</summary>
    internal OutboxEntry Remembering(object message)
    {
        decoded.Remember(Body, message);
        return this;
    }

    /// <summary>Remembers what a body says. Entries are equal whether they have been read or not.</summary>
    private sealed record DecodedBody
    {
        private Known? known;

        public T Of<T>(byte[] body)
            where T : class
        {
            // Two modules may decode at once: both get a message, and either may be kept.
            if (known is { } found && ReferenceEquals(found.Body, body) && found.Message is T message)
            {
                return message;
            }

            var read = MessageCodec.Decode<T>(body);
            Remember(body, read);
            return read;
        }

        public void Remember(byte[] body, object message) => known = new Known(body, message);

        public bool Equals(DecodedBody? other) => other is not null;

        public override int GetHashCode() => 0;

        private sealed record Known(byte[] Body, object Message);
    }
}
