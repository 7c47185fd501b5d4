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

        var failed = before.Money.Refunds.Where(HasFailed).Select(refund => refund.Id).ToHashSet();
        foreach (var refund in after.Money.Refunds.Where(refund => HasFailed(refund) && !failed.Contains(refund.Id)))
        {
            yield return new RefundFailed(
                after.Id,
                after.OrderId,
                refund.Id!.Value,
                refund.Amount,
                refund.Currency,
                refund.Failure ?? "",
                now
            );
        }
    }

    private static bool HasFailed(Refund refund) => refund is { State: RefundState.Refused, IsOurs: true };

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
                dispute.State switch
                {
                    DisputeState.Opened => PaymentDisputeState.Opened,
                    DisputeState.Won => PaymentDisputeState.Won,
                    _ => PaymentDisputeState.Lost,
                },
                dispute.Amount,
                dispute.Currency,
                now
            ));
}
