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
    /// <summary>Its position in the outbox that it was read from; ascending and never used twice.</summary>
    public long Sequence { get; init; }
}
