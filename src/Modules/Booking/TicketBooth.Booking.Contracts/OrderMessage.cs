using System.Text.Json.Serialization;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>A ticket in an order.</summary>
/// <param name="Number">Within its event.</param>
/// <param name="Price">The price that the order quoted, in cents (promise I6).</param>
public sealed record OrderedTicket(Guid Id, int Number, Guid TierId, long Price)
{
    /// <summary>The order holds it no more: a refund released it, and it may be another order's. Left out while it is false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Released { get; init; }

    /// <summary>
    /// The buyer's bank disputes the money that paid for it, or has taken it. Only told to staff and in messages. Left out while it is
    /// false.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Disputed { get; init; }
}

/// <summary>
/// What every message about an order has in common. Of two messages about one order, the one with the higher revision is newer.
/// </summary>
public interface IOrderMessage : IIntegrationEvent
{
    /// <summary>The order; also the key that keeps its messages in order.</summary>
    Guid OrderId { get; }

    /// <summary>
    /// 1 when the order was placed, one more with every change of its status, with every refund and its failure, and with every word about
    /// a dispute.
    /// </summary>
    int Revision { get; }

    /// <summary>The event whose tickets they are.</summary>
    Guid EventId { get; }

    /// <summary>All tickets of the order; they never change, but for the mark of those that refunds have released.</summary>
    IReadOnlyList<OrderedTicket> Tickets { get; }

    /// <summary>When it happened.</summary>
    DateTimeOffset At { get; }
}
