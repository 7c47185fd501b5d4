using TicketBooth.Admissions.Domain;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;
using TicketBooth.BuildingBlocks.Messaging.Inbox;

namespace TicketBooth.Admissions.Issuing;

/// <summary>Issues the tickets of an order that is paid.</summary>
internal sealed class IssueTicketsWhenOrderPaid(IBatchWriter<OrderTickets> writer) : BatchConsumer<OrderPaid, OrderTickets>(writer)
{
    protected override OrderTickets ChangeOf(OrderPaid message, InboxKey key) =>
        TicketWriter.ChangeOf(message, message.BuyerId, message.Currency, isPaid: true);
}
