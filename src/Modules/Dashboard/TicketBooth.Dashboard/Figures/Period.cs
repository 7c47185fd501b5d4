using TicketBooth.Dashboard.ReadModel;

namespace TicketBooth.Dashboard.Figures;

/// <summary>What happened in a span of time.</summary>
/// <param name="TicketsSold">Tickets of paid orders.</param>
/// <param name="TicketsReturned">Tickets that were refunded.</param>
/// <param name="Disputes">Disputes by buyers' banks that became known.</param>
internal sealed record Period(
    long OrdersPlaced,
    long OrdersPaid,
    long OrdersLapsed,
    long OrdersRefunded,
    long TicketsSold,
    long TicketsReturned,
    long Disputes
)
{
    public static Period Of(SalesFigures figures) =>
        new(
            figures.OrdersPlaced,
            figures.OrdersPaid,
            figures.OrdersLapsed,
            figures.OrdersRefunded,
            figures.Sold,
            figures.Refunded,
            figures.Disputes
        );
}
