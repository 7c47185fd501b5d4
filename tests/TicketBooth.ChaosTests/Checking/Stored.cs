namespace TicketBooth.ChaosTests.Checking;

/// <summary>All that this program reads of the stores, by statements of its own: no code of the product's is between.</summary>
/// <param name="Shown">The dashboard's orders.</param>
/// <param name="Sales">The dashboard's sums since ever.</param>
internal sealed record Stored(
    IReadOnlyList<StoredOrder> Orders,
    IReadOnlyList<StoredClaim> Claims,
    IReadOnlyList<StoredPayment> Payments,
    IReadOnlyList<StoredCharge> Charges,
    IReadOnlyList<StoredEvent> Events,
    IReadOnlyList<ShownOrder> Shown,
    IReadOnlyList<ShownSales> Sales
);

internal sealed record StoredTicket(int Number, Guid TierId, long Price, bool Released);

/// <param name="Status">asked, settled or failed.</param>
internal sealed record StoredRefund(Guid Id, long Amount, bool Released, string Status, bool ByGateway);

internal sealed record StoredOrder(
    Guid Id,
    Guid EventId,
    Guid BuyerId,
    string Status,
    long Total,
    DateTimeOffset ExpiresAt,
    bool WasPaid,
    Guid? PaymentId,
    IReadOnlyList<StoredTicket> Tickets,
    IReadOnlyList<StoredRefund> Refunds
)
{
    private static readonly string[] statuses = ["on_payment", "paid", "expired", "canceled", "refunded"];
    private static readonly string[] refundStatuses = ["asked", "settled", "failed"];

    public bool HoldsTickets => Status is "on_payment" or "paid";

    public IEnumerable<StoredTicket> Held => HoldsTickets ? Tickets.Where(ticket => !ticket.Released) : [];

    /// <summary>Cents that went back or are on their way.</summary>
    public long Returned =>
        Refunds.Count > 0
            ? Math.Min(Total, Refunds.Where(refund => refund.Status != "failed" || !refund.ByGateway).Sum(refund => refund.Amount))
        : Status == "refunded" ? Total
        : 0;

    /// <summary>Of those, what a gateway has not given back yet.</summary>
    public long Asked => Refunds.Where(refund => refund.Status != "settled").Sum(refund => refund.Amount);

    public static string StatusOf(int number) => statuses[number];

    public static string RefundStatusOf(int number) => refundStatuses[number];
}

internal sealed record StoredClaim(Guid TicketId, Guid OrderId);

/// <param name="HasOpenCase">A person has to decide about its money.</param>
internal sealed record StoredPayment(Guid Id, Guid OrderId, long Amount, string Status, bool HasOpenCase);

/// <summary>A charge in the gateway's own book.</summary>
internal sealed record StoredCharge(Guid PaymentId, long Captured, long Returned);

internal sealed record StoredTier(Guid Id, int Released, int Held, int Sold);

internal sealed record StoredEvent(Guid Id, int Capacity, bool IsCanceled, IReadOnlyList<StoredTier> Tiers);

internal sealed record ShownOrder(Guid Id, string Status, long Total);

internal sealed record ShownSales(Guid EventId, long OrdersPlaced, long OrdersPaid, long Taken, long Sold, long Revenue);
