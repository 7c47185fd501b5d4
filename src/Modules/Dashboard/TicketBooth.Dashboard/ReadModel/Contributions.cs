using TicketBooth.Booking.Contracts;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>The key of a row of sales.</summary>
internal readonly record struct SalesKey(Guid EventId, Guid TierId, SalesSpan Span, long At);

/// <summary>What happened to an order at a moment, as one tier counts it, or its event (<see cref="Guid.Empty"/>).</summary>
internal readonly record struct Contribution(Guid TierId, DateTimeOffset At, SalesFigures Figures);

/// <summary>
/// What an order adds to the sums of sales: a pure function of the order's row. The sums are those of all orders' contributions, in
/// whatever order messages came, and a changed order changes them by the difference of its contributions (<see cref="SalesSums"/>).
/// </summary>
internal static class Contributions
{
    public static long DayOf(DateTimeOffset moment, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime).DayNumber;

    public static long MinuteOf(DateTimeOffset moment) => moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMinute);

    /// <summary>Adds an order's contributions to a list.</summary>
    /// <remarks>Without LINQ: every order of a sale passes here.</remarks>
    public static void Add(OrderRow order, List<Contribution> all)
    {
        var first = all.Count;
        AddChanges(order, Guid.Empty, order.Tickets.Count, order.Total, all);
        for (var i = 0; i < order.Tickets.Count; i++)
        {
            var (tier, tickets, money) = (order.Tickets[i].TierId, 0, 0L);
            for (var j = 0; j < order.Tickets.Count; j++)
            {
                if (order.Tickets[j].TierId == tier)
                {
                    if (j < i)
                    {
                        // Its first ticket was met before.
                        tickets = 0;
                        break;
                    }

                    tickets++;
                    money += order.Tickets[j].Price;
                }
            }

            if (tickets > 0)
            {
                AddChanges(order, tier, tickets, money, all);
            }
        }

        if (order.Refunds is not null)
        {
            all.AddRange(RefundsOf(order));
        }

        if (order.Disputes is not null)
        {
            all.AddRange(DisputesOf(order));
        }

        if (order.SoldBy != SoldBy.Online)
        {
            for (var i = first; i < all.Count; i++)
            {
                all[i] = all[i] with { Figures = AtTheCounter(order, all[i].Figures) };
            }
        }
    }

    private static SalesFigures AtTheCounter(OrderRow order, SalesFigures figures) =>
        figures with
        {
            CounterSold = figures.NetSold,
            CounterRevenue = figures.NetRevenue,
            CounterOrders = figures.NetOrders,
            Complimentary = order.SoldBy == SoldBy.CounterForFree ? figures.NetSold : 0,
        };

    private static void AddChanges(OrderRow order, Guid tier, int tickets, long money, List<Contribution> all)
    {
        all.Add(new(tier, order.PlacedAt, new SalesFigures { OrdersPlaced = 1, Taken = tickets }));
        if (PaidAt(order) is { } paidAt)
        {
            all.Add(
                new(
                    tier,
                    paidAt,
                    new SalesFigures
                    {
                        OrdersPaid = 1,
                        Sold = tickets,
                        Revenue = money,
                    }
                )
            );
        }

        if (order.EndedAt is { } endedAt)
        {
            // One refund of the whole order has no line of its own.
            var isWhole = order is { Status: OrderStatus.Refunded, Refunds: null };
            all.Add(
                new(
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
                )
            );
        }
    }

    /// <summary>An order of which something was refunded was paid, even if the message about the payment has not arrived yet.</summary>
    private static DateTimeOffset? PaidAt(OrderRow order) =>
        order.PaidAt ?? order.Refunds?[0].At ?? (order.Status == OrderStatus.Refunded ? order.EndedAt : null);

    private static IEnumerable<Contribution> RefundsOf(OrderRow order)
    {
        foreach (var refund in order.Refunds ?? [])
        {
            var parts = refund.PartsOf(order).Prepend((Tier: Guid.Empty, Tickets: refund.Released.Count, Money: refund.Amount));
            foreach (var (tier, tickets, money) in parts.Where(part => part is not (_, 0, 0)))
            {
                yield return new(tier, refund.At, new SalesFigures { Refunded = tickets, Returned = money });
                if (refund.FailedAt is { } failedAt && money != 0)
                {
                    // The house has the money again, from then on; the tickets stay free.
                    yield return new(tier, failedAt, new SalesFigures { Returned = -money });
                }
            }
        }
    }

    private static IEnumerable<Contribution> DisputesOf(OrderRow order) =>
        from dispute in order.Disputes ?? []
        from tier in order.Tickets.Select(line => line.TierId).Distinct().Prepend(Guid.Empty)
        select new Contribution(tier, dispute.At, new SalesFigures { Disputes = 1 });
}
