using TicketBooth.Booking.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>A ticket of an order, as the read model keeps it.</summary>
internal sealed record OrderLine(int Number, Guid TierId, long Price);

/// <summary>An order as its messages told it.</summary>
internal sealed record OrderRow
{
    public required Guid Id { get; init; }

    public required Guid EventId { get; init; }

    public required Guid BuyerId { get; init; }

    /// <summary>Of the newest message that was taken in; what decides between two of them.</summary>
    public required int Revision { get; init; }

    public required OrderStatus Status { get; init; }

    public required IReadOnlyList<OrderLine> Tickets { get; init; }

    /// <summary>Cents; the sum of the tickets' prices.</summary>
    public required long Total { get; init; }

    /// <summary>When it was placed; while that message is not there, the earliest moment that is known of it.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Whether <see cref="PlacedAt"/> was said, or is the best that is known.</summary>
    public required bool IsPlacedAtKnown { get; init; }

    /// <summary>Null while it was never paid.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>When it expired, was canceled or refunded; null while it holds its tickets.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The payment that paid it.</summary>
    public Guid? PaymentId { get; init; }

    /// <summary>Of the rebuild that saw it last; a row that a rebuild did not see is not in the ledger.</summary>
    public long Generation { get; init; }
}

/// <summary>A payment as its messages told it.</summary>
internal sealed record PaymentRow
{
    public required Guid Id { get; init; }

    public required Guid OrderId { get; init; }

    public required PaymentStatus Status { get; init; }

    /// <summary>Null while the message that says it is not there.</summary>
    public PaymentMethod? Method { get; init; }

    /// <summary>Cents; 0 while no message has said it.</summary>
    public long Amount { get; init; }

    /// <summary>ISO 4217; empty while no message has said it.</summary>
    public string Currency { get; init; } = "";

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it got its status.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>When it was declined; stays when it is captured after all.</summary>
    public DateTimeOffset? DeclinedAt { get; init; }

    /// <summary>When its money was captured; stays when that goes back.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    public string? DeclineReason { get; init; }

    /// <summary>Why its money must go back; stays when it has gone.</summary>
    public string? RefundReason { get; init; }

    /// <summary>Since when the gateway owes an answer; null when it does not. Kept as a column because few rows have one and all of those are asked for.</summary>
    public DateTimeOffset? AwaitingSince { get; init; }

    /// <summary>Since when captured money must go back; null when none must.</summary>
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

    /// <summary>Tickets of all tiers.</summary>
    public required int Released { get; init; }
}

/// <summary>A tier of an event, in the organiser's order.</summary>
/// <param name="Price">What a ticket costs now, in cents.</param>
internal sealed record TierLine(Guid Id, string Name, long Price, int Released);

/// <summary>What <see cref="SalesRow.At"/> counts.</summary>
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
/// Sales of an event (tier <see cref="Guid.Empty"/>) or of one of its tiers in a span of time: the sums of what its orders contribute. Each happening counts
/// when it happened, so a refund today leaves yesterday's figures alone.
/// </summary>
internal sealed record SalesRow
{
    public required Guid EventId { get; init; }

    public required Guid TierId { get; init; }

    public required SalesSpan Span { get; init; }

    public required long At { get; init; }

    public required SalesFigures Figures { get; init; }
}

/// <summary>One run of upkeep: a rebuild or a reconciliation.</summary>
internal sealed record RunRow
{
    public required Guid Id { get; init; }

    public required RunKind Kind { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null while it runs, and when its host died on the way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When it last said that it is still at it.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Orders that it has been through.</summary>
    public long Done { get; init; }

    /// <summary>What it found to differ from the ledger.</summary>
    public long Differences { get; init; }

    /// <summary>The first differences, a line each; or why it failed.</summary>
    public string Report { get; init; } = "";
}

internal enum RunKind
{
    Rebuild,
    Reconciliation,
}
