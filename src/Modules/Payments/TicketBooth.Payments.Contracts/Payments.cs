using System.Globalization;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Contracts;

/// <summary>Where a payment is in its life.</summary>
public enum PaymentStatus
{
    /// <summary>With the gateway.</summary>
    AwaitingConfirmation,

    /// <summary>Captured.</summary>
    Paid,

    /// <summary>Refused, or never received by the gateway.</summary>
    Declined,

    /// <summary>Captured and refunded.</summary>
    Refunded,

    /// <summary>The money must go back and the gateway refuses to give it back: a person must.</summary>
    RefundFailed,
}

/// <summary>How a buyer pays.</summary>
public enum PaymentMethod
{
    /// <summary>A card, by a token that the gateway gave to the buyer's browser; never by its number.</summary>
    Card,

    /// <summary>Pix, by a code that the buyer pays in their bank's app.</summary>
    Pix,
}

/// <summary>
/// Pays an order: one attempt, with an idempotency key of its own at the gateway. The outcome comes later, by the gateway's webhook. While
/// an attempt is under way, the same method answers with it; another method ends it at its gateway first. Fails as <c>BeginPayment</c> of
/// Booking does, or with <c>card-number-refused</c>, <c>unknown-token</c>, <c>card-declined</c>, <c>amount-not-payable</c>,
/// <c>pix-needs-brl</c>, <c>method-unavailable</c>, <c>too-many-attempts</c>, <c>gateway-unavailable</c> or <c>validation-failed</c>.
/// </summary>
/// <param name="Token">With <see cref="PaymentMethod.Card"/>: the gateway's token.</param>
/// <param name="OperationId">
/// The same in a request that comes again, and the payment's id: there is one attempt, whatever became of it. Null for a request that comes
/// once.
/// </param>
public sealed record PayOrder(Guid OrderId, Guid BuyerId, PaymentMethod Method, string? Token, Guid? OperationId = null)
    : IRequest<Result<PaymentView>>;

/// <summary>A payment attempt as its buyer sees it.</summary>
/// <param name="Pix">Only for Pix.</param>
public sealed record PaymentView(Guid PaymentId, PaymentStatus Status, PixView? Pix)
{
    /// <summary>What the buyer must do before the gateway goes on; null when nothing.</summary>
    public NextActionView? NextAction { get; init; }
}

/// <summary>A step that the buyer must take.</summary>
/// <param name="Type">The gateway's word: <c>redirect</c>, <c>use_stripe_sdk</c>.</param>
/// <param name="Url">Where the buyer's browser goes.</param>
/// <param name="ClientSecret">What the gateway's browser library wants.</param>
public sealed record NextActionView(string Type, string? Url, string? ClientSecret);

/// <summary>What the buyer pays with in their bank's app.</summary>
/// <param name="Code">Pix "copia e cola" text.</param>
/// <param name="QrUrl">Where the same is as a QR code, an SVG picture.</param>
public sealed record PixView(string Code, string QrUrl);

/// <summary>
/// What a buyer needs to go on with an order that is being paid, also after a reload. Reads our own data; the gateway is asked only about a
/// payment whose acceptance by it this host does not know of. Fails with <c>payment-not-found</c>.
/// </summary>
/// <param name="PaymentId">The latest attempt.</param>
/// <param name="BuyerId">Whose order it is.</param>
/// <param name="Language">Of the words: English, which null means, or Brazilian Portuguese.</param>
public sealed record GetPaymentProgress(Guid OrderId, Guid PaymentId, Guid BuyerId, CultureInfo? Language = null)
    : IRequest<Result<PaymentProgress>>;

/// <summary>How far the paying of an order is.</summary>
/// <param name="Method">Of the latest attempt.</param>
/// <param name="Pix">Only while the latest attempt waits for a payment by Pix.</param>
/// <param name="ExpiresAt">Until when the latest attempt can be finished.</param>
/// <param name="NextAction">What the buyer must do before the gateway goes on with the latest attempt; null when nothing.</param>
/// <param name="LastDecline">Of any attempt of the order but those that its buyer gave up for another; null when none was declined.</param>
/// <param name="AttemptsLeft">How many more may be declined before <c>too-many-attempts</c>; null for any number.</param>
public sealed record PaymentProgress(
    PaymentMethod Method,
    PixView? Pix,
    DateTimeOffset ExpiresAt,
    NextActionView? NextAction,
    DeclineView? LastDecline,
    int? AttemptsLeft
);

/// <summary>Why an attempt was declined.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Words">For the buyer; may change.</param>
public sealed record DeclineView(string Code, string Words, DateTimeOffset At);

