namespace TicketBooth.Payments.Domain;

/// <summary>Which money goes back, and what became of it.</summary>
internal static class RefundRules
{
    /// <summary>
    /// The money with a refund of all that is left of each capture that pays nothing, and of the paying one where the order wants that.
    /// What has gone back in another way meanwhile is not given back again, nor is what was asked for before: a refund that the gateway
    /// refused stays with staff, who may have paid it by hand already.
    /// </summary>
    public static MoneyOnRecord Due(Payment payment, MoneyOnRecord money)
    {
        if (money.Paying is { } paying && money.Refunds.Any(refund => refund.CaptureId is null))
        {
            money = money with
            {
                Refunds = [.. money.Refunds.Select(refund => refund.CaptureId is null ? refund with { CaptureId = paying.Id } : refund)],
            };
        }

        foreach (var capture in money.Captures)
        {
            var reason =
                capture.Pays ? payment.RefundReason
                : payment.IsSuperseded ? PaymentsErrors.Superseded
                : capture.Amount == payment.Amount && capture.Currency == payment.Currency ? PaymentsErrors.PaidTwice
                : PaymentsErrors.OtherAmount;
            if (reason is not null)
            {
                money = ReturnRest(money, capture, capture.Pays ? payment.Id : RefundIds.Of(payment.Id, capture.Id), reason);
            }
        }

        return money;
    }

    private static MoneyOnRecord ReturnRest(MoneyOnRecord money, Capture capture, Guid id, string reason)
    {
        var rest = capture.Amount - money.SpokenForOf(capture, but: id);
        return money.Refunds.FirstOrDefault(refund => refund.Id == id) switch
        {
            null when rest > 0 => money.With(new Refund(id, capture.Id, rest, capture.Currency, reason, RefundState.Asked)),
            { State: RefundState.Asked, ExternalId: null } open when rest <= 0 => money with
            {
                Refunds = [.. money.Refunds.Where(refund => !ReferenceEquals(refund, open))],
            },
            { State: RefundState.Asked, ExternalId: null } open => money.Replace(open, open with { Amount = rest }),
            _ => money,
        };
    }

    /// <summary>What the gateway says of a refund, whoever asked for it.</summary>
    public static (Payment, MoneyOnRecord) Hear(Payment payment, GatewayRefund heard, DateTimeOffset now)
    {
        var money = payment.Money;
        var state = heard.State switch
        {
            GatewayRefundState.Settled => RefundState.Settled,
            GatewayRefundState.Refused => RefundState.Refused,
            _ => RefundState.Asked,
        };
        var known = money.Refunds.FirstOrDefault(refund => heard.RefundId is { } id && (refund.KnownAs == id || refund.Id == id))
            ?? money.Refunds.FirstOrDefault(refund => refund.ExternalId == heard.Id);
        if (known is null)
        {
            Refund told = new(heard.RefundId, heard.CaptureId, heard.Amount, heard.Currency, Refund.NotAsked, state)
            {
                ExternalId = heard.Id,
                Failure = state == RefundState.Refused ? heard.Reason : null,
                EndedAt = state == RefundState.Asked ? null : now,
            };
            return (payment, money.With(told));
        }

        // An id that was refused before is not the one that the gateway works on now.
        var isOfNow = heard.RefundId is null || known.KnownAs is null || known.KnownAs == heard.RefundId;
        return (
            payment,
            isOfNow
                ? money.Replace(
                    known,
                    Advance(known with { ExternalId = heard.Id, Amount = heard.Amount }, known.State, state, heard.Reason, now)
                )
                : money
        );
    }

    public static MoneyOnRecord Apply(MoneyOnRecord money, PaymentFact fact, DateTimeOffset now) =>
        fact switch
        {
            PaymentFact.PartialRefundDue due when money.Refunds.Any(known => known.Id == due.RefundId) => money,
            PaymentFact.PartialRefundDue due => money.With(
                new Refund(due.RefundId, money.Paying?.Id, due.Amount, due.Currency, due.Reason, RefundState.Asked) { AskedAt = now }
            ),
            PaymentFact.RefundAccepted accepted => Change(money, accepted.RefundId, refund =>
                Advance(
                    refund with
                    {
                        ExternalId = accepted.ExternalId,
                        Amount = accepted.Amount,
                    },
                    refund.State,
                    accepted.IsSettled ? RefundState.Settled : RefundState.Asked,
                    reason: null,
                    now
                )
            ),
            PaymentFact.RefundNotDone not => Change(money, not.RefundId, refund =>
                Advance(
                    refund with
                    {
                        Tries = refund.Tries + 1,
                    },
                    refund.State,
                    not.IsFinal ? RefundState.Refused : RefundState.Asked,
                    not.Failure,
                    now
                )
            ),
            PaymentFact.RefundTriedAgain again when money.Refunds[again.Index] is { State: RefundState.Refused } refused => money.Replace(
                refused,
                refused with
                {
                    State = RefundState.Asked,
                    AskedAs = again.AskedAs,
                    ExternalId = null,
                    Tries = 0,
                    EndedAt = null,
                    Failure = null,
                    By = again.By,
                }
            ),
            PaymentFact.PaidBackByHand paid when money.Refunds[paid.Index] is { State: RefundState.Refused } refused => money.Replace(
                refused,
                refused with
                {
                    State = RefundState.PaidBackByHand,
                    EndedAt = now,
                    By = paid.By,
                    Reference = paid.Reference,
                }
            ),
            PaymentFact.Noted { IsDispute: true } noted => money with
            {
                Disputes = [.. money.Disputes.Select((dispute, i) => i == noted.Index ? dispute with { Note = noted.Note } : dispute)],
            },
            PaymentFact.Noted noted => money.Replace(money.Refunds[noted.Index], money.Refunds[noted.Index] with { Note = noted.Note }),
            _ => money,
        };

    private static MoneyOnRecord Change(MoneyOnRecord money, Guid refundId, Func<Refund, Refund> change) =>
        money.Refunds.FirstOrDefault(refund => refund.KnownAs == refundId) is { } known ? money.Replace(known, change(known)) : money;

    /// <summary>Asked, settled, refused: later words count. A refund that was paid back by hand stays so.</summary>
    private static Refund Advance(Refund refund, RefundState before, RefundState heard, string? reason, DateTimeOffset now) =>
        before >= heard ? refund : refund with { State = heard, EndedAt = now, Failure = heard == RefundState.Refused ? reason : null };
}
