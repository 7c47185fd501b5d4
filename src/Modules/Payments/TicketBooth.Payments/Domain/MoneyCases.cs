using System.Globalization;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Domain;

/// <summary>What staff see of money that is not plain, and what they may do about it.</summary>
internal static class MoneyCases
{
    private const char OfCapture = 'c';
    private const char OfRefund = 'r';
    private const char OfDispute = 'd';
    private const char OfUnmatched = 'u';

    private static readonly IReadOnlyList<MoneyCaseChoice> Nothing = [];

    /// <summary>A case's id in parts: the payment or the unmatched money, the kind of thing, and its place there.</summary>
    internal readonly record struct CaseId(Guid Subject, char Of, int Index)
    {
        public bool IsUnmatched => Of == OfUnmatched;

        public bool IsRefund => Of == OfRefund;

        /// <summary>Of a payment's capture, or of unmatched money.</summary>
        public bool IsDispute => Of == OfDispute || (IsUnmatched && Index > 0);

        /// <summary>The place of the dispute among those of its payment or of its unmatched money.</summary>
        public int DisputeIndex => IsUnmatched ? Index - 1 : Index;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Subject:N}-{Of}{Index}");

        public static CaseId? Parse(string? text) =>
            text is { Length: >= 35 }
            && text[32] == '-'
            && text[33] is OfCapture or OfRefund or OfDispute or OfUnmatched
            && Guid.TryParseExact(text.AsSpan(0, 32), "N", out var subject)
            && int.TryParse(text.AsSpan(34), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? new(subject, text[33], index)
                : null;
    }

    /// <summary>Whether a person should look; null when there is nothing to see.</summary>
    public static bool? IsOpen(Payment payment)
    {
        var cases = Of(payment).ToList();
        return cases.Count == 0 ? null : cases.Exists(one => one.IsOpen);
    }

    public static IEnumerable<MoneyCase> Of(Payment payment)
    {
        if (payment.Recorded is not { } money)
        {
            yield break;
        }

        for (var i = 0; i < money.Captures.Count; i++)
        {
            if (money.Captures[i] is { Pays: false } capture)
            {
                var kind =
                    capture.Amount == payment.Amount && capture.Currency == payment.Currency
                        ? MoneyCaseKind.PaidTwice
                        : MoneyCaseKind.OtherAmount;
                yield return Case(payment, new(payment.Id, OfCapture, i), kind, capture.Amount, capture.Currency, capture.At) with
                {
                    Returned = money.ReturnedOf(capture),
                };
            }
        }

        for (var i = 0; i < money.Refunds.Count; i++)
        {
            if (OfTheRefund(payment, money.Refunds[i], i) is { } told)
            {
                yield return told;
            }
        }

        for (var i = 0; i < money.Disputes.Count; i++)
        {
            var dispute = money.Disputes[i];
            yield return OfTheDispute(
                Case(payment, new(payment.Id, OfDispute, i), MoneyCaseKind.Dispute, dispute.Amount, dispute.Currency, dispute.At),
                dispute
            );
        }
    }

    /// <summary>Whether a person should look at the money, or at a dispute of it.</summary>
    public static bool IsOpen(UnmatchedMoney money) => Of(money).Any(one => one.IsOpen);

    /// <summary>The money, unless only a dispute of it is known, and its disputes.</summary>
    public static IEnumerable<MoneyCase> Of(UnmatchedMoney money)
    {
        if (money.Amount > 0 || money.Disputes.Count == 0 || money.Returns.Count > 0)
        {
            yield return OfTheMoney(money);
        }

        for (var i = 0; i < money.Disputes.Count; i++)
        {
            var dispute = money.Disputes[i];
            yield return OfTheDispute(
                Case(money, DisputeOfUnmatched(money.Id, i), MoneyCaseKind.Dispute, dispute.Amount, dispute.Currency, dispute.At),
                dispute
            );
        }
    }

