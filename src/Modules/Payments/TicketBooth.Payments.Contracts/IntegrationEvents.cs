using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Contracts;

/// <summary>A buyer began to pay: the payment is about to be sent to the gateway.</summary>
/// <param name="Amount">Cents; what the order asked for.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record PaymentStarted(Guid PaymentId, Guid OrderId, PaymentMethod Method, long Amount, string Currency, DateTimeOffset At)
    : IIntegrationEvent;

/// <summary>The gateway captured the money of a payment. Published once, delivered at least once.</summary>
/// <param name="Amount">Cents; verified to be what the order asked for.</param>
/// <param name="Currency">ISO 4217; verified too.</param>
public sealed record PaymentConfirmed(Guid PaymentId, Guid OrderId, long Amount, string Currency, DateTimeOffset At) : IIntegrationEvent;

/// <summary>The gateway refused a payment, or never received it. The order may be paid by another attempt while its hold lasts.</summary>
/// <param name="Reason">A stable code, for example <c>declined</c> or <c>gateway-unavailable</c>.</param>
public sealed record PaymentDeclined(Guid PaymentId, Guid OrderId, string Reason, DateTimeOffset At) : IIntegrationEvent;

/// <summary>The gateway refunded a captured payment.</summary>
/// <param name="Amount">Cents.</param>
public sealed record PaymentRefunded(Guid PaymentId, Guid OrderId, long Amount, string Currency, DateTimeOffset At) : IIntegrationEvent;

/// <summary>
/// A part of the money that paid an order went back. When that makes it all, <see cref="PaymentRefunded"/> is published too.
/// </summary>
/// <param name="RefundId">The gateway's id of the refund, or of the dispute that was lost.</param>
/// <param name="AskedAs">Our id of the refund; null when we did not ask for it.</param>
/// <param name="Amount">In the currency's smallest unit.</param>
/// <param name="Returned">All that went back so far of the money that paid the order.</param>
public sealed record PaymentPartlyRefunded(
    Guid PaymentId,
    Guid OrderId,
    string RefundId,
    Guid? AskedAs,
    long Amount,
    long Returned,
    string Currency,
    DateTimeOffset At
) : IIntegrationEvent;

/// <summary>
/// Money does not go back: the gateway refuses a refund, or one that it had done came back. A person must act. It may fail again after
/// staff have tried it again.
/// </summary>
/// <param name="RefundId">Ours; empty when we did not ask for it.</param>
/// <param name="Amount">In the currency's smallest unit.</param>
/// <param name="Reason">The gateway's word.</param>
public sealed record RefundFailed(
    Guid PaymentId,
    Guid OrderId,
    Guid RefundId,
    long Amount,
    string Currency,
    string Reason,
    DateTimeOffset At
) : IIntegrationEvent
{
    /// <summary>The gateway's id of a refund that we did not ask for: it was told as done before. Null for one of ours.</summary>
    public string? GatewaysId { get; init; }

    /// <summary>The payment's new status; null when it keeps its status, and in messages of former versions.</summary>
    public PaymentStatus? Status { get; init; }
}

/// <summary>Staff try a refund again that the gateway refused: it is on its way once more.</summary>
/// <param name="RefundId">Ours.</param>
/// <param name="Amount">In the currency's smallest unit.</param>
public sealed record RefundTriedAgain(Guid PaymentId, Guid OrderId, Guid RefundId, long Amount, string Currency, DateTimeOffset At)
    : IIntegrationEvent
{
    /// <summary>The payment's new status; null when it keeps its status.</summary>
    public PaymentStatus? Status { get; init; }
}

/// <summary>The buyer's bank disputes captured money, or has decided. After a lost dispute the money counts as given back.</summary>
/// <param name="DisputeId">The gateway's.</param>
/// <param name="Amount">In the currency's smallest unit.</param>
public sealed record PaymentDisputed(
    Guid PaymentId,
    Guid OrderId,
    string DisputeId,
    PaymentDisputeState State,
    long Amount,
    string Currency,
    DateTimeOffset At
) : IIntegrationEvent;

/// <summary>Where a dispute is.</summary>
public enum PaymentDisputeState
{
    Opened,

    /// <summary>The money stays ours.</summary>
    Won,

    /// <summary>The money is gone.</summary>
    Lost,
}
