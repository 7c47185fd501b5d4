using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>The status of an order.</summary>
public enum OrderStatus
{
    /// <summary>Holds its tickets until <c>expiresAt</c>.</summary>
    OnPayment,

    /// <summary>Sold.</summary>
    Paid,

    /// <summary>The hold has run out; the tickets are free again.</summary>
    Expired,

    /// <summary>Canceled before it was paid; the tickets are free again.</summary>
    Canceled,

    /// <summary>
    /// Was paid, and holds no ticket any more. Its refunds say how much went back and when, the payment's status whether that was all.
    /// </summary>
    Refunded,
}

/// <summary>The status of an order's payment, as Booking knows it from Payments.</summary>
public enum OrderPaymentStatus
{
    /// <summary>With the gateway; the hold is not released before the gateway was queried about it.</summary>
    AwaitingConfirmation,

    /// <summary>Captured.</summary>
    Paid,

    /// <summary>Declined; another attempt may be made while the hold lasts.</summary>
    Declined,

    /// <summary>The money is back with the buyer.</summary>
    Refunded,
}

/// <summary>What became of a refund.</summary>
public enum OrderRefundStatus
{
    /// <summary>On its way; the gateway has not confirmed it yet.</summary>
    Asked,

    /// <summary>The money is back with the buyer.</summary>
    Settled,

    /// <summary>The gateway refuses it: the buyer still has it to get, by the hand of a person. It counts as returned.</summary>
    Failed,
}

/// <summary>Where a dispute of an order's money is.</summary>
public enum OrderDisputeState
{
    /// <summary>The buyer's bank has not decided.</summary>
    Opened,

    /// <summary>The money stays ours.</summary>
    Won,

    /// <summary>The money is gone.</summary>
    Lost,
}

/// <summary>The buyer's bank disputes money of an order. Only staff see it.</summary>
/// <param name="Id">The gateway's.</param>
/// <param name="Amount">Cents.</param>
/// <param name="At">When it became known.</param>
public sealed record OrderDisputeView(string Id, Guid PaymentId, long Amount, OrderDisputeState State, DateTimeOffset At);

/// <summary>A refund of an order.</summary>
/// <param name="Amount">Cents; 0 when it only released tickets.</param>
/// <param name="TicketIds">The tickets that it is about; none for an amount.</param>
/// <param name="Released">The tickets are free again.</param>
/// <param name="Reason">What staff wrote; a stable code when no member of staff asked for it.</param>
public sealed record OrderRefundView(
    Guid Id,
    long Amount,
    IReadOnlyList<Guid> TicketIds,
    bool Released,
    string Reason,
    DateTimeOffset At,
    OrderRefundStatus Status
);

/// <summary>An order as its owner sees it.</summary>
/// <param name="Total">Cents; the sum of the tickets' prices, and what the buyer pays (promise I6).</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="ExpiresAt">Until when the tickets are held while the order is on payment.</param>
/// <param name="Payment">The latest attempt; null before the first.</param>
public sealed record OrderView(
    Guid Id,
    Guid EventId,
    OrderStatus Status,
    IReadOnlyList<OrderedTicket> Tickets,
    long Total,
    string Currency,
    DateTimeOffset PlacedAt,
    DateTimeOffset ExpiresAt,
    OrderPaymentView? Payment
)
{
    /// <summary>By which people call the order. Staff find it by that.</summary>
    public string Number => SpokenId.Of(Id);

    /// <summary>Cents that went back to the buyer or are on their way; never more than the total.</summary>
    public long Returned { get; init; }

    /// <summary>In the order in which they were decided.</summary>
    public IReadOnlyList<OrderRefundView> Refunds { get; init; } = [];

    /// <summary>In the order in which they became known. Only staff see them; left out when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<OrderDisputeView>? Disputes { get; init; }

    /// <summary>Where it was sold.</summary>
    public SalesChannel Channel => Counter is null ? SalesChannel.Online : SalesChannel.Counter;

    /// <summary>Only of an order that was sold at the counter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderCounterView? Counter { get; init; }
}

