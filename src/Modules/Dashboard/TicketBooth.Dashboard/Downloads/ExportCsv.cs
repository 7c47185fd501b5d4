using System.Globalization;
using System.Runtime.CompilerServices;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Pages;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Dashboard.Downloads;

/// <summary>Orders (a line for each ticket) and sales as CSV, in the language and the format of the reader.</summary>
internal static class ExportCsv
{
    private const int OrdersAtOnce = 500;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(PageArea.Path + "/orders.csv", OrdersAsync).RequireAuthorization(Policies.Staff).ExcludeFromDescription();
        routes.MapGet(PageArea.Path + "/sales.csv", SalesAsync).RequireAuthorization(Policies.Staff).ExcludeFromDescription();
    }

    private static async Task<IResult> OrdersAsync(
        HttpContext context,
        DashboardDbContext db,
        IMediator mediator,
        IStringLocalizer<Words> words,
        OrderFilter filter,
        DashboardZone zone,
        TimeProvider clock,
        [AsParameters] OrderFilter.Wanted wanted,
        CancellationToken cancellationToken
    )
    {
        if (new OrderFilter.Rules().Validate(wanted) is { IsValid: false })
        {
            return TypedResults.UnprocessableEntity();
        }

        var events = await db.Events.ToDictionaryAsync(shown => shown.Id, cancellationToken);
        var orders = (await filter.NarrowAsync(wanted, cancellationToken))
            .OrderBy(order => order.PlacedAt)
            .ThenBy(order => order.Id)
            // The payment that paid it, else the latest attempt.
            .Select(order => new Sale(
                order,
                db.Payments.Where(payment => payment.OrderId == order.Id)
                    .OrderByDescending(payment => payment.Id == order.PaymentId)
                    .ThenByDescending(payment => payment.StartedAt)
                    .Select(payment => payment.Method)
                    .FirstOrDefault()
            ));
        var csv = new Csv(CultureInfo.CurrentCulture, zone.Zone);
        string[] columns = ["Order", "Status", "Event", "Tier", "Ticket", "Price", "Currency", "Method", "Buyer", "E-mail"];
        string[] times = ["Placed", "Paid", "Ended"];
        await csv.WriteAsync(
            context,
            FormattableString.Invariant($"orders-{clock.GetUtcNow():yyyy-MM-dd}.csv"),
            [
                .. columns.Select(column => words[column].Value),
                .. times.Select(time => $"{words[time].Value} ({zone.Zone.Id})"),
                words["Order id"],
                words["Event id"],
                words["Buyer id"],
            ],
            TicketsAsync(orders.AsAsyncEnumerable(), events, csv, words, mediator, cancellationToken),
            cancellationToken
        );
        return TypedResults.Empty;
    }

    private static async IAsyncEnumerable<string[]> TicketsAsync(
        IAsyncEnumerable<Sale> orders,
        Dictionary<Guid, EventRow> events,
        Csv csv,
        IStringLocalizer<Words> words,
        IMediator mediator,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var some in orders.Chunk(OrdersAtOnce).WithCancellation(cancellationToken))
        {
            var buyers = await mediator.BuyersAsync(some.Select(sale => sale.Order.BuyerId), cancellationToken);
            foreach (var (order, method) in some)
            {
                var shown = events.GetValueOrDefault(order.EventId);
                var buyer = buyers.GetValueOrDefault(order.BuyerId);
                foreach (var ticket in order.Tickets)
                {
                    yield return
                    [
                        SpokenId.Of(order.Id),
                        words[StatusTexts.TextOf(order.Status)],
                        Csv.Text(shown?.Name),
                        Csv.Text(shown?.Tiers.FirstOrDefault(tier => tier.Id == ticket.TierId)?.Name),
                        Csv.Number(ticket.Number),
                        csv.Money(ticket.Price, shown?.Currency ?? ""),
                        shown?.Currency ?? "",
                        method is { } known ? words[StatusTexts.TextOf(known)]
                        : order.SoldBy == SoldBy.Online ? ""
                        : words["At the counter"],
                        Csv.Text(buyer?.Name),
                        Csv.Text(buyer?.Email),
                        csv.Time(order.PlacedAt),
                        csv.Time(order.PaidAt),
                        csv.Time(order.EndedAt),
                        order.Id.ToString(),
                        order.EventId.ToString(),
                        order.BuyerId.ToString(),
                    ];
                }
            }
        }
    }

    private static async Task SalesAsync(
        HttpContext context,
        DashboardDbContext db,
        IStringLocalizer<Words> words,
        DashboardZone zone,
        TimeProvider clock,
        Guid? eventId,
        CancellationToken cancellationToken
    )
    {
        var events = await db.Events.ToDictionaryAsync(shown => shown.Id, cancellationToken);
        var sales = db
            .Sales.Where(row => row.Span == SalesSpan.Day && row.TierId != Guid.Empty && (eventId == null || row.EventId == eventId))
            .OrderBy(row => row.At)
            .ThenBy(row => row.EventId)
            .ThenBy(row => row.TierId);
        var csv = new Csv(CultureInfo.CurrentCulture, zone.Zone);
        string[] columns =
        [
            "Day",
            "Event",
            "Tier",
            "Sold tickets",
            "Refunded tickets",
            "Revenue",
            "Refunded",
            "Currency",
            "Event id",
            "Disputes",
        ];
        await csv.WriteAsync(
            context,
            FormattableString.Invariant($"sales-{clock.GetUtcNow():yyyy-MM-dd}.csv"),
            columns.Select(column => words[column].Value),
            sales
                .AsAsyncEnumerable()
                .Select(row =>
                {
                    var shown = events.GetValueOrDefault(row.EventId);
                    return new[]
                    {
                        DateOnly.FromDayNumber((int)row.At).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        Csv.Text(shown?.Name),
                        Csv.Text(shown?.Tiers.FirstOrDefault(tier => tier.Id == row.TierId)?.Name),
                        Csv.Number(row.Figures.Sold),
                        Csv.Number(row.Figures.Refunded),
                        csv.Money(row.Figures.Revenue, shown?.Currency ?? ""),
                        csv.Money(row.Figures.Returned, shown?.Currency ?? ""),
                        shown?.Currency ?? "",
                        row.EventId.ToString(),
                        Csv.Number(row.Figures.Disputes),
                    };
                }),
            cancellationToken
        );
    }

    private sealed record Sale(OrderRow Order, PaymentMethod? Method);
}
