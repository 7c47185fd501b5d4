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

    /// <summary>Who pays; null for payments from before this was stored.</summary>
    public Guid? BuyerId { get; init; }

    /// <summary>The gateway's own id, once it is known.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Why it was declined last; kept when the gateway captures it after all.</summary>
    public string? DeclineReason { get; init; }

    /// <summary>Why all of the money must go back; null while that is not due.</summary>
    public string? RefundReason { get; init; }

    /// <summary>When it got its present status.</summary>
    public DateTimeOffset ChangedAt { get; init; } = CreatedAt;

    /// <summary>When it was declined; kept when the gateway captures it after all.</summary>
    public DateTimeOffset? DeclinedAt { get; init; }

    /// <summary>When we learned that its money was captured; kept when the money goes back.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    /// <summary>
    /// Its money, where that is more than the other fields say. The plain payment (one capture of the amount under the payment's own id at
    /// the gateway, and at most one refund of all of it) has none, and costs nothing to store.
    /// </summary>
    public MoneyOnRecord? Recorded { get; init; }

    /// <summary>All money on record.</summary>
    public MoneyOnRecord Money => Recorded ?? Plain();

    /// <summary>All of the money must go back once it is captured, or has gone back already.</summary>
    public bool IsRefundDue => RefundReason is not null || Status == PaymentStatus.Refunded;

    /// <summary>It was ended because its buyer pays in another way.</summary>
    public bool IsSuperseded => Status == PaymentStatus.Declined && DeclineReason == PaymentsErrors.Superseded;

    /// <summary>There is money that must go back now.</summary>
    public bool AwaitsRefund => Money.Refunds.Any(refund => refund.State == RefundState.Asked);

    /// <summary>The payment with this money; call it when the other fields are what they will be.</summary>
    public Payment With(MoneyOnRecord money) => this with { Recorded = money == Plain() ? null : money };

    private MoneyOnRecord Plain()
    {
        if (Status is PaymentStatus.AwaitingConfirmation or PaymentStatus.Declined)
        {
            return MoneyOnRecord.None;
        }

        Capture capture = new(ExternalId ?? "", Amount, Currency, CapturedAt ?? ChangedAt, Pays: true);
        Refund all = new(Id, capture.Id, Amount, Currency, RefundReason ?? Refund.NotAsked, RefundState.Asked);
        if (Status == PaymentStatus.Refunded)
        {
            all = all with { State = RefundState.Settled, ExternalId = Id.ToString("N"), EndedAt = ChangedAt };
        }

        return new([capture], IsRefundDue ? [all] : [], []);
    }
}
