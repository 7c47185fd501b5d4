using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Domain;

/// <summary>Something that happened to a payment, whoever told us.</summary>
internal abstract record PaymentFact
{
    private PaymentFact() { }

    /// <summary>The gateway has the money.</summary>
    public sealed record Captured : PaymentFact;

    /// <summary>The gateway refused it, or never took it up.</summary>
    public sealed record Declined(string Reason) : PaymentFact;

    /// <summary>The gateway gave the money back.</summary>
    public sealed record Refunded : PaymentFact;

    /// <summary>Booking has no order for the money.</summary>
    public sealed record RefundDue(string Reason) : PaymentFact;
}

/// <summary>What the other modules are told about a change, in the same atomic write.</summary>
internal enum Announcement
{
    None,
    Confirmed,
    Declined,
    Refunded,
}

/// <param name="After">The payment as it is from now on.</param>
/// <param name="Contradiction">The fact cannot be true beside what was known before; it changed nothing, and a person should look.</param>
internal sealed record Step(Payment After, Announcement Announcement = Announcement.None, bool Contradiction = false);

/// <summary>What the gateway says about a payment.</summary>
/// <param name="Amount">Cents.</param>
internal sealed record GatewayNotice(string ExternalId, long Amount, string Currency, PaymentFact Fact);

/// <summary>
/// How facts change a payment. Pure, and indifferent to repetition and order: whatever comes first or twice, captured money ends as
/// <see cref="PaymentStatus.Paid"/> or <see cref="PaymentStatus.Refunded"/> (promise I5), and each announcement is made once.
/// </summary>
internal static class PaymentTransitions
{
    /// <summary>Takes the gateway's word, if it is about this payment and this amount.</summary>
    public static Result<Step> Hear(Payment payment, GatewayNotice notice, DateTimeOffset now)
    {
        if (notice.Amount != payment.Amount || notice.Currency != payment.Currency)
        {
            return PaymentErrors.AmountMismatch;
        }

        return payment.ExternalId is { } known && known != notice.ExternalId
            ? PaymentErrors.ExternalIdMismatch
            : Apply(payment with { ExternalId = notice.ExternalId }, notice.Fact, now);
    }

    public static Step Apply(Payment payment, PaymentFact fact, DateTimeOffset now) =>
        (fact, payment.Status) switch
        {
            // A decline can be wrong (a timeout, an abandoned attempt); money that is there cannot.
            (PaymentFact.Captured, PaymentStatus.AwaitingConfirmation or PaymentStatus.Declined) => new(
                payment with
                {
                    Status = PaymentStatus.Paid,
                    ChangedAt = now,
                    CapturedAt = now,
                },
                Announcement.Confirmed
            ),
            (PaymentFact.Captured, _) => new(payment),

            (PaymentFact.Declined declined, PaymentStatus.AwaitingConfirmation) => new(
                payment with
                {
                    Status = PaymentStatus.Declined,
                    DeclineReason = declined.Reason,
                    ChangedAt = now,
                    DeclinedAt = now,
                },
                Announcement.Declined
            ),
            (PaymentFact.Declined, PaymentStatus.Declined) => new(payment),
            (PaymentFact.Declined, _) => new(payment, Contradiction: true),

            (PaymentFact.Refunded, PaymentStatus.Refunded) => new(payment),
            (PaymentFact.Refunded, _) => new(payment with { Status = PaymentStatus.Refunded, ChangedAt = now }, Announcement.Refunded),

            (PaymentFact.RefundDue, _) when payment.IsRefundDue => new(payment),
            (PaymentFact.RefundDue due, _) => new(payment with { RefundReason = due.Reason }),

            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "Not a fact about payments."),
        };
}
