using TicketBooth.Booking.Contracts;

namespace TicketBooth.Booking.Domain;

/// <summary>How disputes of its payments mark an order. Pure, as all rules are.</summary>
internal static class DisputeRules
{
    /// <summary>
    /// A bank disputes money of the order, or has decided. The order keeps its status: what a lost dispute takes is told as money that went
    /// back.
    /// </summary>
    public static OrderChange Record(Order order, Guid paymentId, string id, OrderDisputeState state, long amount, DateTimeOffset now)
    {
        var known = order.Disputes.FirstOrDefault(dispute => dispute.Id == id);
        if (known is not null && (known.State == state || state == OrderDisputeState.Opened))
        {
            return OrderChange.Nothing(order);
        }

        var dispute = (known ?? new OrderDispute(id, paymentId, amount, state, now, Revision: 0)) with
        {
            State = state,
            Amount = amount,
            Revision = order.Revision + 1,
        };
        var after = order with
        {
            Disputes = known is null ? [.. order.Disputes, dispute] : [.. order.Disputes.Select(one => one.Id == id ? dispute : one)],
            Revision = order.Revision + 1,
            Version = order.Version + 1,
        };
        return new OrderChange(order, after, OrderEvents.Disputed(after, dispute, now));
    }
}
