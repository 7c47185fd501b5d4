using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Domain;

/// <summary>Money of an order that goes back, or tickets that a refund released; see <see cref="RefundRules"/>.</summary>
/// <param name="Id">Of the operation that asked for it: repeated, it changes nothing.</param>
/// <param name="Revision">The order's after it.</param>
/// <param name="Amount">Cents.</param>
/// <param name="TicketIds">The tickets that it is about; none for an amount.</param>
/// <param name="Released">They are free again.</param>
/// <param name="Reason">What staff wrote, or a stable code.</param>
internal sealed record OrderRefund(
    Guid Id,
    int Revision,
    long Amount,
    IReadOnlyList<Guid> TicketIds,
    bool Released,
    string Reason,
    DateTimeOffset At,
    OrderRefundStatus Status
)
{
    /// <summary>The member of staff who asked for it; null for a buyer, for the system and for the gateway's own console.</summary>
    public Actor? By { get; init; }

    /// <summary>
    /// Payments was asked for all of the payment's money (<see cref="RefundDue"/>), and knows the refund by the payment's id.
    /// </summary>
    public bool IsWhole { get; init; }

    /// <summary>We did not ask for it: it was made at the gateway's own console, or by the buyer's bank.</summary>
    public bool ByGateway { get; init; }

    /// <summary>Why the gateway refuses it.</summary>
    public string? Failure { get; init; }

    /// <summary>When it failed; null while it has not, and for one that failed before this was kept.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>The order's revision when it last failed, or was no failure any more; null when it never failed.</summary>
    public int? ChangedIn { get; init; }

    /// <summary>
    /// Its money is back with the buyer, on its way, or theirs to get. Not when somebody gave it back at the gateway and it came back to
    /// us.
    /// </summary>
    public bool Counts => Status != OrderRefundStatus.Failed || !ByGateway;

    public OrderRefundView ToView() => new(Id, Amount, TicketIds, Released, Reason, At, Status);

    public OrderRefundFacts ToFacts() =>
        new(
            Id,
            Revision,
            Amount,
            [.. TicketIds.Select(id => TaggedId.TryReadTag(id, out var number) ? (int)number : 0)],
            Released,
            Reason,
            At,
            Status,
            By,
            Failure
        )
        {
            FailedAt = FailedAt,
            ChangedIn = ChangedIn,
            ByGateway = ByGateway,
        };
}
