using TicketBooth.Admissions.Domain;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;

namespace TicketBooth.Admissions.Issuing;

/// <summary>Voids the tickets that a refund has released; the order keeps the others.</summary>
internal sealed class VoidTicketsWhenOrderPartlyRefunded(IBatchWriter<OrderTickets> writer)
    : BatchConsumer<OrderPartlyRefunded, OrderTickets>(writer)
{
    // An order that ended releases all of its tickets, marked or not.
    protected override OrderTickets ChangeOf(OrderPartlyRefunded message, InboxKey key) =>
        TicketWriter.ChangeOf(message, message.BuyerId, message.Currency, isPaid: true);
}
