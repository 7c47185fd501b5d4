using TicketBooth.Admissions.Domain;
using TicketBooth.Admissions.Storage;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Messaging.Batches;

namespace TicketBooth.Admissions.Issuing;

/// <summary>Stores what orders' messages say about their tickets, by the page: a sale that sells out issues ten thousand.</summary>
internal sealed class TicketWriter(ITicketStore tickets) : IBatchWriter<OrderTickets>
{
    public Task ApplyAsync(IReadOnlyList<OrderTickets> changes, CancellationToken cancellationToken) => tickets.ApplyAsync(changes);

    public static OrderTickets ChangeOf(IOrderMessage message, Guid buyerId, string currency, bool isPaid) =>
        new(
            message.OrderId,
            message.Revision,
            message.EventId,
            buyerId,
            isPaid,
            currency,
            [.. message.Tickets.Select(ticket => new OrderTicket(ticket.Number, ticket.TierId, ticket.Price, ticket.Released))]
        );

    public static OrderTickets ChangeOf(OrderFacts order) =>
        new(
            order.OrderId,
            order.Revision,
            order.EventId,
            order.BuyerId,
            order.Status == OrderStatus.Paid,
            order.Currency,
            [.. order.Tickets.Select(ticket => new OrderTicket(ticket.Number, ticket.TierId, ticket.Price, ticket.Released))]
        );
}
