using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>A decided change of an order: its next state and the events about it, to be written as one (promise I3).</summary>
/// <param name="Before">Null for a new order.</param>
/// <param name="After">The same as <paramref name="Before"/> when nothing changes.</param>
/// <param name="Events">What happened. The store turns them into messages, and only those of changes that it writes.</param>
internal sealed record OrderChange(Order? Before, Order After, params IIntegrationEvent[] Events)
{
    /// <summary>What to do instead when somebody else has the tickets that <see cref="After"/> claims.</summary>
    public OrderChange? IfTaken { get; init; }

    /// <summary>What to do instead when the buyer has too many other tickets of the event by now.</summary>
    public OrderChange? IfOverLimit { get; init; }

    public bool IsNothing => ReferenceEquals(Before, After) && Events.Length == 0;

    /// <summary>The tickets must be claimed by this write.</summary>
    public bool TakesTickets => After.HoldsTickets && Before is not { HoldsTickets: true };

    /// <summary>Tickets become free by this write.</summary>
    public bool FreesTickets => Before is { HoldsTickets: true } && (!After.HoldsTickets || After.Held.Count < Before.Held.Count);

    /// <summary>The tickets that become free.</summary>
    public IReadOnlyList<OrderedTicket> Freed =>
        !FreesTickets ? []
        : !After.HoldsTickets ? Before!.Held
        : [.. Before!.Held.ExceptBy(After.Held.Select(ticket => ticket.Id), ticket => ticket.Id)];

    public static OrderChange Nothing(Order order) => new(order, order);
}
