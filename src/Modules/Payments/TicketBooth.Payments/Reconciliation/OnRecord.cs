using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Reconciliation;

/// <summary>What is on record here of a movement that a gateway lists.</summary>
/// <param name="Note">Why it is not the same although it is there.</param>
internal readonly record struct OnRecord(ReconciledAmount Amount, ReconciliationNote Note = ReconciliationNote.None)
{
    /// <summary>Null when the payment has nothing of it.</summary>
    public static OnRecord? Find(Payment payment, GatewayMovement movement)
    {
        var money = payment.Money;
        if (movement.Kind == MovementKind.Capture)
        {
            return money.Captures.FirstOrDefault(capture => capture.Id == movement.Id) is { } taken
                ? new OnRecord(new(taken.Amount, taken.Currency))
                : null;
        }

        if (money.Refunds.FirstOrDefault(refund => refund.ExternalId == movement.Id) is { } given)
        {
            return new OnRecord(
                new(given.Amount, given.Currency),
                given.State switch
                {
                    RefundState.Refused => ReconciliationNote.RefusedHere,
                    RefundState.PaidBackByHand => ReconciliationNote.PaidBackByHand,
                    _ => ReconciliationNote.None,
                }
            );
        }

        // What a bank takes back by Pix is a lost dispute here and a refund there. While it is an open dispute here, its end is not known.
        return money.Disputes.FirstOrDefault(dispute => dispute.Id == movement.Id && dispute.State == DisputeState.Lost) is { } lost
            ? new OnRecord(new(lost.Amount, lost.Currency))
            : null;
    }

    /// <summary>Null when there is no such money, or nothing of this movement.</summary>
    public static OnRecord? Find(UnmatchedMoney? money, GatewayMovement movement) =>
        movement.Kind == MovementKind.Capture
            ? money is { Amount: > 0 } && money.CaptureId == movement.Id
                ? new OnRecord(new(money.Amount, money.Currency))
                : null
            : money?.Returns.FirstOrDefault(returned => returned.Id == movement.Id) is { } given
                ? new OnRecord(new(given.Amount, money.Currency.Length > 0 ? money.Currency : movement.Currency))
            : money?.Disputes.FirstOrDefault(dispute => dispute.Id == movement.Id && dispute.State == DisputeState.Lost) is { } lost
                ? new OnRecord(new(lost.Amount, lost.Currency))
                : null;

    /// <summary>
    /// What a gateway must have done because we say so: captures, and refunds that are settled. What staff paid back by hand and what a
    /// dispute took are no movements of the gateway's.
    /// </summary>
    public static IEnumerable<OwnMovement> MovementsOf(Payment payment)
    {
        var money = payment.Money;
        foreach (var capture in money.Captures)
        {
            yield return new OwnMovement(
                payment.Gateway,
                MovementKind.Capture,
                capture.Id,
                new(capture.Amount, capture.Currency),
                capture.At,
                PaymentReference.Of(payment) with
                {
                    ExternalId = capture.ExternalId ?? payment.ExternalId,
                },
                payment.OrderId
            );
        }

        foreach (var refund in money.Refunds)
        {
            if (refund is { State: RefundState.Settled, ExternalId: { } id })
            {
                var capture = money.Captures.FirstOrDefault(capture => capture.Id == refund.CaptureId);
                yield return new OwnMovement(
                    payment.Gateway,
                    MovementKind.Refund,
                    id,
                    new(refund.Amount, refund.Currency),
                    refund.EndedAt ?? payment.ChangedAt,
                    PaymentReference.Of(payment) with
                    {
                        ExternalId = capture?.ExternalId ?? payment.ExternalId,
                    },
                    payment.OrderId
                );
            }
        }
    }

    /// <summary>What has gone back of it has no time here; the gateway's list is compared with it, and not the other way round.</summary>
    public static IEnumerable<OwnMovement> MovementsOf(UnmatchedMoney money) =>
        money.Amount == 0
            ? []
            :
            [
                new OwnMovement(
                    money.Gateway,
                    MovementKind.Capture,
                    money.CaptureId,
                    new(money.Amount, money.Currency),
                    money.At,
                    new PaymentReference(money.PaymentId ?? Guid.Empty, money.ExternalId, money.At),
                    OrderId: null
                ),
            ];
}

/// <summary>A movement that we have on record.</summary>
/// <param name="Id">The gateway's.</param>
/// <param name="At">When we learned of it.</param>
/// <param name="Charge">Of the charge, as the gateway finds it.</param>
internal sealed record OwnMovement(
    string Gateway,
    MovementKind Kind,
    string Id,
    ReconciledAmount Amount,
    DateTimeOffset At,
    PaymentReference Charge,
    Guid? OrderId
);
