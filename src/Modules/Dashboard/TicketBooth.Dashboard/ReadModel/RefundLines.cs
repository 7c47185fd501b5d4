using System.Text.Json.Serialization;
using TicketBooth.Booking.Contracts;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>A refund of an order, as the read model keeps it.</summary>
/// <param name="Revision">Of the message about it; an order has one refund of a revision.</param>
/// <param name="Amount">Cents.</param>
/// <param name="Released">The numbers of the tickets that it released.</param>
/// <param name="Changed">The order's revision when its failure last began or ended; 0 when it never failed.</param>
/// <param name="FailedAt">When it failed: the house has its money again; null while it has not.</param>
/// <param name="ByGateway">It was made at the gateway's own console. Told only where it failed.</param>
internal sealed record RefundLine(
    int Revision,
    long Amount,
    IReadOnlyList<int> Released,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Changed = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? FailedAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool ByGateway = false
)
{
    /// <summary>Its money is back with the buyer, on its way, or theirs to get.</summary>
    [JsonIgnore]
    public bool Counts => FailedAt is null || !ByGateway;

    public bool Equals(RefundLine? other) =>
        other is not null
        && (Revision, Amount, At, Changed, FailedAt, ByGateway)
            == (other.Revision, other.Amount, other.At, other.Changed, other.FailedAt, other.ByGateway)
        && Released.SequenceEqual(other.Released);

    public override int GetHashCode() => HashCode.Combine(Revision, Amount, At, Released.Count);
}

/// <summary>
/// The refunds of an order. One refund of the whole order at its end is not kept as a line: the order's status and its end say the same.
/// </summary>
internal static class RefundLines
{
    /// <summary>Null for a refund of all money and all tickets.</summary>
    public static IReadOnlyList<RefundLine>? Of(OrderRefunded message) =>
        message is not { Amount: { } amount } || (amount == message.Total && message.Released is null)
            ? null
            :
            [
                new RefundLine(
                    message.Revision,
                    amount,
                    message.Released ?? [.. message.Tickets.Select(ticket => ticket.Number)],
                    message.At
                ),
            ];

    public static IReadOnlyList<RefundLine> Of(OrderPartlyRefunded message) =>
        [new RefundLine(message.Revision, message.Amount, [.. message.Released.Select(ticket => ticket.Number)], message.At)];

    public static IReadOnlyList<RefundLine> Of(OrderRefundsChanged message) =>
        [
            .. message.Refunds.Select(refund => new RefundLine(
                refund.Revision,
                refund.Amount,
                refund.Released,
                refund.At,
                message.Revision,
                refund.FailedAt,
                refund.ByGateway
            )),
        ];

    public static IReadOnlyList<RefundLine>? Of(OrderFacts facts) =>
        facts.Refunds switch
        {
            [] => null,
            [{ Released: true, ChangedIn: null } whole] when whole.Amount == facts.Total && whole.Tickets.Count == facts.Tickets.Count =>
                null,
            var refunds =>
            [
                .. refunds.Select(refund => new RefundLine(
                    refund.Revision,
                    refund.Amount,
                    refund.Released ? refund.Tickets : [],
                    refund.At,
                    refund.ChangedIn ?? 0,
                    refund.FailedAt,
                    refund.ByGateway && refund.ChangedIn is not null
                )),
            ],
        };

    /// <summary>Both, each refund once and as it was told last; the first when the second adds nothing.</summary>
    public static IReadOnlyList<RefundLine>? With(this IReadOnlyList<RefundLine>? known, IReadOnlyList<RefundLine>? told)
    {
        RefundLine[] news =
        [
            .. (told ?? []).Where(line => known?.Any(other => other.Revision == line.Revision && other.Changed >= line.Changed) != true),
        ];
        return news.Length == 0
            ? known
            :
            [
                .. (known ?? [])
                    .ExceptBy(news.Select(line => line.Revision), line => line.Revision)
                    .Concat(news)
                    .OrderBy(line => line.Revision),
            ];
    }

    /// <summary>Cents that went back to the buyer or are on their way.</summary>
    public static long Returned(this OrderRow order) =>
        order.Refunds is { Count: > 0 } refunds ? refunds.Where(line => line.Counts).Sum(line => line.Amount)
        : order.Status == OrderStatus.Refunded ? order.Total
        : 0;

    /// <summary>Tickets that refunds have released.</summary>
    public static int Released(this OrderRow order) =>
        order.Refunds is { Count: > 0 } refunds ? refunds.Sum(line => line.Released.Count)
        : order.Status == OrderStatus.Refunded ? order.Tickets.Count
        : 0;

    /// <summary>
    /// What a refund gives back of each tier: of the tickets that it released, or else of all, in the measure of their prices. The parts
    /// are whole cents and make the amount.
    /// </summary>
    public static IEnumerable<(Guid Tier, int Tickets, long Money)> PartsOf(this RefundLine refund, OrderRow order)
    {
        var released = refund.Released.ToHashSet();
        var tiers = order
            .Tickets.GroupBy(line => line.TierId)
            .Select(tier =>
            {
                var lines = released.Count == 0 ? [.. tier] : tier.Where(line => released.Contains(line.Number)).ToList();
                return (Tier: tier.Key, Released: tier.Count(line => released.Contains(line.Number)), Price: lines.Sum(line => line.Price));
            })
            .ToList();
        var (price, money) = (0L, 0L);
        var all = tiers.Sum(tier => tier.Price);
        foreach (var tier in tiers)
        {
            // Each part ends where the tiers up to it end, so that what is rounded off one is in the next. Tickets may cost nothing.
            price += tier.Price;
            var upTo = all > 0 ? (long)((Int128)refund.Amount * price / all) : refund.Amount;
            yield return (tier.Tier, tier.Released, upTo - money);
            money = upTo;
        }
    }
}
