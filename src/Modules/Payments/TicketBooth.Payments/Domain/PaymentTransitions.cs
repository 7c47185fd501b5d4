using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Domain;

/// <summary>Something that happened to a payment, whoever reported it.</summary>
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

/// <summary>What is published about a change, in the same atomic write.</summary>
internal enum Announcement
{
    None,
    Confirmed,
    Declined,
    Refunded,
}

/// <summary>One change of a payment, as decided.</summary>
/// <param name="After">The payment after the change.</param>
/// <param name="Announcement">What is published about it.</param>
/// <param name="Contradiction">The fact contradicts what was known before; it changed nothing, and a person should look.</param>
internal sealed record Step(Payment After, Announcement Announcement = Announcement.None, bool Contradiction = false);

/// <summary>
/// How facts change a payment. Pure, and independent of repetition and order: whatever comes first or twice, captured money ends as
/// <see cref="PaymentStatus.Paid"/> or <see cref="PaymentStatus.Refunded"/> (promise I5), and each announcement is made once.
/// </summary>
internal static class PaymentTransitions
{
    /// <summary>Applies the gateway's report if its amount, currency and external id are the payment's own.</summary>
    public static Result<Step> ApplyNotice(Payment payment, GatewayNotice notice, DateTimeOffset now)
    {
        if (FactOf(payment, notice.Fact) is not { } decided)
        {
            return new Step(payment);
        }

        if (decided.Error is { } error)
        {
            return error;
        }

        return payment.ExternalId is { } known && known != notice.ExternalId
            ? PaymentsErrors.ExternalIdMismatch
            : Apply(payment with { ExternalId = notice.ExternalId }, decided.Value, now);
    }

    private static Result<PaymentFact>? FactOf(Payment payment, GatewayFact fact) =>
        fact switch
        {
            GatewayFact.Captured { Capture: var money } => IsWhole(payment, money.Amount, money.Currency)
                ? new PaymentFact.Captured()
                : PaymentsErrors.AmountMismatch,
            GatewayFact.Declined declined => new PaymentFact.Declined(declined.Reason),
            GatewayFact.Canceled => new PaymentFact.Declined(PaymentsErrors.Canceled),
            GatewayFact.Refund { Money: { State: GatewayRefundState.Settled } money } => IsWhole(payment, money.Amount, money.Currency)
                ? new PaymentFact.Refunded()
                : PaymentsErrors.AmountMismatch,
            _ => (Result<PaymentFact>?)null,
        };

    private static bool IsWhole(Payment payment, long amount, string currency) => amount == payment.Amount && currency == payment.Currency;

    public static Step Apply(Payment payment, PaymentFact fact, DateTimeOffset now) =>
        (fact, payment.Status) switch
        {
            // A decline can be wrong (a timeout, an abandoned attempt); a capture cannot.
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
