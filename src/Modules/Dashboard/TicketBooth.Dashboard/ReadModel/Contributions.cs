using TicketBooth.Booking.Contracts;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>The key of a row of sales.</summary>
internal readonly record struct SalesKey(Guid EventId, Guid TierId, SalesSpan Span, long At);

/// <summary>
/// What an order adds to the sums of sales: a pure function of the order's row. The sums are those of all orders' contributions, in
/// whatever order messages came, and a changed order changes them by the difference of its contributions.
/// </summary>
internal static class Contributions
{
    /// <summary>Adds the change of the sums when an order changes. Null stands for no order.</summary>
    public static void Add(Dictionary<SalesKey, SalesFigures> changes, OrderRow? before, OrderRow? after, TimeZoneInfo zone)
    {
        foreach (var (key, figures) in Of(before, zone))
        {
            changes[key] = changes.GetValueOrDefault(key, SalesFigures.None) - figures;
        }

        foreach (var (key, figures) in Of(after, zone))
        {
            changes[key] = changes.GetValueOrDefault(key, SalesFigures.None) + figures;
        }
    }

    public static long DayOf(DateTimeOffset moment, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime).DayNumber;

    public static long MinuteOf(DateTimeOffset moment) => moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMinute);

    private static IEnumerable<(SalesKey Key, SalesFigures Figures)> Of(OrderRow? order, TimeZoneInfo zone)
    {
        if (order is null)
        {
            yield break;
        }

        foreach (var (tier, moment, online) in Parts(order).SelectMany(part => ChangesOf(order, part)).Concat(RefundsOf(order)))
        {
            var figures = ByChannel(order, online);
            yield return (new SalesKey(order.EventId, tier, SalesSpan.Ever, 0), figures);
            yield return (new SalesKey(order.EventId, tier, SalesSpan.Day, DayOf(moment, zone)), figures);
            yield return (new SalesKey(order.EventId, tier, SalesSpan.Minute, MinuteOf(moment)), figures);
        }
    }

    private static SalesFigures ByChannel(OrderRow order, SalesFigures figures) =>
        order.SoldBy == SoldBy.Online
            ? figures
            : figures with
            {
                CounterSold = figures.NetSold,
                CounterRevenue = figures.NetRevenue,
                Complimentary = order.SoldBy == SoldBy.CounterForFree ? figures.NetSold : 0,
            };

    /// <summary>The whole order, and what it has of each tier.</summary>
    private static IEnumerable<(Guid Tier, int Tickets, long Money)> Parts(OrderRow order) =>
        order
            .Tickets.GroupBy(line => line.TierId)
            .Select(tier => (tier.Key, tier.Count(), tier.Sum(line => line.Price)))
            .Prepend((Guid.Empty, order.Tickets.Count, order.Total));

    private static IEnumerable<(Guid Tier, DateTimeOffset At, SalesFigures Figures)> ChangesOf(
        OrderRow order,
        (Guid Tier, int Tickets, long Money) part
    )
    {
        var (tier, tickets, money) = part;
        yield return (tier, order.PlacedAt, new SalesFigures { OrdersPlaced = 1, Taken = tickets });
        if (PaidAt(order) is { } paidAt)
        {
            yield return (
                tier,
                paidAt,
                new SalesFigures
                {
                    OrdersPaid = 1,
                    Sold = tickets,
                    Revenue = money,
                }
            );
        }

        if (order.EndedAt is { } endedAt)
        {
            // One refund of the whole order has no line of its own.
            var isWhole = order is { Status: OrderStatus.Refunded, Refunds: null };
            yield return (
                tier,
                endedAt,
                order.Status == OrderStatus.Refunded
                    ? new SalesFigures
                    {
                        OrdersRefunded = 1,
                        Refunded = isWhole ? tickets : 0,
                        Returned = isWhole ? money : 0,
                    }
                    : new SalesFigures { OrdersLapsed = 1, Lapsed = tickets }
            );
        }
    }

    /// <summary>An order of which something was refunded was paid, even if the message about the payment has not arrived yet.</summary>
    private static DateTimeOffset? PaidAt(OrderRow order) =>
        order.PaidAt ?? order.Refunds?[0].At ?? (order.Status == OrderStatus.Refunded ? order.EndedAt : null);

    private static IEnumerable<(Guid Tier, DateTimeOffset At, SalesFigures Figures)> RefundsOf(OrderRow order) =>
        (order.Refunds ?? []).SelectMany(refund =>
            refund
                .PartsOf(order)
                .Prepend((Guid.Empty, refund.Released.Count, refund.Amount))
                .Where(part => part is not (_, 0, 0))
                .Select(part => (part.Item1, refund.At, new SalesFigures { Refunded = part.Item2, Returned = part.Item3 }))
        );
}
