using TicketBooth.Booking.Contracts;

namespace TicketBooth.Events.Domain;

/// <summary>What the public may know about a ticket. The values are stored, and a higher one outranks a lower.</summary>
internal enum TicketState
{
    Available = 0,
    OnPayment = 1,
    Sold = 2,
}

/// <summary>What a message of Booking says about the tickets of one order: the state that the order gives them.</summary>
/// <param name="Revision">The order's. Of two updates by one order the higher revision holds, whichever arrived first.</param>
/// <param name="State"><see cref="TicketState.Available"/> when the order gave its tickets back.</param>
/// <param name="Tickets">All of the order; those that a refund has released are available, whatever the state of the others.</param>
/// <param name="At">When it happened, which may be long before the message arrives.</param>
internal sealed record TicketUpdate(
    Guid OrderId,
    int Revision,
    Guid EventId,
    TicketState State,
    IReadOnlyList<OrderedTicket> Tickets,
    DateTimeOffset At
)
{
    public bool HasReleased => Tickets.Any(ticket => ticket.Released);

    public TicketState StateOf(OrderedTicket ticket) => ticket.Released ? TicketState.Available : State;

    public static TicketUpdate Of(IOrderMessage message, TicketState state) =>
        new(message.OrderId, message.Revision, message.EventId, state, message.Tickets, message.At);
}

/// <summary>What is known of an order here.</summary>
/// <param name="Tickets">How many it has, also when it gave them back.</param>
/// <param name="Released">How many of them refunds have released.</param>
internal sealed record KnownOrder(Guid OrderId, Guid EventId, int Revision, TicketState State, int Tickets, int Released = 0);

/// <summary>A ticket that is on payment or sold.</summary>
internal readonly record struct TakenTicket(int Number, TicketState State);

/// <summary>An order's hold on one ticket. Two orders may hold one ticket for the moments in which messages overtake each other.</summary>
internal readonly record struct Claim(int Number, Guid OrderId, bool IsSold);
