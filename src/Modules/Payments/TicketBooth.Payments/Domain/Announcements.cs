using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Payments.Domain;

/// <summary>
/// What the other modules learn of a change. It follows from the payment before and after, so the same fact twice says nothing.
/// </summary>
internal static class Announcements
{
    public static IEnumerable<IIntegrationEvent> Between(Payment before, Payment after, DateTimeOffset now) =>
        before == after ? [] : [.. OfStatus(before, after, now), .. OfRefunds(before, after, now), .. OfDisputes(before, after, now)];

    private static IEnumerable<IIntegrationEvent> OfStatus(Payment before, Payment after, DateTimeOffset now)
    {
        if (before.Money.Paying is null && after.Money.Paying is not null && after.Status != PaymentStatus.Refunded)
        {
            yield return new PaymentConfirmed(after.Id, after.OrderId, after.Amount, after.Currency, now);
        }

        if (before.Status != after.Status && after.Status == PaymentStatus.Declined)
        {
            yield return new PaymentDeclined(after.Id, after.OrderId, after.DeclineReason!, now);
        }

        if (before.Status != after.Status && after.Status == PaymentStatus.Refunded)
        {
            yield return new PaymentRefunded(after.Id, after.OrderId, after.Amount, after.Currency, now);
        }
    }

    private static IEnumerable<IIntegrationEvent> OfRefunds(Payment before, Payment after, DateTimeOffset now)
    {
        var known = PartsOf(before).Select(part => part.Id).ToHashSet(StringComparer.Ordinal);
        var returned = after.Money.Paying is { } paying ? after.Money.ReturnedOf(paying) : 0;
        foreach (var (id, askedAs, amount) in PartsOf(after).Where(part => !known.Contains(part.Id)))
        {
            yield return new PaymentPartlyRefunded(after.Id, after.OrderId, id, askedAs, amount, returned, after.Currency, now);
        }

        foreach (var refund in after.Money.Refunds)
        {
            var was = before.Money.Refunds.FirstOrDefault(known => IsSame(known, refund));
            if (HasFailed(was, refund))
            {
                yield return new RefundFailed(
                    after.Id,
                    after.OrderId,
                    refund.IsOurs ? refund.Id!.Value : Guid.Empty,
                    refund.Amount,
                    refund.Currency,
                    refund.Failure ?? "",
                    now
                )
                {
                    GatewaysId = refund.IsOurs ? null : refund.ExternalId,
                    Status = StatusIfNew(before, after),
                };
            }
            else if (refund is { State: RefundState.Asked, IsOurs: true } && was is { State: RefundState.Refused })
            {
                yield return new RefundTriedAgain(after.Id, after.OrderId, refund.Id!.Value, refund.Amount, refund.Currency, now)
                {
                    Status = StatusIfNew(before, after),
                };
            }
        }
    }

    private static PaymentStatus? StatusIfNew(Payment before, Payment after) => before.Status == after.Status ? null : after.Status;

    /// <summary>A refund that we did not ask for was told to nobody before it was done; only then its failure is news.</summary>
    private static bool HasFailed(Refund? before, Refund after) =>
        after.State == RefundState.Refused && before?.State != RefundState.Refused && (after.IsOurs || before is { HasReturned: true });

    private static bool IsSame(Refund one, Refund other) =>
        one.IsOurs == other.IsOurs && (one.IsOurs ? one.Id == other.Id : one.ExternalId == other.ExternalId);

    /// <summary>What went back, in parts, of the capture that pays the order. A lost dispute is a part too.</summary>
    private static IEnumerable<(string Id, Guid? AskedAs, long Amount)> PartsOf(Payment payment)
    {
        var money = payment.Money;
        if (money.Paying is not { } paying)
        {
            return [];
        }

        var refunds = money
            .Refunds.Where(refund => refund.HasReturned && refund.CaptureId == paying.Id)
            .Select(refund => (Id: refund.ExternalId ?? $"{refund.Id:N}", AskedAs: refund.IsOurs ? refund.Id : null, refund.Amount));
        var lost = money
            .Disputes.Where(dispute => dispute.State == DisputeState.Lost && dispute.CaptureId == paying.Id)
            .Select(dispute => (dispute.Id, AskedAs: (Guid?)null, dispute.Amount));
        return refunds.Concat(lost).Where(part => part.Amount < paying.Amount);
    }

    private static IEnumerable<IIntegrationEvent> OfDisputes(Payment before, Payment after, DateTimeOffset now) =>
        after
            .Money.Disputes.Where(dispute => before.Money.Disputes.FirstOrDefault(known => known.Id == dispute.Id)?.State != dispute.State)
            .Select(dispute => new PaymentDisputed(
                after.Id,
                after.OrderId,
                dispute.Id,
                PaymentDisputes.StateOf(dispute),
                dispute.Amount,
                dispute.Currency,
                now
            ));
}
