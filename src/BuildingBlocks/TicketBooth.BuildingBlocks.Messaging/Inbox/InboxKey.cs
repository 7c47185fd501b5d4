using MassTransit;

namespace TicketBooth.BuildingBlocks.Messaging.Inbox;

/// <summary>What makes a consumer's effect happen once (promise I4): stored in the same atomic write as the effect.</summary>
public readonly record struct InboxKey(string Consumer, Guid MessageId)
{
    /// <summary>The key of the message that <paramref name="consumer"/> has in hand.</summary>
    public static InboxKey Of(IConsumer consumer, ConsumeContext context)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        ArgumentNullException.ThrowIfNull(context);
        return new InboxKey(
            consumer.GetType().Name,
            context.MessageId ?? throw new InvalidOperationException("A message without an id came through the relay.")
        );
    }
}
