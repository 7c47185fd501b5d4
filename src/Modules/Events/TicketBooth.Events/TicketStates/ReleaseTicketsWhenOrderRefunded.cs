using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Makes a refunded order's tickets available again.</summary>
internal sealed class ReleaseTicketsWhenOrderRefunded(IBatchWriter<TicketUpdate> writer)
    : BatchConsumer<OrderRefunded, TicketUpdate>(writer)
{
    protected override TicketUpdate ChangeOf(OrderRefunded message, InboxKey key) => TicketUpdate.Of(message, TicketState.Available);
}