    /// <summary>Unmatched money has the place 0, and its disputes follow.</summary>
    private static CaseId DisputeOfUnmatched(Guid money, int index) => new(money, OfUnmatched, index + 1);

    private static MoneyCase OfTheDispute(MoneyCase one, Dispute dispute)
    {
        var isOpen = dispute.State != DisputeState.Won && dispute.Note is null;
        return one with
        {
            IsOpen = isOpen,
            Dispute = PaymentDisputes.StateOf(dispute),
            Reason = dispute.Reason,
            Note = dispute.Note,
            Returned = dispute.State == DisputeState.Lost ? dispute.Amount : 0,
            Choices = isOpen ? [MoneyCaseChoice.Note] : Nothing,
        };
    }

    private static MoneyCase OfTheMoney(UnmatchedMoney money) =>
        Case(money, new(money.Id, OfUnmatched, 0), MoneyCaseKind.Unmatched, money.Amount, money.Currency, money.At) with
        {
            IsOpen = money.State is UnmatchedState.Open or UnmatchedState.Refunding,
            Returned = money.Returned,
            Reason = money.Failure,
            Note = money.Note,
            By = money.By,
            Choices = money.State == UnmatchedState.Open ? [MoneyCaseChoice.Accept, MoneyCaseChoice.Refund, MoneyCaseChoice.Note] : Nothing,
        };

    private static MoneyCase? OfTheRefund(Payment payment, Refund refund, int index)
    {
        var at = refund.EndedAt ?? payment.ChangedAt;
        var id = new CaseId(payment.Id, OfRefund, index);
        return refund switch
        {
            { State: RefundState.Refused } => Case(payment, id, MoneyCaseKind.RefundFailed, refund.Amount, refund.Currency, at) with
            {
                IsOpen = refund.Note is null,
                Reason = refund.Failure,
                By = refund.By,
                Note = refund.Note,
                Choices =
                    refund.Note is not null ? Nothing
                    : IsStillOwed(payment, refund) ? [MoneyCaseChoice.Refund, MoneyCaseChoice.PaidBackByHand]
                    : [MoneyCaseChoice.Note],
            },
            { IsOurs: true, State: RefundState.PaidBackByHand } => Case(
                payment,
                id,
                MoneyCaseKind.RefundFailed,
                refund.Amount,
                refund.Currency,
                at
            ) with
            {
                Returned = refund.Amount,
                Reason = refund.Failure,
                By = refund.By,
                Note = refund.Reference,
            },
            { IsOurs: false, HasReturned: true } => Case(
                payment,
                id,
                MoneyCaseKind.ReturnedFromConsole,
                refund.Amount,
                refund.Currency,
                at
            ) with
            {
                IsOpen = refund.Note is null,
                Returned = refund.Amount,
                Note = refund.Note,
                Choices = refund.Note is null ? [MoneyCaseChoice.Note] : Nothing,
            },
            _ => null,
        };
    }

    /// <summary>
    /// Not when the console or a lost dispute took the money meanwhile, and not what staff tried at the console: they know what it was.
    /// </summary>
    private static bool IsStillOwed(Payment payment, Refund refund)
    {
        var money = payment.Money;
        return refund.IsOurs
            && (
                money.Captures.FirstOrDefault(one => one.Id == refund.CaptureId) is not { } capture
                || money.ReturnedOf(capture) + money.UnderWayOf(capture) + refund.Amount <= capture.Amount
            );
    }

    private static MoneyCase Case(UnmatchedMoney money, CaseId id, MoneyCaseKind kind, long amount, string currency, DateTimeOffset at) =>
        new(id.ToString(), kind, IsOpen: false, money.Gateway, money.ExternalId, money.PaymentId, OrderId: null, amount, currency, at);

    private static MoneyCase Case(Payment payment, CaseId id, MoneyCaseKind kind, long amount, string currency, DateTimeOffset at) =>
        new(id.ToString(), kind, IsOpen: false, payment.Gateway, payment.ExternalId, payment.Id, payment.OrderId, amount, currency, at);
}
