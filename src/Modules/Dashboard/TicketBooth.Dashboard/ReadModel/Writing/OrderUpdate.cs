using TicketBooth.Booking.Contracts;

namespace TicketBooth.Dashboard.ReadModel.Writing;

/// <summary>What a message or the ledger says about an order.</summary>
/// <param name="IsLedger">Read from the ledger while no message could be applied: it is complete and replaces the row.</param>
internal sealed record OrderUpdate(
    Guid OrderId,
    int Revision,
    OrderStatus Status,
    Guid EventId,
    Guid BuyerId,
    IReadOnlyList<OrderedTicket> Tickets,
    Guid? PaymentId = null,
    DateTimeOffset? PlacedAt = null,
    DateTimeOffset? PaidAt = null,
    DateTimeOffset? EndedAt = null,
    bool IsLedger = false,
    IReadOnlyList<RefundLine>? Refunds = null,
    IReadOnlyList<DisputeLine>? Disputes = null,
    SoldBy SoldBy = SoldBy.Online
) : ReadModelUpdate
{
    public static OrderUpdate Of(OrderFacts facts) =>
        new(
            facts.OrderId,
            facts.Revision,
            facts.Status,
            facts.EventId,
            facts.BuyerId,
            facts.Tickets,
            facts.Status is OrderStatus.Paid or OrderStatus.Refunded ? facts.PaymentId : null,
            facts.PlacedAt,
            facts.PaidAt,
            facts.EndedAt,
            IsLedger: true,
            RefundLines.Of(facts),
            DisputeLines.Of(facts),
            SoldByOf(facts)
        );

    public static SoldBy SoldByOf(OrderFacts facts) =>
        facts.Counter switch
        {
            null => SoldBy.Online,
            { Method: CounterMethod.Complimentary } => SoldBy.CounterForFree,
            _ => SoldBy.Counter,
        };

    /// <summary>The earliest time that it tells; for an order whose placing was not told yet.</summary>
    private DateTimeOffset? At => PaidAt ?? EndedAt ?? Refunds?[0].At ?? Disputes?[0].At;

    /// <summary>The order's row after this update; the same object when nothing changes.</summary>
    public OrderRow Merge(OrderRow? known, long generation)
    {
        if (known is null || IsLedger)
        {
            return New(generation);
        }

        var isNewer = Revision > known.Revision;
        var merged = known with
        {
            PlacedAt = PlacedAt ?? (known.IsPlacedAtKnown ? known.PlacedAt : Earlier(known.PlacedAt, At)),
            IsPlacedAtKnown = known.IsPlacedAtKnown || PlacedAt is not null,
            PaidAt = known.PaidAt ?? PaidAt,
            PaymentId = known.PaymentId ?? PaymentId,
            Revision = isNewer ? Revision : known.Revision,
            Status = isNewer ? Status : known.Status,
            EndedAt = EndOf(known, isNewer),
            Refunds = known.Refunds.With(Refunds),
            Disputes = known.Disputes.With(Disputes),

            // Only the message about the payment tells it.
            SoldBy = known.SoldBy == SoldBy.Online ? SoldBy : known.SoldBy,
        };
        merged = merged with { DisputedSince = merged.Disputes.OpenSince() };

        // A new generation alone is no change, or every repeated message would be a write.
        return merged == known ? known : merged with { Generation = generation };
    }

    private OrderRow New(long generation) =>
        new()
        {
            Id = OrderId,
            EventId = EventId,
            BuyerId = BuyerId,
            Revision = Revision,
            Status = Status,
            Tickets = [.. Tickets.Select(ticket => new OrderLine(ticket.Number, ticket.TierId, ticket.Price))],
            Total = Tickets.Sum(ticket => ticket.Price),
            PlacedAt = PlacedAt ?? Earlier(At!.Value, EndedAt),
            IsPlacedAtKnown = PlacedAt is not null,
            PaidAt = PaidAt,
            EndedAt = EndedAt,
            PaymentId = PaymentId,
            Refunds = Refunds,
            Disputes = Disputes,
            DisputedSince = Disputes.OpenSince(),
            SoldBy = SoldBy,
            Generation = generation,
        };

    /// <summary>What comes after an order's end, such as a refund of what was kept, does not tell when that was.</summary>
    private DateTimeOffset? EndOf(OrderRow known, bool isNewer) =>
        Status == known.Status ? EndedAt ?? known.EndedAt
        : isNewer ? EndedAt
        : known.EndedAt;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}
