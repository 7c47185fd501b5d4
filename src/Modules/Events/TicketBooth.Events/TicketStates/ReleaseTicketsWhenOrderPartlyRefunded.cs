using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Makes the tickets available again that a refund released; the order keeps the others.</summary>
internal sealed class ReleaseTicketsWhenOrderPartlyRefunded(IBatchWriter<TicketUpdate> writer)
    : BatchConsumer<OrderPartlyRefunded, TicketUpdate>(writer)
{
    protected override TicketUpdate ChangeOf(OrderPartlyRefunded message, InboxKey key) =>
        TicketUpdate.Of(message, message.Tickets.All(ticket => ticket.Released) ? TicketState.Available : TicketState.Sold);
}
