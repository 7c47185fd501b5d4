using MassTransit;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.Shards;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Inbox;

namespace TicketBooth.Booking.Payments;

/// <summary>Applies messages of Payments to their orders, each once: the inbox mark is written with the order (promise I4).</summary>
internal static class PaymentMessages
{
    /// <summary>Throws when the order cannot be changed now, so that the message is delivered again.</summary>
    public static async Task ApplyAsync(
        this Shard shard,
        IConsumer consumer,
        ConsumeContext context,
        Guid orderId,
        Func<Order, DateTimeOffset, Result<OrderChange>> decide
    )
    {
        var applied = await shard.Lane.RunAsync(new ChangeItem(orderId, InboxKey.Of(consumer, context), decide), context.CancellationToken);
        if (applied.Error is { } error)
        {
            throw new InvalidOperationException($"The message could not be applied to order {orderId}: {error.Code}.");
        }
    }
}
