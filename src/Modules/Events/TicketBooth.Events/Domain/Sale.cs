using TicketBooth.Booking.Contracts;

namespace TicketBooth.Events.Domain;

/// <summary>What the public may know about a ticket. The values are stored, and a higher one outranks a lower.</summary>
internal enum TicketState
{
    Available = 0,
    OnPayment = 1,
    Sold = 2,
}

/// <summary>What one of Booking's messages says: the order's tickets are in this state as far as this order goes.</summary>
/// <param name="Revision">Of the order. Of two sales of one order the higher one is the newer truth, whichever came first.</param>
/// <param name="State"><see cref="TicketState.Available"/> when the order gave its tickets back.</param>
/// <param name="At">When it happened, which may be long before it is heard of.</param>
internal sealed record Sale(
    Guid OrderId,
    int Revision,
    Guid EventId,
    TicketState State,
    IReadOnlyList<OrderedTicket> Tickets,
    DateTimeOffset At
)
{
    public static Sale Of(IOrderMessage message, TicketState state) =>
        new(message.OrderId, message.Revision, message.EventId, state, message.Tickets, message.At);
}

/// <summary>What is remembered of an order.</summary>
/// <param name="Tickets">How many it has, also when it gave them back.</param>
internal sealed record KnownSale(Guid OrderId, Guid EventId, int Revision, TicketState State, int Tickets);

/// <summary>A ticket that somebody holds or bought.</summary>
internal readonly record struct TakenTicket(int Number, TicketState State);

/// <summary>An order's hold on one ticket. Two orders may stand on one ticket for the moments in which messages overtake each other.</summary>
internal readonly record struct Claim(int Number, Guid OrderId, bool IsSold);
