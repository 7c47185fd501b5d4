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
}

/// <summary>
/// The latest payment of an order. Everything beside its id and status is there only where one order is shown, while it is awaiting payment
/// and Payments could be asked.
/// </summary>
public sealed record OrderPaymentView(Guid Id, OrderPaymentStatus Status)
{
    /// <summary>How the buyer pays: <c>card</c> or <c>pix</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Method { get; init; }

    /// <summary>Only while a payment by Pix is waited for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderPixView? Pix { get; init; }

    /// <summary>What the buyer must do before the gateway goes on. Only the buyer sees it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderNextActionView? NextAction { get; init; }

    /// <summary>Of this attempt or an earlier one of the order; not of one that the buyer gave up for another.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderDeclineView? LastDecline { get; init; }

    /// <summary>How many more attempts may be declined before the next one is refused with <c>too-many-attempts</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AttemptsLeft { get; init; }
}

/// <summary>What the buyer pays with in their bank's app.</summary>
/// <param name="Code">Pix "copia e cola" text.</param>
/// <param name="QrUrl">Where the same is as a QR code, an SVG picture.</param>
/// <param name="ExpiresAt">Until when it is to be paid.</param>
public sealed record OrderPixView(string Code, string QrUrl, DateTimeOffset ExpiresAt);

/// <summary>A step that the buyer must take.</summary>
/// <param name="Type">The gateway's word: <c>redirect</c>, <c>use_stripe_sdk</c>.</param>
/// <param name="Url">Where the buyer's browser goes.</param>
/// <param name="ClientSecret">What the gateway's browser library wants.</param>
public sealed record OrderNextActionView(string Type, string? Url, string? ClientSecret);

/// <summary>Why an attempt was declined.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Words">For the buyer, in English or, where the request's <c>Accept-Language</c> prefers it, in Portuguese.</param>
public sealed record OrderDeclineView(string Code, string Words, DateTimeOffset At);

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
/// <c>order-expired</c>, <c>order-changed</c> or <c>refund-closed</c>.
/// </summary>
/// <param name="BuyerId">Whose order it must be; null for staff and for the system.</param>
/// <param name="By">The member of staff who cancels it; null for a buyer and for the system.</param>
/// <param name="Seen">The status that the order must still have, so that nobody refunds what they meant to cancel; null for any.</param>
public sealed record CancelOrder(Guid OrderId, Guid? BuyerId, Actor? By = null, OrderStatus? Seen = null)
    : IRequest<Result<OrderView>>,
        IStaffAction
{
    string IStaffAction.Kind => "cancel-order";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Order, OrderId);
}

/// <summary>
/// Staff give back money of a paid order: all that is left (neither tickets nor an amount), the price of tickets, or an amount. Whether
/// tickets are released is a decision of its own. An order that holds no ticket any more is refunded; otherwise it stays paid. Fails with
/// <c>order-not-found</c>, <c>order-not-paid</c>, <c>ticket-not-in-order</c>, <c>ticket-released</c>, <c>tickets-not-named</c>,
/// <c>amount-over-rest</c>, <c>nothing-to-refund</c>, <c>busy</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="TicketIds">Tickets that the order holds; null for all that is left, or for an amount.</param>
/// <param name="Amount">Cents. When left out: the sum of the tickets' prices, or else all that is left.</param>
/// <param name="Reason">1 to 500 characters.</param>
/// <param name="ReleaseTickets">When left out: true, but false for an amount without tickets.</param>
/// <param name="OperationId">The refund's id. Repeated under the same id, it changes nothing. Null for a request that comes once.</param>
public sealed record RefundOrder(
    Guid OrderId,
    IReadOnlyList<Guid>? TicketIds,
    long? Amount,
    string Reason,
    bool? ReleaseTickets,
    Actor By,
    Guid? OperationId = null
) : IRequest<Result<OrderView>>, IStaffAction
{
    string IStaffAction.Kind => "refund-order";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Order, OrderId);
}

/// <summary>
/// Starts a payment: checks owner, status and hold, marks the payment as under way and extends the hold by the time that the gateway needs.
/// Repeating it with the same payment changes nothing. Fails with <c>order-not-found</c>, <c>order-expired</c>, <c>order-already-paid</c>,
/// <c>order-canceled</c>, <c>payment-in-progress</c> or <c>busy</c>.
/// </summary>
/// <param name="InsteadOf">
/// A payment that Payments has ended: when it is the one that the order has under way, the new one takes its place. Null for none.
/// </param>
public sealed record BeginPayment(Guid OrderId, Guid BuyerId, Guid PaymentId, Guid? InsteadOf = null) : IRequest<Result<PaymentTerms>>;

/// <summary>What is to be paid, and until when the tickets are held for it.</summary>
/// <param name="Amount">Cents.</param>
public sealed record PaymentTerms(Guid OrderId, long Amount, string Currency, DateTimeOffset HoldExpiresAt);
