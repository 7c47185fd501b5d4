using MassTransit;

namespace TicketBooth.BuildingBlocks.Messaging.Inbox;

/// <summary>Makes a consumer apply a message once (promise I4): it is stored in the same atomic write as the message's effect.</summary>
public readonly record struct InboxKey(string Consumer, Guid MessageId)
{
    /// <summary>The key of the message that <paramref name="consumer"/> is processing.</summary>
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
