using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>An order, for other modules that check their own data against it.</summary>
/// <param name="PlacedAt">When it quoted its tickets' prices.</param>
/// <param name="PaymentId">The payment that paid the order, or else the latest attempt.</param>
/// <param name="HasPendingMessages">A message about it is stored and not yet delivered to every module.</param>
public sealed record OrderFacts(
    Guid OrderId,
    int Revision,
    Guid EventId,
    OrderStatus Status,
    IReadOnlyList<OrderedTicket> Tickets,
    long Total,
    string Currency,
    DateTimeOffset PlacedAt,
    Guid? PaymentId,
    bool HasPendingMessages
)
{
    /// <summary>What buyers are told and say on the phone, such as <c>1R6XT-HTGBE</c>.</summary>
    public string Number => SpokenId.Of(OrderId);

    public Guid BuyerId { get; init; }

    /// <summary>Cents that went back to the buyer or are on their way; never more than the total.</summary>
    public long Returned { get; init; }

    /// <summary>In the order in which they were decided. Empty for an order that was refunded before refunds were kept.</summary>
    public IReadOnlyList<OrderRefundFacts> Refunds { get; init; } = [];

    /// <summary>Of its payments, in the order in which they became known.</summary>
    public IReadOnlyList<OrderDisputeFacts> Disputes { get; init; } = [];

    /// <summary>Null for an order that its buyer placed.</summary>
    public CounterFacts? Counter { get; init; }

    /// <summary>Null while it was never paid.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>When it expired, was canceled or refunded; null while it holds its tickets.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>A refund of an order, for other modules.</summary>
/// <param name="Revision">The order's after it: that of the message about it.</param>
/// <param name="Amount">Cents.</param>
/// <param name="Tickets">The numbers of the tickets that it is about; none for an amount.</param>
/// <param name="Released">The tickets are free again.</param>
/// <param name="Reason">What staff wrote, or a stable code.</param>
/// <param name="By">The member of staff who asked for it; null when none did.</param>
/// <param name="Failure">Why the gateway refuses it; null when it does not.</param>
public sealed record OrderRefundFacts(
    Guid Id,
    int Revision,
    long Amount,
    IReadOnlyList<int> Tickets,
    bool Released,
    string Reason,
    DateTimeOffset At,
    OrderRefundStatus Status,
    Actor? By,
    string? Failure
)
{
    /// <summary>When it failed; null while it has not, and for one that failed before this was kept.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>The order's revision when its failure last began or ended; null when it never failed.</summary>
    public int? ChangedIn { get; init; }

    /// <summary>It was made at the gateway's own console, or by the buyer's bank. Failed, it does not count as returned.</summary>
    public bool ByGateway { get; init; }
}

/// <summary>A dispute of an order's money, for other modules.</summary>
/// <param name="Id">The gateway's.</param>
/// <param name="Amount">Cents.</param>
/// <param name="At">When it became known.</param>
/// <param name="Revision">The order's after the last word about it.</param>
public sealed record OrderDisputeFacts(string Id, Guid PaymentId, long Amount, OrderDisputeState State, DateTimeOffset At, int Revision);

/// <summary>
/// Pages through all orders, shard by shard, by ascending id within a shard. For checks of the invariants and for rebuilding read models.
/// </summary>
/// <param name="After">The last id of the page before; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record ListOrderFacts(Guid? After, int Limit) : IRequest<Result<IReadOnlyList<OrderFacts>>>
{
    /// <summary>Only orders behind this id. Ids begin with their time, so this and <see cref="End"/> bound a span of time.</summary>
    public Guid? First { get; init; }

    /// <summary>Only orders before this id.</summary>
    public Guid? End { get; init; }
}

/// <summary>Those of the given orders that exist, in any order.</summary>
public sealed record GetOrderFacts(IReadOnlyList<Guid> OrderIds) : IRequest<Result<IReadOnlyList<OrderFacts>>>;
