using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Marks an order's tickets as sold.</summary>
internal sealed class SellTicketsWhenOrderPaid(IBatchWriter<TicketUpdate> writer) : BatchConsumer<OrderPaid, TicketUpdate>(writer)
{
    protected override TicketUpdate ChangeOf(OrderPaid message, InboxKey key) => TicketUpdate.Of(message, TicketState.Sold);
}
