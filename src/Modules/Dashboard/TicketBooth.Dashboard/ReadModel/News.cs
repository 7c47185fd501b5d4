using TicketBooth.Booking.Contracts;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>
/// Something that the read model learns. Taking it in is a merge: it may come twice, late and in any order, and the same row comes of it. That is why no inbox
/// is kept beside it.
/// </summary>
internal abstract record News;

/// <summary>What a message, or the ledger itself, says of an order.</summary>
/// <param name="IsLedger">It is the ledger's word, read while no message could be taken in: everything is in it, and it replaces whatever is known.</param>
internal sealed record OrderNews(
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
) : News
{
    public static OrderNews Of(OrderFacts facts) =>
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

    /// <summary>The order's row after this; the same one when it says nothing new.</summary>
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

        // The generation is no news by itself, or every repeated message would be a write.
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

/// <summary>What a message, or the ledger itself, says of a payment.</summary>
/// <param name="Status">Null when it says nothing of that.</param>
/// <param name="IsLedger">It is the ledger's word, read while no message could be taken in; it replaces what is known.</param>
internal sealed record PaymentNews(
    Guid PaymentId,
    Guid OrderId,
    PaymentStatus? Status,
    DateTimeOffset? At,
    PaymentMethod? Method = null,
    long? Amount = null,
    string? Currency = null,
    DateTimeOffset? StartedAt = null,
    string? DeclineReason = null,
    string? RefundReason = null,
    DateTimeOffset? DeclinedAt = null,
    DateTimeOffset? CapturedAt = null,
    bool IsLedger = false
) : News
{
    public static PaymentNews Of(PaymentFacts facts) =>
        new(
            facts.PaymentId,
            facts.OrderId,
            facts.Status,
            facts.ChangedAt,
            facts.Method,
            facts.Amount,
            facts.Currency,
            facts.StartedAt,
            facts.DeclineReason,
            facts.RefundReason,
            facts.DeclinedAt,
            facts.CapturedAt,
            IsLedger: true
        );

    /// <summary>The payment's row after this; the same one when it says nothing new.</summary>
    public PaymentRow Merge(PaymentRow? known, long generation)
    {
        // That money must go back, Booking says, and Payments may not have heard it yet.
        var reason = known?.RefundReason ?? RefundReason;
        if (IsLedger)
        {
            (known, reason) = (null, RefundReason ?? reason);
        }

        var isNewer = Status is { } status && (known?.ChangedAt is null || Rank(status) > Rank(known.Status));
        var merged = (
            known
            ?? new PaymentRow
            {
                Id = PaymentId,
                OrderId = OrderId,
                Status = PaymentStatus.AwaitingConfirmation,
            }
        ) with
        {
            Status = isNewer ? Status!.Value : known?.Status ?? PaymentStatus.AwaitingConfirmation,
            ChangedAt = isNewer ? At : known?.ChangedAt,
            Method = known?.Method ?? Method,
            Amount = known is { Amount: > 0 } ? known.Amount : Amount ?? 0,
            Currency = known is { Currency.Length: > 0 } ? known.Currency : Currency ?? "",
            StartedAt = known?.StartedAt ?? StartedAt,
            DeclineReason = DeclineReason ?? known?.DeclineReason,
            RefundReason = reason,
            DeclinedAt = known?.DeclinedAt ?? DeclinedAt,
            CapturedAt = known?.CapturedAt ?? CapturedAt,
        };
        merged = merged with
        {
            AwaitingSince = merged.Status == PaymentStatus.AwaitingConfirmation ? merged.StartedAt : null,
            OwedSince = merged is { Status: PaymentStatus.Paid, RefundReason: not null } ? merged.ChangedAt : null,
        };
        return merged == known ? known : merged with { Generation = generation };
    }

    /// <summary>A payment only ever goes up: what was declined may be captured after all, what was captured may be refunded.</summary>
    private static int Rank(PaymentStatus status) =>
        status switch
        {
            PaymentStatus.AwaitingConfirmation => 0,
            PaymentStatus.Declined => 1,
            PaymentStatus.Paid => 2,
            PaymentStatus.Refunded => 3,
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of payments."),
        };
}

/// <summary>A published event as Events has it now.</summary>
/// <param name="IsLedger">Read while no message could be taken in; it replaces what is known.</param>
internal sealed record EventNews(EventFacts Facts, bool IsLedger = false) : News
{
    public EventRow ToRow() =>
        new()
        {
            Id = Facts.Id,
            Version = Facts.Version,
            IsCanceled = Facts.IsCanceled,
            Name = Facts.Name,
            Venue = Facts.Venue,
            StartsAt = Facts.StartsAt,
            SaleOpensAt = Facts.PublishedAt!.Value,
            SaleClosesAt = Facts.EndsSellingAt,
            Currency = Facts.Currency,
            Capacity = Facts.Capacity,
            Tiers = [.. Facts.Tiers.Select(tier => new TierLine(tier.Id, tier.Name, tier.Price, tier.Released))],
            Released = Facts.Tiers.Sum(tier => tier.Released),
        };
}
