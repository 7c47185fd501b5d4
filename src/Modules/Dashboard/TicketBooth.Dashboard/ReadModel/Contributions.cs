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

        foreach (var (tier, tickets, money) in Parts(order))
        {
            foreach (var (moment, figures) in ChangesOf(order, tickets, money))
            {
                yield return (new SalesKey(order.EventId, tier, SalesSpan.Ever, 0), figures);
                yield return (new SalesKey(order.EventId, tier, SalesSpan.Day, DayOf(moment, zone)), figures);
                yield return (new SalesKey(order.EventId, tier, SalesSpan.Minute, MinuteOf(moment)), figures);
            }
        }
    }

    /// <summary>The whole order, and what it has of each tier.</summary>
    private static IEnumerable<(Guid Tier, int Tickets, long Money)> Parts(OrderRow order) =>
        order
            .Tickets.GroupBy(line => line.TierId)
            .Select(tier => (tier.Key, tier.Count(), tier.Sum(line => line.Price)))
            .Prepend((Guid.Empty, order.Tickets.Count, order.Total));

    private static IEnumerable<(DateTimeOffset At, SalesFigures Figures)> ChangesOf(OrderRow order, int tickets, long money)
    {
        yield return (order.PlacedAt, new SalesFigures { OrdersPlaced = 1, Taken = tickets });

        // A refunded order was paid, even if the message about the payment has not arrived yet.
        if ((order.PaidAt ?? (order.Status == OrderStatus.Refunded ? order.EndedAt : null)) is { } paidAt)
        {
            yield return (
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
            yield return (
                endedAt,
                order.Status == OrderStatus.Refunded
                    ? new SalesFigures
                    {
                        OrdersRefunded = 1,
                        Refunded = tickets,
                        Returned = money,
                    }
                    : new SalesFigures { OrdersLapsed = 1, Lapsed = tickets }
            );
        }
    }
}
