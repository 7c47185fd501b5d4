using TicketBooth.Booking.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>A ticket of an order, as the read model keeps it.</summary>
internal sealed record OrderLine(int Number, Guid TierId, long Price);

/// <summary>An order, merged from its messages.</summary>
internal sealed record OrderRow
{
    public required Guid Id { get; init; }

    public required Guid EventId { get; init; }

    public required Guid BuyerId { get; init; }

    /// <summary>The revision of the newest applied message; decides which of two messages wins.</summary>
    public required int Revision { get; init; }

    public required OrderStatus Status { get; init; }

    public required IReadOnlyList<OrderLine> Tickets { get; init; }

    /// <summary>Cents; the sum of the tickets' prices.</summary>
    public required long Total { get; init; }

    /// <summary>When it was placed. Until that message arrives, the earliest known time of the order.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Whether <see cref="PlacedAt"/> is from the message, and no substitute.</summary>
    public required bool IsPlacedAtKnown { get; init; }

    /// <summary>Null while it was never paid.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>When it expired, was canceled or refunded; null while it holds its tickets.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Null while it has none, and for one refund of all of it; see <see cref="RefundLines"/>.</summary>
    public IReadOnlyList<RefundLine>? Refunds { get; init; }

    /// <summary>Null while it has none.</summary>
    public IReadOnlyList<DisputeLine>? Disputes { get; init; }

    /// <summary>
    /// Since when a bank disputes its money and has not decided; null when none does. An indexed column, because few rows have a value and
    /// all are queried.
    /// </summary>
    public DateTimeOffset? DisputedSince { get; init; }

    /// <summary>The payment that paid for it.</summary>
    public Guid? PaymentId { get; init; }

    public SoldBy SoldBy { get; init; }

    /// <summary>The number of the last rebuild that found it in the ledger. After a rebuild, older numbers are not in the ledger.</summary>
    public long Generation { get; init; }
}

/// <summary>Who sold an order, and whether it was given away. Stored as a number.</summary>
internal enum SoldBy
{
    Online,
    Counter,

    /// <summary>Complimentary.</summary>
    CounterForFree,
}

/// <summary>A payment, merged from its messages.</summary>
internal sealed record PaymentRow
{
    public required Guid Id { get; init; }

    public required Guid OrderId { get; init; }

    public required PaymentStatus Status { get; init; }

    /// <summary>Null until a message tells it.</summary>
    public PaymentMethod? Method { get; init; }

    /// <summary>Cents; 0 until a message tells it.</summary>
    public long Amount { get; init; }

    /// <summary>ISO 4217; empty until a message tells it.</summary>
    public string Currency { get; init; } = "";

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it got its status.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>When it was declined. Kept when it is captured after all.</summary>
    public DateTimeOffset? DeclinedAt { get; init; }

    /// <summary>When its money was captured. Kept when it is refunded.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    public string? DeclineReason { get; init; }

    /// <summary>Why its money must be refunded. Kept after the refund.</summary>
    public string? RefundReason { get; init; }

    /// <summary>
    /// Since when the gateway owes an answer; null when it does not. An indexed column, because few rows have a value and all are queried.
    /// </summary>
    public DateTimeOffset? AwaitingSince { get; init; }

    /// <summary>Since when captured money must be refunded; null when none must.</summary>
    public DateTimeOffset? OwedSince { get; init; }

    public long Generation { get; init; }
}

/// <summary>A published event.</summary>
internal sealed record EventRow
{
    public required Guid Id { get; init; }

    public required long Version { get; init; }

    public required bool IsCanceled { get; init; }

    public required string Name { get; init; }

    public required string Venue { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset SaleOpensAt { get; init; }

    public required DateTimeOffset SaleClosesAt { get; init; }

    /// <summary>ISO 4217, of all its money.</summary>
    public required string Currency { get; init; }

    /// <summary>The venue's.</summary>
    public required int Capacity { get; init; }

    public required IReadOnlyList<TierLine> Tiers { get; init; }

    /// <summary>Tickets of all tiers that buyers have or may have: without those that staff took off sale.</summary>
    public required int Released { get; init; }
}

/// <summary>A tier of an event, in the organiser's order.</summary>
/// <param name="Price">What a ticket costs now, in cents.</param>
/// <param name="Released">Tickets that buyers have or may have.</param>
/// <param name="OffSale">Tickets that staff hold for the house.</param>
internal sealed record TierLine(Guid Id, string Name, long Price, int Released, int OffSale = 0);

/// <summary>The unit of <see cref="SalesRow.At"/>.</summary>
internal enum SalesSpan
{
    /// <summary>From the first sale on; at 0.</summary>
    Ever,

    /// <summary>A day of the time zone in the settings; at its day number (1 is 0001-01-02).</summary>
    Day,

    /// <summary>A minute; at its ticks in UTC.</summary>
    Minute,
}

/// <summary>
/// Sales of an event (tier <see cref="Guid.Empty"/>) or of one of its tiers in a span of time: the sums of its orders' contributions. A
/// change counts in the span in which it happened, so a refund today leaves yesterday's figures alone.
/// </summary>
internal sealed record SalesRow
{
    public required Guid EventId { get; init; }

    public required Guid TierId { get; init; }

    public required SalesSpan Span { get; init; }

    public required long At { get; init; }

    public required SalesFigures Figures { get; init; }
}

/// <summary>A maintenance run: a rebuild of the read model, its comparison with the ledger, or a pass of the self-audit.</summary>
internal sealed record RunRow
{
    public required Guid Id { get; init; }

    public required RunKind Kind { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it runs, and when its host died.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When it last reported progress.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Orders that it has processed.</summary>
    public long Done { get; init; }

    /// <summary>How many differences from the ledger it found.</summary>
    public long Differences { get; init; }

    /// <summary>The first differences, a line each; or why it failed.</summary>
    public string Report { get; init; } = "";
}

internal enum RunKind
{
    Rebuild,
    Reconciliation,
    SelfAudit,
}
