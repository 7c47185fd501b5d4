using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Makes a canceled order's tickets available again.</summary>
internal sealed class ReleaseTicketsWhenOrderCanceled(IBatchWriter<TicketUpdate> writer)
    : BatchConsumer<OrderCanceled, TicketUpdate>(writer)
{
    protected override TicketUpdate ChangeOf(OrderCanceled message, InboxKey key) => TicketUpdate.Of(message, TicketState.Available);
}
