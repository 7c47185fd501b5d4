using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>What a message or the ledger says about a payment.</summary>
/// <param name="Status">Null when the message does not tell the status.</param>
/// <param name="IsLedger">Read from the ledger while no message could be applied: it replaces the row.</param>
internal sealed record PaymentUpdate(
    Guid PaymentId,
    Guid OrderId,
    PaymentStatus? Status,
    DateTimeOffset? At,
    PaymentMethod? Method = null,
    long? Amount = null,
    string? Currency = null,
    DateTimeOffset? StartedAt = null,
    string? DeclineReason = null,
    string? RefundReason = null,
    DateTimeOffset? DeclinedAt = null,
    DateTimeOffset? CapturedAt = null,
    bool IsLedger = false
) : ReadModelUpdate
{
    public static PaymentUpdate Of(PaymentFacts facts) =>
        new(
            facts.PaymentId,
            facts.OrderId,
            facts.Status,
            facts.ChangedAt,
            facts.Method,
            facts.Amount,
            facts.Currency,
            facts.StartedAt,
            facts.DeclineReason,
            facts.RefundReason,
            facts.DeclinedAt,
            facts.CapturedAt,
            IsLedger: true
        );

    /// <summary>The payment's row after this update; the same object when nothing changes.</summary>
    public PaymentRow Merge(PaymentRow? known, long generation)
    {
        // Booking decides that money must go back. Payments may not have received that message yet.
        var reason = known?.RefundReason ?? RefundReason;
        if (IsLedger)
        {
            (known, reason) = (null, RefundReason ?? reason);
        }

        var isNewer = Status is { } status && (known?.ChangedAt is null || IsNewer(status, known));
        var merged = (
            known
            ?? new PaymentRow
            {
                Id = PaymentId,
                OrderId = OrderId,
                Status = PaymentStatus.AwaitingConfirmation,
            }
        ) with
        {
            Status = isNewer ? Status!.Value : known?.Status ?? PaymentStatus.AwaitingConfirmation,
            ChangedAt = isNewer ? At : known?.ChangedAt,
            Method = known?.Method ?? Method,
            Amount = known is { Amount: > 0 } ? known.Amount : Amount ?? 0,
            Currency = known is { Currency.Length: > 0 } ? known.Currency : Currency ?? "",
            StartedAt = known?.StartedAt ?? StartedAt,
            DeclineReason = DeclineReason ?? known?.DeclineReason,
            RefundReason = reason,
            DeclinedAt = known?.DeclinedAt ?? DeclinedAt,
            CapturedAt = known?.CapturedAt ?? CapturedAt,
        };
        merged = merged with
        {
            AwaitingSince = merged.Status == PaymentStatus.AwaitingConfirmation ? merged.StartedAt : null,
            OwedSince = merged is { Status: PaymentStatus.Paid or PaymentStatus.RefundFailed, RefundReason: not null }
                ? merged.ChangedAt
                : null,
        };
        return merged == known ? known : merged with { Generation = generation };
    }

    /// <summary>
    /// A declined payment may still be captured. A captured one may be refunded and come back to us, however often: there the later word
    /// counts.
    /// </summary>
    private bool IsNewer(PaymentStatus status, PaymentRow known) =>
        Rank(status) >= Rank(PaymentStatus.Paid) && Rank(known.Status) >= Rank(PaymentStatus.Paid)
            ? (At!.Value, Rank(status)).CompareTo((known.ChangedAt!.Value, Rank(known.Status))) > 0
            : Rank(status) > Rank(known.Status);

    private static int Rank(PaymentStatus status) =>
        status switch
        {
            PaymentStatus.AwaitingConfirmation => 0,
            PaymentStatus.Declined => 1,
            PaymentStatus.Paid => 2,
            PaymentStatus.RefundFailed => 3,
            PaymentStatus.Refunded => 4,
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of payments."),
        };
}
