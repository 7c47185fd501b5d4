using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Domain;

/// <summary>What must not be on record, whatever other modules say: the audit asks. Each is a promise and a sentence.</summary>
internal static class MoneyFaults
{
    private const string I5 = "I5";

    public static IEnumerable<(string Promise, string Text)> Of(Payment payment) =>
        payment.Recorded is null ? [] : OfCaptures(payment, payment.Money).Concat(OfRefunds(payment, payment.Money));

    public static IEnumerable<(string Promise, string Text)> Of(UnmatchedMoney money)
    {
        var name = $"Unmatched money {money.CaptureId} of {money.Gateway}";
        if (money.State is UnmatchedState.Accepted or UnmatchedState.Noted && (string.IsNullOrEmpty(money.Note) || money.By is null))
        {
            yield return (I5, $"{name} waits for nobody, and nobody said why.");
        }

        if (money.State == UnmatchedState.Refunding && money.AskedAs is null)
        {
            yield return (I5, $"{name} is to go back, and no refund of it is under way.");
        }

        if (money.State == UnmatchedState.Refunded && money.Returned < money.Amount)
        {
            yield return (I5, $"{name} counts as given back; {Text(money.Returned)} of {Text(money.Amount)} went.");
        }

        string Text(long amount) => new Money(amount, money.Currency).ToString();
    }

    private static IEnumerable<(string Promise, string Text)> OfCaptures(Payment payment, MoneyOnRecord money)
    {
        foreach (var capture in money.Captures)
        {
            var isAmount = (capture.Amount, capture.Currency) == (payment.Amount, payment.Currency);
            if (capture.Pays && !isAmount)
            {
                yield return (
                    "I6",
                    $"Payment {payment.Id} asked for {new Money(payment.Amount, payment.Currency)}, and {TextOf(capture)} counts as that."
                );
            }

            var why = isAmount ? "paid twice" : "another amount or currency";
            var rest = capture.Amount - money.SpokenForOf(capture);
            if (!capture.Pays && rest > 0)
            {
                yield return (
                    I5,
                    $"Beside payment {payment.Id}, {TextOf(capture)} pays nothing ({why}), "
                        + $"and {new Money(rest, capture.Currency)} of it does not go back."
                );
            }
            else if (payment.RefundReason is not null && rest > 0)
            {
                yield return (I5, $"Payment {payment.Id} must go back, and no refund of {new Money(rest, capture.Currency)} is under way.");
            }
        }

        if (money.Captures.Count(capture => capture.Pays) > 1)
        {
            yield return (I5, $"Payment {payment.Id} was captured twice, and both captures count as the order's.");
        }
    }

    private static IEnumerable<(string Promise, string Text)> OfRefunds(Payment payment, MoneyOnRecord money)
    {
        foreach (var capture in money.Captures)
        {
            var asked = money
                .Refunds.Where(refund => refund.IsOurs && refund.CaptureId == capture.Id)
                .Where(refund => refund.State != RefundState.Refused || refund.WaitsForStaff)
                .Sum(refund => refund.Amount);
            if (asked > capture.Amount)
            {
                yield return (
                    I5,
                    $"Of {TextOf(capture)} of payment {payment.Id} we ask for more back than that: {new Money(asked, capture.Currency)}."
                );
            }
        }

        foreach (var refund in money.Refunds)
        {
            if (refund.State == RefundState.PaidBackByHand && (string.IsNullOrEmpty(refund.Reference) || refund.By is null))
            {
                yield return (I5, $"A refund of payment {payment.Id} counts as paid back by hand, without the transfer's reference.");
            }
        }
    }

    private static string TextOf(Capture capture) => $"capture {capture.Id} of {new Money(capture.Amount, capture.Currency)}";
}
