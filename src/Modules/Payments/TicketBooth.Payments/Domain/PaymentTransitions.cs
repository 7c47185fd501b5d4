using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Domain;

/// <summary>
/// How facts change a payment. Pure, and independent of repetition and order: whatever comes first or twice, every capture pays the order
/// or goes back (promise I5), and each message is said once. No report about money is refused.
/// </summary>
internal static class PaymentTransitions
{
    public static Step Apply(Payment payment, GatewayNotice notice, DateTimeOffset now)
    {
        var known = payment.ExternalId is null ? payment with { ExternalId = notice.ExternalId } : payment;
        return notice.Fact switch
        {
            GatewayFact.Captured { Capture: var capture } => Settle(payment, Capture(known, notice.ExternalId, capture, now), now),
            GatewayFact.Declined declined => Apply(known, new PaymentFact.Declined(declined.Reason), now),
            GatewayFact.Canceled => Apply(known, new PaymentFact.Declined(PaymentsErrors.Canceled), now),
            GatewayFact.ActionRequired { NextAction: var action } => Apply(known, new PaymentFact.Taken(null, action), now),
            GatewayFact.Refund { Money: var refund } => Settle(payment, RefundRules.Hear(known, refund, now), now),
            GatewayFact.Dispute { Money: var dispute } => Settle(
                payment,
                (known, known.Money with { Disputes = DisputeRules.Hear(known.Money.Disputes, dispute) }),
                now
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(notice), notice, "Not a fact about payments."),
        };
    }

    public static Step Apply(Payment payment, PaymentFact fact, DateTimeOffset now)
    {
        var money = payment.Money;
        return fact switch
        {
            PaymentFact.Declined declined => payment.Status switch
            {
                PaymentStatus.AwaitingConfirmation => Settle(payment, (Decline(payment, declined.Reason, now), money), now),
                // The report of the gateway that we ended it may be faster than the record that we did.
                PaymentStatus.Declined
                    when declined.Reason == PaymentsErrors.Superseded && payment.DeclineReason == PaymentsErrors.Canceled => Settle(
                    payment,
                    (payment with { DeclineReason = declined.Reason }, money),
                    now
                ),
                PaymentStatus.Declined => new Step(payment),
                _ => new Step(payment, [], Contradiction: true),
            },
            PaymentFact.RefundDue when payment.IsRefundDue => new Step(payment),
            PaymentFact.RefundDue due => Settle(payment, (payment with { RefundReason = due.Reason }, money), now),
            PaymentFact.Taken or PaymentFact.OrderEnded or PaymentFact.NotEnded
                when payment.Status != PaymentStatus.AwaitingConfirmation => new Step(payment),
            PaymentFact.OrderEnded => Settle(payment, (payment, money with { GivenUp = money.GivenUp ?? GivenUp.Since(now) }), now),
            PaymentFact.NotEnded => Settle(payment, (payment, money with { GivenUp = money.GivenUp?.Later(now) }), now),
            PaymentFact.Taken taken => Settle(
                payment,
                (
                    payment,
                    money with
                    {
                        PixCode = taken.PixCode ?? money.PixCode,
                        NextAction = taken.NextAction ?? money.NextAction,
                        TokenMark = taken.TokenMark ?? money.TokenMark,
                    }
                ),
                now
            ),
            _ => Settle(payment, (payment, RefundRules.Apply(money, fact, now)), now),
        };
    }

    /// <summary>
    /// A decline can be wrong (a timeout, an abandoned attempt); a capture cannot. The first capture of the amount pays the order. All
    /// others pay nothing; when such a one comes first, the buyer can pay again. What comes for a superseded payment pays nothing either:
    /// its buyer pays in another way.
    /// </summary>
    private static (Payment, MoneyOnRecord) Capture(Payment payment, string externalId, GatewayCapture captured, DateTimeOffset now)
    {
        var money = payment.Money;
        if (money.Captures.Any(known => known.Id == captured.Id))
        {
            return (payment, money);
        }

        var pays = money.Paying is null && !payment.IsSuperseded && IsAmountOf(payment, captured.Amount, captured.Currency);
        var capture = new Capture(
            captured.Id,
            captured.Amount,
            captured.Currency,
            now,
            pays,
            externalId == payment.ExternalId ? null : externalId
        );
        var after =
            pays ? payment with { Status = PaymentStatus.Paid, CapturedAt = now }
            : payment.Status == PaymentStatus.AwaitingConfirmation ? Decline(payment, PaymentsErrors.OtherAmount, now)
            : payment;
        return (after, money with { Captures = [.. money.Captures, capture] });
    }

    private static Payment Decline(Payment payment, string reason, DateTimeOffset now) =>
        payment with
        {
            Status = PaymentStatus.Declined,
            DeclineReason = reason,
            DeclinedAt = now,
        };

    private static bool IsAmountOf(Payment payment, long amount, string currency) =>
        amount == payment.Amount && currency == payment.Currency;

    /// <summary>Derives due refunds and the status from all that is on record, and what to say from what has changed.</summary>
    private static Step Settle(Payment before, (Payment Payment, MoneyOnRecord Money) changed, DateTimeOffset now)
    {
        var (payment, money) = (changed.Payment, RefundRules.Due(changed.Payment, changed.Money));
        if (money.Paying is { } paying)
        {
            var returned = money.ReturnedOf(paying);
            payment = payment with
            {
                Status =
                    returned >= paying.Amount ? PaymentStatus.Refunded
                    : payment.RefundReason is not null && money.Refunds.Any(refund => refund.WaitsForStaff && refund.CaptureId == paying.Id)
                        ? PaymentStatus.RefundFailed
                    : PaymentStatus.Paid,
            };
        }

        if (payment.Status != PaymentStatus.AwaitingConfirmation)
        {
            money = money with { PixCode = null, NextAction = null, TokenMark = null, GivenUp = null };
        }

        payment = payment with { ChangedAt = payment.Status == before.Status ? before.ChangedAt : now };
        var after = payment.With(money);
        return new Step(after, [.. Announcements.Between(before, after, now)]);
    }
}
