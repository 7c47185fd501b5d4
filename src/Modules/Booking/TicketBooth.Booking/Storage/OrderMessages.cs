using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Messaging.Outbox;

namespace TicketBooth.Booking.Storage;

/// <summary>
/// The outbox entries of a change. Encoded as the last step of its write, so that a change that is not written costs no encoding.
/// </summary>
internal static class OrderMessages
{
    /// <summary>All messages about an order have its id as their key, which keeps them in order.</summary>
    public static OutboxEntry Encode(OrderWrite write, IIntegrationEvent happened) =>
        MessageCodec.Encode(happened, write.Change.After.Id, TimeOf(happened), write.Trace);

    /// <summary>The message about a block's last change. Its key is the block's id.</summary>
    public static OutboxEntry Encode(TicketBlock block) => MessageCodec.Encode(block.Changed, block.Id, block.Changed.At);

    private static DateTimeOffset TimeOf(IIntegrationEvent happened) =>
        happened switch
        {
            IOrderMessage message => message.At,
            RefundDue refund => refund.At,
            PartialRefundDue part => part.At,
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "Booking publishes no such event."),
        };
}