/// <summary>
/// Places an order: takes the tickets, or none of them. Either <paramref name="TicketIds"/> or <paramref name="EventId"/> with
/// <paramref name="Quantity"/> (best available: the lowest-priced tier that has enough, neighbouring numbers where there are any).
/// </summary>
/// <remarks>
/// Fails with <c>ticket-not-found</c>, <c>event-not-found</c>, <c>tier-not-found</c>, <c>tickets-of-different-events</c>,
/// <c>sale-not-open</c>, <c>sale-closed</c>, <c>event-canceled</c>, <c>ticket-taken</c>, <c>not-enough-tickets</c>, <c>price-changed</c>,
/// <c>ticket-limit</c>, <c>hold-limit</c>, <c>hold-pause</c>, <c>idempotency-key-reused</c>, <c>busy</c> or <c>validation-failed</c>.
/// </remarks>
/// <param name="TierId">Only with <paramref name="EventId"/>: from this tier only.</param>
/// <param name="IdempotencyKey">1 to 255 characters: the same key of the same buyer gets the same answer for 24 hours.</param>
/// <param name="ExpectedTotal">In cents: only at this total; null for any.</param>
/// <param name="Language">Of mails about it: <c>pt-BR</c> or <c>en</c>; null for that of the account.</param>
public sealed record RequestOrder(
    Guid BuyerId,
    IReadOnlyList<Guid>? TicketIds,
    Guid? EventId,
    Guid? TierId,
    int? Quantity,
    string? IdempotencyKey = null,
    long? ExpectedTotal = null,
    string? Language = null
) : IRequest<Result<OrderView>>;

/// <summary>
/// Cancels an order: one on payment becomes canceled, a paid one refunded. Doing it twice changes nothing. A buyer may cancel a paid order
/// for as long as the event's rule allows, less the fee that it keeps; staff always, without a fee. Fails with <c>order-not-found</c>,
/// <c>order-expired</c>, <c>order-changed</c> or <c>refund-closed</c>. Money of a counter sale leaves the open shift of the member of
/// staff: then also with <c>no-open-shift</c>, <c>shift-currency</c>, <c>administrator-needed</c> or
/// <c>reference-needed</c>.
/// </summary>
/// <param name="BuyerId">Whose order it must be; null for staff and for the system.</param>
/// <param name="By">The member of staff who cancels it; null for a buyer and for the system.</param>
/// <param name="Seen">The status that the order must still have, so that nobody refunds what they meant to cancel; null for any.</param>
/// <param name="IsAdmin">For an order of the counter: after the time for voids only an administrator gives its money back.</param>
/// <param name="Reference">Of the reversal on the card terminal, which money of a card at the counter must have.</param>
public sealed record CancelOrder(
    Guid OrderId,
    Guid? BuyerId,
    Actor? By = null,
    OrderStatus? Seen = null,
    bool IsAdmin = false,
    string? Reference = null
) : IRequest<Result<OrderView>>, IStaffAction
{
    string IStaffAction.Kind => "cancel-order";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Order, OrderId);
}

/// <summary>
/// Staff give back money of a paid order: all that is left (neither tickets nor an amount), the price of tickets, or an amount. Whether
/// tickets are released is a decision of its own. An order that holds no ticket any more is refunded; otherwise it stays paid. Fails with
/// <c>order-not-found</c>, <c>order-not-paid</c>, <c>ticket-not-in-order</c>, <c>ticket-released</c>, <c>tickets-not-named</c>,
/// <c>amount-over-rest</c>, <c>nothing-to-refund</c>, <c>busy</c> or <c>validation-failed</c>. Money of a counter sale leaves the open
/// shift of the member of staff: then also with <c>no-open-shift</c>, <c>shift-currency</c>, <c>administrator-needed</c> or
/// <c>reference-needed</c>.
/// </summary>
/// <param name="TicketIds">Tickets that the order holds; null for all that is left, or for an amount.</param>
/// <param name="Amount">Cents. When left out: the sum of the tickets' prices, or else all that is left.</param>
/// <param name="Reason">1 to 500 characters.</param>
/// <param name="ReleaseTickets">When left out: true, but false for an amount without tickets.</param>
/// <param name="OperationId">The refund's id. Repeated under the same id, it changes nothing. Null for a request that comes once.</param>
/// <param name="IsAdmin">For an order of the counter: after the time for voids only an administrator gives its money back.</param>
/// <param name="Reference">Of the reversal on the card terminal, which money of a card at the counter must have.</param>
public sealed record RefundOrder(
    Guid OrderId,
    IReadOnlyList<Guid>? TicketIds,
    long? Amount,
    string Reason,
    bool? ReleaseTickets,
    Actor By,
    Guid? OperationId = null,
    bool IsAdmin = false,
    string? Reference = null
) : IRequest<Result<OrderView>>, IStaffAction
{
    string IStaffAction.Kind => "refund-order";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Order, OrderId);
}