/// <summary>
/// Queries the gateway about a payment before the hold it pays for is released. A captured or refused payment is recorded and published as
/// if the webhook had come. Fails with <c>gateway-unavailable</c> when the gateway cannot be reached: the hold must then stay.
/// </summary>
public sealed record SettlePayment(Guid PaymentId) : IRequest<Result<PaymentStanding>>;

/// <summary>
/// Staff query the gateway about a payment without an answer, as <see cref="SettlePayment"/> does. A payment that is still open although
/// its hold has expired is given up: it is declined for <c>no-answer</c>. Money that comes after all is treated as any late money (promise
/// I5). Fails with <c>payment-not-found</c> and as <see cref="SettlePayment"/> does.
/// </summary>
/// <param name="OrderId">The order that the payment must belong to.</param>
public sealed record ChasePayment(Guid OrderId, Guid PaymentId, Actor By) : IRequest<Result<PaymentStanding>>, IStaffAction
{
    string IStaffAction.Kind => "chase-payment";

    ActionSubject IStaffAction.Subject => new(ActionSubjectKind.Order, OrderId);
}

/// <summary>The currencies that buyers can pay in with the gateways of the settings. Reads no data.</summary>
public sealed record GetAcceptedCurrencies : IRequest<Result<AcceptedCurrencies>>;

/// <summary>The currencies that at least one gateway takes payments in.</summary>
/// <param name="Codes">ISO 4217; null for all.</param>
public sealed record AcceptedCurrencies(IReadOnlyList<string>? Codes)
{
    public bool Include(string code) => Codes is null || Codes.Contains(code, StringComparer.Ordinal);
}

/// <summary>What the gateway says about a payment.</summary>
public enum PaymentStanding
{
    /// <summary>No such payment reached Payments or the gateway; no money will come.</summary>
    Unknown,

    /// <summary>Still open: the money may come later, or never.</summary>
    Pending,

    /// <summary>Captured; <see cref="PaymentConfirmed"/> is on its way.</summary>
    Confirmed,

    /// <summary>Refused; <see cref="PaymentDeclined"/> is on its way.</summary>
    Declined,
}

/// <summary>A payment as other modules see it when they compare their data with ours.</summary>
/// <param name="Amount">Cents.</param>
/// <param name="RefundDue">The money must go back, or has gone back already.</param>
/// <param name="HasPendingMessages">
/// A message about it is stored and not yet delivered to every module. One about another payment of its order may count, too.
/// </param>
public sealed record PaymentFacts(
    Guid PaymentId,
    Guid OrderId,
    PaymentStatus Status,
    long Amount,
    string Currency,
    bool RefundDue,
    bool HasPendingMessages
)
{
    public PaymentMethod Method { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it got its present status.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>When it was declined; null when it never was. Kept when it is captured after all.</summary>
    public DateTimeOffset? DeclinedAt { get; init; }

    /// <summary>When its money was captured; null when it never was. Kept when the money goes back.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>Why it was declined last: a stable code.</summary>
    public string? DeclineReason { get; init; }

    /// <summary>Why the money must go back: a stable code.</summary>
    public string? RefundReason { get; init; }

    /// <summary>As <c>Payments:Gateways</c> names it.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>What was captured and pays the order; 0 when nothing was.</summary>
    public long Captured { get; init; }

    /// <summary>What of that has gone back, or was lost in a dispute.</summary>
    public long Returned { get; init; }

    /// <summary>What of that is on its way back.</summary>
    public long Returning { get; init; }

    /// <summary>Every dispute of its captures, in the order in which they became known.</summary>
    public IReadOnlyList<PaymentDisputeFacts> Disputes { get; init; } = [];

    /// <summary>The buyer's bank disputes a capture and has not decided.</summary>
    public bool IsDisputed { get; init; }

    /// <summary>A refund was refused and nobody has dealt with it.</summary>
    public bool HasFailedRefund { get; init; }

    /// <summary>Something about its money waits for a person.</summary>
    public bool NeedsAttention { get; init; }
}

/// <summary>A dispute of captured money.</summary>
/// <param name="Id">The gateway's.</param>
public sealed record PaymentDisputeFacts(string Id, PaymentDisputeState State);

/// <summary>Pages through all payments in the order of their ids. Reads only; for the check of the promises and for rebuilds.</summary>
/// <param name="After">The last id of the page before; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record ListPaymentFacts(Guid? After, int Limit) : IRequest<Result<IReadOnlyList<PaymentFacts>>>;

/// <summary>Those of the given payments that exist, in any order.</summary>
public sealed record GetPaymentFacts(IReadOnlyList<Guid> PaymentIds) : IRequest<Result<IReadOnlyList<PaymentFacts>>>;
