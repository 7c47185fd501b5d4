using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Domain;

/// <summary>One attempt to pay an order. Its id is also its idempotency key at the gateway, so no attempt is ever charged twice.</summary>
/// <param name="Amount">Cents; what the order quoted (promise I6). Never changes.</param>
/// <param name="HoldExpiresAt">Until when its tickets are held, as Booking said when the attempt began.</param>
internal sealed record Payment(
    Guid Id,
    Guid OrderId,
    PaymentMethod Method,
    long Amount,
    string Currency,
    DateTimeOffset HoldExpiresAt,
    DateTimeOffset CreatedAt
)
{
    /// <summary>The gateway of all payments that name none.</summary>
    public const string Sandbox = "Sandbox";

    public PaymentStatus Status { get; init; } = PaymentStatus.AwaitingConfirmation;

    /// <summary>Who takes it, as <c>Payments:Gateways</c> names the gateway.</summary>
    public string Gateway { get; init; } = Sandbox;

    /// <summary>The gateway's own id, once it is known.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Why it was declined last; kept when the gateway captures it after all.</summary>
    public string? DeclineReason { get; init; }

    /// <summary>Why the money must go back; null while no refund is due.</summary>
    public string? RefundReason { get; init; }

    /// <summary>When it got its present status.</summary>
    public DateTimeOffset ChangedAt { get; init; } = CreatedAt;

    /// <summary>When it was declined; kept when the gateway captures it after all.</summary>
    public DateTimeOffset? DeclinedAt { get; init; }

    /// <summary>When we learned that its money was captured; kept when the money goes back.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>The money must go back once it is captured, or has gone back already.</summary>
    public bool IsRefundDue => RefundReason is not null || Status == PaymentStatus.Refunded;

    /// <summary>There is captured money that must go back now.</summary>
    public bool AwaitsRefund => RefundReason is not null && Status == PaymentStatus.Paid;
}
