using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Marks an order's tickets as on payment.</summary>
internal sealed class HoldTicketsWhenOrderPlaced(IBatchWriter<TicketUpdate> writer) : BatchConsumer<OrderPlaced, TicketUpdate>(writer)
{
    protected override TicketUpdate ChangeOf(OrderPlaced message, InboxKey key) => TicketUpdate.Of(message, TicketState.OnPayment);
}
