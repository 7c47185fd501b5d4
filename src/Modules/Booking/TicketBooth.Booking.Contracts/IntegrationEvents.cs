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
/// <remarks>
/// An order that was sold at the counter, or that costs nothing, is paid when it is placed: this is then the first message about it.
/// </remarks>
/// <param name="Total">Cents; what the payment captured, or the counter took.</param>
/// <param name="PaymentId">Null for an order that was sold at the counter or costs nothing.</param>
public sealed record OrderPaid(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    long Total,
    string Currency,
    Guid? PaymentId,
    DateTimeOffset At
) : IOrderMessage
{
    /// <summary>Where it was sold. Left out while it is <see cref="SalesChannel.Online"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public SalesChannel Channel { get; init; }

    /// <summary>It was given away at the counter. Left out while it is false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsComplimentary { get; init; }
}

/// <summary>An order's hold has run out: its tickets are free again.</summary>
public sealed record OrderExpired(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    DateTimeOffset At
) : IOrderMessage
{
    /// <summary>The payment that was under way when it ended; null when none was, and in messages of former versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? PaymentId { get; init; }
}

/// <summary>An order was canceled before it was paid: its tickets are free again.</summary>
public sealed record OrderCanceled(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    DateTimeOffset At
) : IOrderMessage
{
    /// <summary>The payment that was under way when it ended; null when none was, and in messages of former versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? PaymentId { get; init; }
}

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
