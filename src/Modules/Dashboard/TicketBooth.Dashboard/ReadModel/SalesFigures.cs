using System.Numerics;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>What happened to orders, their tickets and their money.</summary>
internal sealed record SalesFigures
    : IAdditionOperators<SalesFigures, SalesFigures, SalesFigures>,
        ISubtractionOperators<SalesFigures, SalesFigures, SalesFigures>
{
    public static SalesFigures None { get; } = new();

    /// <summary>Orders that were placed.</summary>
    public long OrdersPlaced { get; init; }

    public long OrdersPaid { get; init; }

    /// <summary>Orders that expired or were canceled before they were paid.</summary>
    public long OrdersLapsed { get; init; }

    public long OrdersRefunded { get; init; }

    /// <summary>Tickets of orders that were placed.</summary>
    public long Taken { get; init; }

    /// <summary>Tickets of orders that were paid.</summary>
    public long Sold { get; init; }

    /// <summary>Tickets released before they were paid.</summary>
    public long Lapsed { get; init; }

    /// <summary>Tickets refunded after they were paid.</summary>
    public long Refunded { get; init; }

    /// <summary>Cents of paid orders.</summary>
    public long Revenue { get; init; }

    /// <summary>Cents that were given back, less those that came back to the house.</summary>
    public long Returned { get; init; }

    /// <summary>Disputes by buyers' banks, when they became known.</summary>
    public long Disputes { get; init; }

    /// <summary>Tickets sold at the counter, complimentary ones too, less those that came back.</summary>
    public long CounterSold { get; init; }

    /// <summary>Cents taken at the counter, less what was given back.</summary>
    public long CounterRevenue { get; init; }

    /// <summary>Tickets that were given away, less those that came back.</summary>
    public long Complimentary { get; init; }

    /// <summary>Orders that were sold at the counter, less those that were refunded whole.</summary>
    public long CounterOrders { get; init; }

    /// <summary>Over all time: tickets that are reserved and await payment.</summary>
    public long OnPayment => Taken - Sold - Lapsed;

    /// <summary>Paid orders, less those that were refunded whole.</summary>
    public long NetOrders => OrdersPaid - OrdersRefunded;

    /// <summary>Tickets sold, less those refunded.</summary>
    public long NetSold => Sold - Refunded;

    /// <summary>Cents, less what was refunded.</summary>
    public long NetRevenue => Revenue - Returned;

    /// <summary>Of the orders that ended, the share that was paid; null when none ended.</summary>
    public double? Conversion => OrdersPaid + OrdersLapsed == 0 ? null : (double)OrdersPaid / (OrdersPaid + OrdersLapsed);

    public static SalesFigures operator +(SalesFigures left, SalesFigures right) => Combine(left, right, 1);

    public static SalesFigures operator -(SalesFigures left, SalesFigures right) => Combine(left, right, -1);

    private static SalesFigures Combine(SalesFigures left, SalesFigures right, int sign) =>
        new()
        {
            OrdersPlaced = left.OrdersPlaced + (sign * right.OrdersPlaced),
            OrdersPaid = left.OrdersPaid + (sign * right.OrdersPaid),
            OrdersLapsed = left.OrdersLapsed + (sign * right.OrdersLapsed),
            OrdersRefunded = left.OrdersRefunded + (sign * right.OrdersRefunded),
            Taken = left.Taken + (sign * right.Taken),
            Sold = left.Sold + (sign * right.Sold),
            Lapsed = left.Lapsed + (sign * right.Lapsed),
            Refunded = left.Refunded + (sign * right.Refunded),
            Revenue = left.Revenue + (sign * right.Revenue),
            Returned = left.Returned + (sign * right.Returned),
            Disputes = left.Disputes + (sign * right.Disputes),
            CounterSold = left.CounterSold + (sign * right.CounterSold),
            CounterRevenue = left.CounterRevenue + (sign * right.CounterRevenue),
            Complimentary = left.Complimentary + (sign * right.Complimentary),
            CounterOrders = left.CounterOrders + (sign * right.CounterOrders),
        };
}
