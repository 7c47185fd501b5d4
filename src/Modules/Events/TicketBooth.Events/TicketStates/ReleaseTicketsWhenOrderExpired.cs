using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;
using TicketBooth.Events.Domain;

namespace TicketBooth.Events.TicketStates;

/// <summary>Makes the tickets of an order that was not paid in time available again.</summary>
internal sealed class ReleaseTicketsWhenOrderExpired(IBatchWriter<TicketUpdate> writer) : BatchConsumer<OrderExpired, TicketUpdate>(writer)
{
    protected override TicketUpdate ChangeOf(OrderExpired message, InboxKey key) => TicketUpdate.Of(message, TicketState.Available);
}
