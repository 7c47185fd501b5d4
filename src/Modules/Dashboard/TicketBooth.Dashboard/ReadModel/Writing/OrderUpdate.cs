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
    bool IsLedger = false
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
            IsLedger: true
        );

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
            PlacedAt = PlacedAt ?? (known.IsPlacedAtKnown ? known.PlacedAt : Earlier(known.PlacedAt, PaidAt ?? EndedAt)),
            IsPlacedAtKnown = known.IsPlacedAtKnown || PlacedAt is not null,
            PaidAt = known.PaidAt ?? PaidAt,
            PaymentId = known.PaymentId ?? PaymentId,
            Revision = isNewer ? Revision : known.Revision,
            Status = isNewer ? Status : known.Status,
            EndedAt = isNewer ? EndedAt : known.EndedAt,
        };

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
            PlacedAt = PlacedAt ?? Earlier(PaidAt ?? EndedAt!.Value, EndedAt),
            IsPlacedAtKnown = PlacedAt is not null,
            PaidAt = PaidAt,
            EndedAt = EndedAt,
            PaymentId = PaymentId,
            Generation = generation,
        };

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}
