using TicketBooth.Admissions.Domain;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;

namespace TicketBooth.Admissions.Issuing;

/// <summary>Voids the tickets of a refunded order.</summary>
internal sealed class VoidTicketsWhenOrderRefunded(IBatchWriter<OrderTickets> writer) : BatchConsumer<OrderRefunded, OrderTickets>(writer)
{
    protected override OrderTickets ChangeOf(OrderRefunded message, InboxKey key) =>
        TicketWriter.ChangeOf(message, message.BuyerId, message.Currency, isPaid: false);
}
