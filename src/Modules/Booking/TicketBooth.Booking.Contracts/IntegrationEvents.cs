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
}

/// <summary>
/// What every message about an order has in common. Of two messages about one order, the one with the higher revision is newer.
/// </summary>
public interface IOrderMessage : IIntegrationEvent
{
    /// <summary>The order; also the key that keeps its messages in order.</summary>
    Guid OrderId { get; }

    /// <summary>1 when the order was placed, one more with every change of its status and with every refund.</summary>
    int Revision { get; }

    /// <summary>The event whose tickets they are.</summary>
    Guid EventId { get; }

    /// <summary>All tickets of the order; they never change, but for the mark of those that refunds have released.</summary>
    IReadOnlyList<OrderedTicket> Tickets { get; }

    /// <summary>When it happened.</summary>
    DateTimeOffset At { get; }
}

/// <summary>An order was placed: its tickets are on payment.</summary>
/// <param name="Total">Cents; the sum of the tickets' prices.</param>
public sealed record OrderPlaced(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    long Total,
    string Currency,
    DateTimeOffset ExpiresAt,
    DateTimeOffset At
) : IOrderMessage
{
    /// <summary>Of mails about it, as the buyer's client asked: <c>pt-BR</c> or <c>en</c>; left out when it asked for neither.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Language { get; init; }
}

/// <summary>
/// An order was paid: its tickets are sold. Also when the payment was confirmed after the hold had expired, if the tickets were still free.
/// </summary>
/// <param name="Total">Cents; what the payment captured.</param>
public sealed record OrderPaid(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    long Total,
    string Currency,
    Guid PaymentId,
    DateTimeOffset At
) : IOrderMessage;

/// <summary>An order's hold has run out: its tickets are free again.</summary>
public sealed record OrderExpired(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    DateTimeOffset At
) : IOrderMessage;

/// <summary>An order was canceled before it was paid: its tickets are free again.</summary>
public sealed record OrderCanceled(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    DateTimeOffset At
) : IOrderMessage;

/// <summary>
/// A paid order ended: its tickets are free again and its money is being refunded, but for what a refund before gave back or a rule keeps.
/// </summary>
/// <param name="Total">Cents; what the payment had captured.</param>
public sealed record OrderRefunded(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    long Total,
    string Currency,
    Guid PaymentId,
    DateTimeOffset At
) : IOrderMessage
{
    /// <summary>Cents that this refund gives back, without what went back before; null in messages of former versions: all of it.</summary>
    public long? Amount { get; init; }

    /// <summary>The numbers of the tickets that this refund released; null when none was released before: all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Released { get; init; }
}

/// <summary>
/// A part of an order's money goes back, or all of it while the buyer keeps tickets. An order that still holds tickets stays paid, and the
/// released ones are free again. Also when an order that has ended gets money back that was kept.
/// </summary>
/// <param name="Released">Those of the tickets that this refund released; they may be none.</param>
/// <param name="Amount">What this refund gives back, in the currency's smallest unit; 0 when it only releases tickets.</param>
/// <param name="Returned">All that went back so far or is on its way, this refund included.</param>
public sealed record OrderPartlyRefunded(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    IReadOnlyList<OrderedTicket> Released,
    long Amount,
    long Returned,
    string Currency,
    Guid PaymentId,
    DateTimeOffset At
) : IOrderMessage;

/// <summary>A part of the captured money goes back. Published once for each <paramref name="RefundId"/>.</summary>
/// <param name="RefundId">Of the refund in its order.</param>
/// <param name="Amount">In the currency's smallest unit; more than 0.</param>
/// <param name="Reason">A stable code: <c>order-canceled</c>, <c>event-canceled</c> or <c>refunded-by-staff</c>.</param>
public sealed record PartialRefundDue(
    Guid RefundId,
    Guid PaymentId,
    Guid OrderId,
    long Amount,
    string Currency,
    string Reason,
    DateTimeOffset At
) : IIntegrationEvent;

/// <summary>
/// Captured money pays for no order and must be refunded in full (promise I5). May be published more than once for one payment, which is
/// refunded once.
/// </summary>
/// <param name="Reason">
/// A stable code: <c>order-canceled</c>, <c>refunded-by-staff</c>, <c>event-canceled</c>, <c>event-ended</c>, <c>tickets-gone</c>,
/// <c>ticket-limit</c> or <c>paid-twice</c>.
/// </param>
public sealed record RefundDue(Guid PaymentId, Guid OrderId, string Reason, DateTimeOffset At) : IIntegrationEvent;

/// <summary>
/// Staff took tickets off sale, or put them on sale again. Of two messages about one block, the one with the higher revision is newer.
/// </summary>
/// <param name="BlockId">The block; also the key that keeps its messages in order.</param>
/// <param name="Revision">1 when the tickets were blocked, 2 when they were released.</param>
/// <param name="Tickets">They never change.</param>
public sealed record TicketBlockChanged(
    Guid BlockId,
    int Revision,
    Guid EventId,
    TicketBlockKind Kind,
    bool IsReleased,
    IReadOnlyList<NumberRange> Tickets,
    DateTimeOffset At
) : IIntegrationEvent;
