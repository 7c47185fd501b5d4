using TicketBooth.Booking.Domain;
using TicketBooth.BuildingBlocks.Messaging.Inbox;

namespace TicketBooth.Booking.Storage;

/// <summary>One write of a batch.</summary>
/// <param name="Inbox">The message that caused it; null when no message did.</param>
/// <param name="Trace">The trace context of the request that caused it, for its messages; null when nobody records it.</param>
internal readonly record struct OrderWrite(OrderChange Change, InboxKey? Inbox, string? Trace = null);

/// <summary>The result of one write.</summary>
internal enum WriteOutcome
{
    Written,

    /// <summary>Another order holds at least one of the tickets; nothing of this write was stored.</summary>
    TicketTaken,

    /// <summary>
    /// Another order of this buyer has the turn (<see cref="Order.Turn"/>), so the decision did not know of it; nothing of this write was
    /// stored.
    /// </summary>
    OutOfTurn,

    /// <summary>The order has changed since the decision (a new order: its id exists already); nothing of this write was stored.</summary>
    Stale,

    /// <summary>The inbox knows the message: its effect is stored already.</summary>
    Duplicate,
}
