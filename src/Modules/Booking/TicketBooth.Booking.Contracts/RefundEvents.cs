using System.Text.Json.Serialization;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>
/// A paid order ended: its tickets are free again and its money is being refunded, but for what a refund before gave back or a rule keeps.
/// </summary>
/// <param name="Total">Cents; what the payment had captured, or the counter taken.</param>
/// <param name="PaymentId">Null for an order that was sold at the counter or cost nothing.</param>
public sealed record OrderRefunded(
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
/// <param name="PaymentId">Null for an order that was sold at the counter or cost nothing.</param>
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
    Guid? PaymentId,
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
/// Refunds of an order failed: the gateway refuses them, or what it had given back came to the house again. Or they failed before, and are
/// on their way again or done. The order keeps its status.
/// </summary>
/// <param name="Refunds">Those whose failure began or ended.</param>
public sealed record OrderRefundsChanged(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    IReadOnlyList<ChangedRefund> Refunds,
    string Currency,
    DateTimeOffset At
) : IOrderMessage;

/// <summary>A refund whose failure began or ended.</summary>
/// <param name="Revision">Of the message that told the refund first.</param>
/// <param name="Amount">In the currency's smallest unit.</param>
/// <param name="Released">The numbers of the tickets that it released.</param>
/// <param name="At">When it was decided.</param>
/// <param name="FailedAt">When it failed; null when it is no failure any more.</param>
public sealed record ChangedRefund(
    Guid Id,
    int Revision,
    long Amount,
    IReadOnlyList<int> Released,
    DateTimeOffset At,
    DateTimeOffset? FailedAt
)
{
    /// <summary>It was made at the gateway's own console, or by the buyer's bank.</summary>
    public bool ByGateway { get; init; }

    public bool Equals(ChangedRefund? other) =>
        other is not null
        && (Id, Revision, Amount, At, FailedAt, ByGateway)
            == (other.Id, other.Revision, other.Amount, other.At, other.FailedAt, other.ByGateway)
        && Released.SequenceEqual(other.Released);

    public override int GetHashCode() => HashCode.Combine(Id, Revision, Amount, At, FailedAt, Released.Count);
}

/// <summary>
/// The buyer's bank disputes money of an order, or has decided. The order keeps its status: what a lost dispute takes is told as a refund.
/// </summary>
/// <param name="Tickets">Marked while the money that paid for them is disputed or lost.</param>
/// <param name="Status">The order's.</param>
/// <param name="DisputeId">The gateway's.</param>
/// <param name="PaymentId">Whose money it is.</param>
/// <param name="Amount">In the currency's smallest unit.</param>
/// <param name="OpenedAt">When it became known.</param>
public sealed record OrderDisputed(
    Guid OrderId,
    int Revision,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    OrderStatus Status,
    string DisputeId,
    Guid PaymentId,
    OrderDisputeState State,
    long Amount,
    string Currency,
    DateTimeOffset OpenedAt,
    DateTimeOffset At
) : IOrderMessage;
