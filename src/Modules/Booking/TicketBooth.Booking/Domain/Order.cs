using TicketBooth.Booking.Contracts;

namespace TicketBooth.Booking.Domain;

/// <summary>A buyer's claim on tickets of one event. Never changed in place: every change is a new value with the next version.</summary>
internal sealed record Order
{
    /// <summary>Contains the number of the shard.</summary>
    public required Guid Id { get; init; }

    public required Guid EventId { get; init; }

    public required Guid BuyerId { get; init; }

    public required OrderStatus Status { get; init; }

    public required IReadOnlyList<OrderedTicket> Tickets { get; init; }

    /// <summary>Cents.</summary>
    public required long Total { get; init; }

    public required string Currency { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>When it expired, was canceled or refunded; null while it holds its tickets.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The payment that paid it, or else the latest attempt.</summary>
    public Guid? PaymentId { get; init; }

    public OrderPaymentStatus? PaymentStatus { get; init; }

    /// <summary>Payments that are refunded: one that is confirmed after its refund buys nothing (promise I5).</summary>
    public IReadOnlyList<Guid> RefundedPayments { get; init; } = [];

    /// <summary>
    /// In the order in which they were decided. Empty for an order that was refunded before refunds were kept: all of its money went back.
    /// </summary>
    public IReadOnlyList<OrderRefund> Refunds { get; init; } = [];

    /// <summary>Of its payments, in the order in which they became known.</summary>
    public IReadOnlyList<OrderDispute> Disputes { get; init; } = [];

    /// <summary>Null for an order that its buyer placed.</summary>
    public CounterSale? Counter { get; init; }

    /// <summary>
    /// Numbers the buyer's orders of the event from 1; null when no limit per buyer was on. Whoever decides that a buyer may have tickets
    /// knows all their orders up to the last turn and takes the next one. A unique index gives a turn once, so two hosts cannot both decide
    /// without the other's order.
    /// </summary>
    public int? Turn { get; init; }

    /// <summary>Counts the changes of status; other modules order the messages about an order by it.</summary>
    public required int Revision { get; init; }

    /// <summary>Counts all changes; a conditional write compares it.</summary>
    public required int Version { get; init; }

    /// <summary>When it was placed, or got its present status. No change is dated before it, whatever the clock says.</summary>
    public DateTimeOffset ChangedAt => EndedAt ?? PaidAt ?? PlacedAt;

    /// <summary>Whether its tickets are claimed (promise I1 is about these orders).</summary>
    public bool HoldsTickets => Status is OrderStatus.OnPayment or OrderStatus.Paid;

    /// <summary>The tickets that it claims: none that a refund has released.</summary>
    public IReadOnlyList<OrderedTicket> Held =>
        !HoldsTickets ? []
        : Refunds.Count == 0 ? Tickets
        : [.. Tickets.Where(ticket => !ticket.Released)];

    /// <summary>
    /// Cents that went back to the buyer or are on their way. The gateway's own refunds and ours may meet, so the total bounds it.
    /// </summary>
    public long Returned =>
        Refunds.Count > 0 ? Math.Min(Total, Refunds.Where(refund => refund.Counts).Sum(refund => refund.Amount))
        : Status == OrderStatus.Refunded ? Total
        : 0;

    /// <summary>Cents of a counter sale that the buyer still has to get: no gateway gives them back.</summary>
    public long OwedAtCounter =>
        Counter is null ? 0 : Refunds.Where(refund => refund.Status == OrderRefundStatus.Asked).Sum(refund => refund.Amount);

    /// <summary>The gateway may be capturing money for it right now.</summary>
    public bool PaymentIsUnderWay => Status == OrderStatus.OnPayment && PaymentStatus == OrderPaymentStatus.AwaitingConfirmation;

    public bool HoldIsOver(DateTimeOffset now) => Status == OrderStatus.OnPayment && ExpiresAt <= now;

    /// <summary>The tickets, each marked while the money that paid for them is disputed or lost.</summary>
    public IReadOnlyList<OrderedTicket> MarkedTickets =>
        Disputes.Any(dispute => dispute.PaymentId == PaymentId && dispute.State != OrderDisputeState.Won)
            ? [.. Tickets.Select(ticket => ticket with { Disputed = true })]
            : Tickets;

    /// <param name="forStaff">With what buyers do not see: disputes.</param>
    public OrderView ToView(bool forStaff = false) =>
        new(
            Id,
            EventId,
            Status,
            forStaff ? MarkedTickets : Tickets,
            Total,
            Currency,
            PlacedAt,
            ExpiresAt,
            PaymentId is { } id ? new OrderPaymentView(id, PaymentStatus!.Value) : null
        )
        {
            Returned = Returned,
            Refunds = Refunds.Count == 0 ? [] : [.. Refunds.Select(refund => refund.ToView())],
            Disputes = forStaff && Disputes.Count > 0 ? [.. Disputes.Select(dispute => dispute.ToView())] : null,
            Counter = Counter?.ToView(this),
        };
}
